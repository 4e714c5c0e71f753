"""The whole way: every row points at words of the text, ids are stable, samples hold what a reader finds in them."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import communique
from communique.data import data_path
from communique.errors import InputError
from communique.records import Record

SAMPLES = sorted(data_path("samples").glob("2024-*.txt"))


def check_spans(record: Record) -> None:
    length = len(record.document.text)
    rows = [
        *(m.spans for m in record.mentions),
        *(spans for s in record.statements for spans in (s.source.spans, s.cue.spans, s.content.spans)),
        *(e.spans for e in record.events),
        *(p.spans for p in record.positions),
        *(p.spans for p in record.phrases),
    ]
    assert all(0 <= start < end <= length for spans in rows for start, end in spans)
    statements = {s.id for s in record.statements}
    actors = {a.id for a in record.actors}
    assert len(statements) == len(record.statements)
    assert len(actors) == len(record.actors)
    assert {s.parent for s in record.statements} - {None} <= statements
    assert {s.responds_to for s in record.statements} - {None} <= statements
    named = [m.actor for m in record.mentions]
    named += [a for s in record.statements for a in (s.source.actor, *s.addressees) if a]
    named += [a for e in record.events for a in (*e.sources, *e.targets)]
    named += [a for p in record.positions for a in (p.actor, *p.targets) if a]
    assert set(named) <= actors
    rows_of_statements = [*record.events, *record.positions, *record.phrases]
    assert {r.statement for r in rows_of_statements} - {None} <= statements
    assert len({e.id for e in record.events}) == len(record.events)
    assert len({p.id for p in record.positions}) == len(record.positions)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_samples_hold_together(path: Path) -> None:
    text = path.read_text(encoding="utf8")
    record = communique.code(text, published=path.stem[:10])
    check_spans(record)
    assert record == communique.code(text, published=path.stem[:10])
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert record._repr_html_().startswith("<style>")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The",
                "China",
                "U.S.",
                "“",
                "”",
                '"',
                "\n",
                "'",
                "said",
                "that",
                "urged",
                "Russia",
                "to",
                "withdraw",
                "sanctions",
                "on",
                "Iran",
                ",",
                ".",
                ":",
                "not",
                "Mr.",
                "Li",
                "北京",
                "and",
                "condemned",
                "accused",
                "of",
                "the",
                "president",
                "she",
                "her",
                "attack",
                "in",
                "Kyiv",
                "on",
                "Monday",
                "will",
            ]
        ),
        min_size=1,
        max_size=60,
    ).map(" ".join)
)
def test_any_text_gives_a_record_that_holds_together(text: str) -> None:
    try:
        record = communique.code(text, published="2024-01-02")
    except InputError:  # blank texts
        assert not text.strip()
        return
    check_spans(record)


def test_many_documents_are_streamed_in_order() -> None:
    texts = ["Iran said it would talk.", "Oman said it would listen."]
    records = communique.code_many(iter(texts))
    assert [next(records).document.text, next(records).document.text] == texts


def test_a_story_without_statements_has_none() -> None:
    path = next(p for p in SAMPLES if "strikes" in p.stem)
    record = communique.code(path.read_text(encoding="utf8"), published=path.stem[:10])
    assert record.statements == ()
    country = {a.id: a.country for a in record.actors}
    assert {"TJK", "KGZ"} <= {country[a] for e in record.events for a in (*e.sources, *e.targets)}


def test_what_a_reader_finds_in_a_real_report(shared: Path, tmp_path: Path) -> None:
    text = (shared / "inputs" / "china-us-briefing.txt").read_text(encoding="utf8")
    coded = tmp_path / "record.json"
    coded.write_text(communique.code(text, published="2023-01-30").model_dump_json(), encoding="utf8")
    expected = shared / "acceptance" / "china_us_briefing.json"
    done = subprocess.run(
        [sys.executable, str(shared / "acceptance" / "check.py"), str(expected), str(coded)],
        capture_output=True,
        text=True,
    )
    found = int(done.stdout.split("found ")[1].split(" ")[0])
    assert found >= 46, done.stdout
