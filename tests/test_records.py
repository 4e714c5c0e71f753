"""The record types: exact round trips, honest spans, a schema, stable ids."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from communique.records import (
    Coder,
    Content,
    Cue,
    Document,
    Event,
    Location,
    Record,
    Source,
    Statement,
    covered,
    derived_id,
)

text = st.text(max_size=40)
names = st.lists(text, max_size=3).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 500), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


statements = st.builds(
    Statement,
    id=text,
    parent=st.none() | text,
    source=st.builds(Source, spans=spans(), actor=st.none() | text),
    cue=st.builds(Cue, spans=spans(), lemma=st.none() | text),
    content=st.builds(Content, spans=spans()),
    kind=st.sampled_from(["direct", "indirect", "mixed"]),
    negated=st.booleans(),
    addressees=names,
    date=st.none() | st.dates().map(str),
    confidence=st.floats(0, 1),
)
events = st.builds(
    Event,
    id=text,
    plover=text,
    contexts=names,
    goldstein=st.none() | st.floats(-10, 10),
    sources=names,
    targets=names,
    modality=st.sampled_from(["past", "demanded"]),
    location=st.none() | st.builds(Location, name=text, latitude=st.none() | st.floats(-90, 90)),
    spans=spans(),
)
records = st.builds(
    Record,
    document=st.builds(Document, id=text, text=st.text(max_size=300), published=st.none() | st.dates().map(str)),
    statements=st.lists(statements, max_size=3).map(tuple),
    events=st.lists(events, max_size=3).map(tuple),
    coder=st.just(Coder(version="1", codebook="2", registry="3")),
)


@given(records)
def test_a_record_survives_json(record: Record) -> None:
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert Record.model_validate(json.loads(json.dumps(record.model_dump(mode="json")))) == record


@pytest.mark.parametrize("bad", [((3, 3),), ((5, 4),), ((0, 4), (3, 6)), ((4, 6), (0, 2)), ((-1, 3),)])
def test_spans_must_be_spans(bad: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValidationError, match="spans"):
        Content(spans=bad)


def test_a_date_must_be_one() -> None:
    with pytest.raises(ValidationError):
        Document(id="a", text="b", published="30 January")
    with pytest.raises(ValidationError):
        Document(id="a", text="b", published="2023-02-30")


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Document.model_validate({"id": "a", "text": "b", "colour": "red"})


def test_ids_depend_on_their_parts_alone() -> None:
    assert derived_id("d", "s", ((0, 3),)) == derived_id("d", "s", ((0, 3),))
    assert len({derived_id("d", "s", ((0, 3),)), derived_id("d", "s", ((0, 4),)), derived_id("e", "s", ((0, 3),))}) == 3
    assert derived_id("d", "s", 1)[0] == "s"


def test_covered_joins_parts() -> None:
    assert covered("one two three", ((0, 3), (8, 13))) == "one three"


def test_the_schema_names_every_part() -> None:
    schema = Record.model_json_schema()
    assert {"document", "actors", "mentions", "statements", "events", "positions", "phrases", "coder"} == set(
        schema["properties"]
    )
