"""Rules and the position encoder together: what each may add or take away, on readings made up for the purpose."""

from pathlib import Path

import numpy as np
import pytest

from communique.actors import resolve
from communique.attribution import attribute
from communique.coding import positions as coding
from communique.coding.issue_codebook import load_issues
from communique.coding.position_encoder import FIRST_KIND, HOLDER, TARGET, Reading, read_sentence
from communique.coding.position_weighing import weigh_issues
from communique.coding.stance_lexicon import KINDS
from communique.parsing import parse_document
from communique.records import Document, Position

ORDER = sorted(KINDS)


def reading(text: str, kinds: dict[str, float], roles: dict[str, dict[int, float]], **issues: float) -> Reading:
    """A reading in which only these kinds, issues and roles of words are likely; a word is one piece."""
    words = text.split()
    starts = [text.index(w) for w in words]
    offsets = tuple((s, s + len(w)) for s, w in zip(starts, words, strict=True))
    found = np.zeros((len(words), FIRST_KIND + len(ORDER)), dtype=np.float32)
    for word, given in roles.items():
        for role, p in given.items():
            found[words.index(word), role] = p
    return Reading({k: kinds.get(k, 0.5) for k in ORDER}, issues, offsets, found)


def coded(text: str, monkeypatch: pytest.MonkeyPatch, read: Reading | None) -> list[Position]:
    monkeypatch.setattr(coding, "read_sentence", lambda _: read)
    parse = parse_document(Document(id="t", text=text, published="2024-02-05"))
    return coding.code_positions(parse, resolve(parse, attribute(parse)))


def test_rules_alone_without_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [p.kind for p in coded("Peru opposes Chilean tariffs.", monkeypatch, None)] == ["opposition"]


def test_a_kind_that_no_rule_knows_is_added_to_whoever_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Peru has shown Chile the door ."
    kind = FIRST_KIND + ORDER.index("refusal")
    read = reading(text, {"refusal": 0.9}, {"Peru": {HOLDER: 0.9, kind: 0.9}, "Chile": {TARGET: 0.9}}, fisheries=0.9)
    (position,) = coded(text, monkeypatch, read)
    assert (position.actor, position.kind, position.targets) == ("PER", "refusal", ("CHL",))
    assert position.issues == ("fisheries",)
    assert position.confidence == 0.9


def test_where_no_name_holds_it_whoever_speaks_does(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '"The door is shut for Chile," Peru\'s foreign minister said.'
    read = reading(text, {"refusal": 0.9}, {'Chile,"': {TARGET: 0.9}})
    assert {(p.actor, p.kind) for p in coded(text, monkeypatch, read)} == {("PER", "refusal")}


def test_a_kind_that_the_encoder_rules_out_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Peru opposes Chilean tariffs."
    assert coded(text, monkeypatch, reading(text, {"opposition": 0.001}, {})) == []


def test_doubt_alone_drops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Peru opposes Chilean tariffs."
    (position,) = coded(text, monkeypatch, reading(text, {"opposition": 0.2}, {"Chilean": {TARGET: 0.2}}))
    assert position.targets == ("CHL",)


def test_targets_that_the_encoder_rules_out_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Peru opposes Chilean tariffs."
    (position,) = coded(text, monkeypatch, reading(text, {"opposition": 0.9}, {}))
    assert position.targets == ()


def test_issues_are_weighed() -> None:
    book = load_issues()
    read = reading("Peru spoke", {}, {}, fisheries=0.001, trade=0.9, tariffs=0.3)
    assert weigh_issues(["fisheries", "tariffs"], read, book) == ["tariffs"]  # trade is the broader of the two
    assert weigh_issues([], read, book) == ["trade"]
    # what the passage was opened with need not be named again
    assert weigh_issues(["fisheries"], read, book, ["fisheries"]) == ["fisheries", "trade"]


def test_issues_of_the_users_own_are_left_to_their_keys(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(
        "id\tparent\tname\tkeys\tdefinition\n"
        "trade\t\tTrade\ttrade talk\tOurs replaced.\n"
        "polar_cables\t\tPolar cables\tpolar cable\tData cables.\n",
        encoding="utf8",
    )
    book = load_issues(own)
    assert weigh_issues(["polar_cables"], reading("Peru spoke", {}, {}, trade=0.9), book) == ["polar_cables"]
    assert weigh_issues(["trade"], reading("Peru spoke", {}, {}, trade=0.001), book) == ["trade"]


def test_the_encoder_knows_the_kinds_and_our_issues() -> None:
    found = read_sentence("Norway warned Chad that its trawlers must leave.")
    assert found is not None
    assert set(found.kinds) == KINDS
    assert set(found.issues) <= load_issues().ours
    assert found.roles.shape == (len(found.offsets), FIRST_KIND + len(KINDS))
    assert found.role(0, 6)[HOLDER] > found.role(0, 6)[TARGET]
    assert not found.role(500, 510).any()
