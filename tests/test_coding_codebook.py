"""Codebooks: the built-in one holds together; a user's own is checked line by line and then codes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from communique.actors.resolution import Resolution
from communique.cli.codebook import app
from communique.coding.codebook import QUADS, check_codebook, load_codebook
from communique.coding.events import code_events
from communique.data import data_path
from communique.errors import DataError
from communique.parsing import parse_document
from communique.records import Actor, Document, Mention
from communique.running.pipeline import code_document

OWN = """
name: water
version: "1"
classes:
  - name: RELEASE_WATER
    quad: MATERIAL COOPERATION
    definition: The source lets water flow to the target.
    examples: ["[S: Turkey] opened the sluices for [T: Iraq]."]
  - name: CUT_WATER
    quad: MATERIAL CONFLICT
    definition: The source keeps water from the target.
lexicon:
  - {kind: set, words: water, needs: water|river|flow}
  - {kind: v, words: "divert,dam", needs: "obj:$water", class: CUT_WATER, target: "@from|any", strength: 3}
  - {kind: v, words: release, needs: "obj:$water", class: RELEASE_WATER, target: "@to|any", strength: 3}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "water.yaml"
    file.write_text(OWN, encoding="utf8")
    return file


def test_built_in_codebook_has_no_problems() -> None:
    assert check_codebook(data_path("codebooks", "plover.yaml")) == []


def test_every_plover_class_has_quad_intensity_general_code_and_words() -> None:
    book = load_codebook()
    assert len(book.classes) == 16
    coded = {entry.name for found in book.entries.values() for entry in found}
    for name, found in book.classes.items():
        assert found.quad in QUADS
        assert book.intensity(name) is not None
        assert found.cameo in book.cameo
        assert name in coded, f"no lexicon row codes {name}"


def test_goldstein_of_a_code_without_its_own_is_its_parents() -> None:
    book = load_codebook()
    assert book.goldstein("163") == -8.0
    assert book.cameo["1951"].goldstein is None
    assert book.goldstein("1951") == -10.0
    assert book.goldstein(None) is None


def test_intensity_of_a_mode_without_its_own_is_its_class_s() -> None:
    book = load_codebook()
    assert book.intensity("CONSULT", "visit") == 4.0
    assert book.intensity("CONSULT", "no such mode") == book.intensity("CONSULT")


@pytest.mark.parametrize(
    ("deed", "act", "code"),
    [
        ("0841", "agree", "0353"),  # promise to free somebody
        ("072", "reject", "1222"),  # refuse military aid
        ("163", "threaten", "1312"),  # threaten with sanctions
        ("0871", "demand", "1056"),  # demand a ceasefire: by the prefix 087
        ("01", "agree", None),
    ],
)
def test_code_of_an_act_about_a_deed(deed: str, act: str, code: str | None) -> None:
    assert load_codebook().intent_code(deed, act) == code


def test_own_codebook_codes_its_own_classes(own: Path) -> None:
    assert check_codebook(own) == []
    parse = parse_document(Document(id="d", text="Turkey diverted the river from Iraq.", published="2024-01-02"))
    actors = {c: Actor(id=c, name=c, kind="state", country=c) for c in ("TUR", "IRQ")}
    resolution = Resolution(
        actors, (Mention(actor="TUR", spans=((0, 6),)), Mention(actor="IRQ", spans=((31, 35),))), ()
    )
    (event,) = code_events(parse, resolution, load_codebook(own))
    assert (event.plover, event.quad, event.sources, event.targets) == (
        "CUT_WATER",
        "MATERIAL CONFLICT",
        ("TUR",),
        ("IRQ",),
    )
    assert event.cameo is None and event.goldstein is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quad: MATERIAL CONFLICT", "quad: HOSTILE", "class CUT_WATER: quad 'HOSTILE' is not one of"),
        ("class: CUT_WATER", "class: CUT", "lexicon row 2: class 'CUT' is not one of"),
        ('obj:$water", class: CUT', 'obj:$river", class: CUT', "lexicon row 2: set '$river' is not defined"),
        ('target: "@from|any"', 'target: "from"', "lexicon row 2: target 'from'"),
        ("strength: 3}\n  - {kind: v, words: release", "strength: 9}\n  - {kind: v, words: release", "strength '9'"),
        ("[S: Turkey]", "Turkey", "example without [S: …]"),
        ("name: RELEASE_WATER", "name: CUT_WATER", "the name is taken"),
        ("version:", "verson:", "unknown field 'verson'"),
        ("    definition: The source keeps water from the target.\n", "", "needs a 'definition'"),
        ("kind: v, words: release", "kind: verb, words: release", "kind 'verb' is not one of"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(own: Path, old: str, new: str, said: str) -> None:
    text = own.read_text(encoding="utf8")
    assert old in text
    own.write_text(text.replace(old, new, 1), encoding="utf8")
    problems = check_codebook(own)
    assert any(said in p for p in problems), problems
    with pytest.raises(DataError):
        load_codebook.__wrapped__(own)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    file = tmp_path / "book.yaml"
    file.write_text("name: x\nclasses: []\nlexicon: words.tsv\n", encoding="utf8")
    assert any("words.tsv cannot be read" in p for p in check_codebook(file))


def test_a_file_that_is_no_yaml_and_one_that_is_not_there(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: [", encoding="utf8")
    assert "not YAML" in check_codebook(broken)[0]
    assert "cannot be read" in check_codebook(tmp_path / "none.yaml")[0]


def test_records_say_which_codebook_of_one_s_own_coded_them(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_CODEBOOK", str(own))
    monkeypatch.setenv("COMMUNIQUE_TAGGER", "none")
    record = code_document(Document(id="d", text="Turkey diverted the river from Iraq.", published="2024-01-02"))
    assert [e.plover for e in record.events] == ["CUT_WATER"]
    assert "+water-" in record.coder.codebook


def test_command_says_good_or_lists_problems(own: Path) -> None:
    good = CliRunner().invoke(app, ["check", str(own)])
    assert good.exit_code == 0 and "2 classes, 2 rows" in good.output
    own.write_text("name: x\nclasses: []\n", encoding="utf8")
    bad = CliRunner().invoke(app, ["check", str(own)])
    assert bad.exit_code == 1 and "has no lexicon" in bad.output
