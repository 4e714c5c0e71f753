"""The whole way on the invented story: what was hidden in it is found. See data/samples/story/README.md."""

from collections.abc import Iterator
from datetime import date

import pytest

from communique.analysis.alignment import align
from communique.analysis.discovery import discover, gone_since, new_since
from communique.analysis.said import Said, said_from
from communique.analysis.scales import breaks, months
from communique.analysis.wording import changes
from communique.data import data_path
from communique.records import Document, Record
from communique.running.pipeline import code_documents


@pytest.fixture(scope="module")
def records() -> list[Record]:
    lines = data_path("samples", "story", "hatton-bank.jsonl").read_text(encoding="utf8").splitlines()
    return list(code_documents(Document.model_validate_json(line) for line in lines))


@pytest.fixture(scope="module")
def said(records: list[Record]) -> Iterator[list[Said]]:
    yield said_from(records)


def test_size(records: list[Record]) -> None:
    assert len(records) >= 60
    assert {r.document.kind for r in records} == {"report", "transcript", "statement"}


def test_always_becomes_consistently(said: list[Said]) -> None:
    change = next(c for c in changes(said, "ISL", "fisheries") if c.after.day == date(2023, 10, 3))
    assert any(p.change == "dropped" and p.words == "always" for p in change.diff)
    assert any(p.change == "added" and p.words == "consistently" for p in change.diff)


def test_peaceful_means_are_left_out_and_come_back(said: list[Said]) -> None:
    by_day = {c.after.day: c for c in changes(said, "ISL", "fisheries")}
    dropped = " ".join(p.words for p in by_day[date(2023, 10, 25)].diff if p.change == "dropped")
    added = " ".join(p.words for p in by_day[date(2024, 6, 21)].diff if p.change == "added")
    assert "by peaceful means" in dropped
    assert "peaceful means" in added


def test_own_formulas(said: list[Said]) -> None:
    assert "fish do not carry passports" in {f.words for f in discover(said, "ISL")}
    assert any("shared sea" in f.words for f in new_since(said, "GBR", date(2024, 5, 1)))
    gone = {f.words: f.listed for f in gone_since(said, "GBR", date(2023, 10, 1))}
    assert gone["committed to the rules-based international order"] == "rules-based international order"


def test_one_statement_in_three_papers(said: list[Said]) -> None:
    aligned = next(a for a in align(said) if "cutting of a British net" in a.reference.text and a.versions)
    assert aligned.reference.publisher == "Foreign Office"
    assert {v.said.publisher for v in aligned.versions} == {"Harbour Post", "Fjord Daily"}


def test_thaw_is_a_break(records: list[Record]) -> None:
    rows = [
        {"date": r.document.published, "actor": p.actor, "targets": p.targets, "kind": p.kind}
        for r in records
        for p in r.positions
    ]
    found = breaks(months(rows, "GBR", "ISL"))
    assert len(found) == 1
    assert date(2024, 5, 1) <= found[0].month <= date(2024, 8, 1)
    assert found[0].before > 0.7 > 0.3 > found[0].after
