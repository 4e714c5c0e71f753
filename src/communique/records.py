"""The record types: what one coded document holds.

Spans are [start, end) offsets in characters of the document's text; the text they cover is the evidence. All types are
immutable and read and write JSON without loss: `Record.model_validate_json(record.model_dump_json()) == record`.
"""

import hashlib
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Span = tuple[int, int]


def _ordered(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    last = 0
    for start, end in spans:
        if start < last or end <= start:
            raise ValueError(f"spans must be non-empty, in order and not overlap: {list(spans)}")
        last = end
    return spans


def _calendar_date(value: str | None) -> str | None:
    if value is not None:
        date.fromisoformat(value[:10])
    return value


Spans = Annotated[tuple[Span, ...], AfterValidator(_ordered)]
IsoDate = Annotated[str | None, AfterValidator(_calendar_date)]
Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
Names = tuple[str, ...]

DocumentKind = Literal["report", "transcript", "statement"]
ActorKind = Literal["state", "organisation", "person", "group", "place"]
StatementKind = Literal["direct", "indirect", "mixed"]
Modality = Literal["past", "present", "future", "demanded", "conditional", "denied", "reported"]
PositionKind = Literal[
    "support",
    "opposition",
    "demand",
    "commitment",
    "willingness",
    "accusation",
    "denial",
    "claim",
    "concern",
    "condition",
    "refusal",
    "red_line",
    "principle",
    "welcome",
]


class Base(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Base):
    id: str
    text: str
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: IsoDate = None
    language: str | None = None
    kind: DocumentKind = "report"
    duplicate_of: str | None = None


class Actor(Base):
    """A state, body, person, group or place; country, sector and office as of the document's date."""

    id: str
    name: str
    kind: ActorKind
    country: str | None = None
    sector: str | None = None
    cameo: str | None = None
    office: str | None = None
    wikidata: str | None = None


class Mention(Base):
    actor: str
    spans: Spans


class Source(Base):
    spans: Spans = ()
    actor: str | None = None


class Cue(Base):
    spans: Spans = ()
    lemma: str | None = None


class Content(Base):
    spans: Spans


class Statement(Base):
    id: str
    parent: str | None = None
    responds_to: str | None = None
    source: Source = Source()
    cue: Cue = Cue()
    content: Content
    kind: StatementKind
    negated: bool = False
    addressees: Names = ()
    date: IsoDate = None
    occasion: str | None = None
    confidence: Confidence = 1.0


class Location(Base):
    """A place; latitude and longitude in decimal degrees (WGS 84), country as ISO 3166 alpha-3."""

    name: str
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Event(Base):
    id: str
    statement: str | None = None
    plover: str
    mode: str | None = None
    contexts: Names = ()
    cameo: str | None = None
    goldstein: float | None = None
    quad: str | None = None
    sources: Names = ()
    targets: Names = ()
    modality: Modality = "past"
    date: IsoDate = None
    location: Location | None = None
    spans: Spans
    confidence: Confidence = 1.0


class Position(Base):
    id: str
    statement: str | None = None
    actor: str | None = None
    targets: Names = ()
    issues: Names = ()
    kind: PositionKind
    condition: str | None = None
    spans: Spans
    confidence: Confidence = 1.0


class Phrase(Base):
    phrase: str
    statement: str | None = None
    spans: Spans


class Coder(Base):
    version: str
    codebook: str
    registry: str


class Record(Base):
    document: Document
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    positions: tuple[Position, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    coder: Coder

    def __str__(self) -> str:
        from communique.exporting.text import record_text

        return record_text(self)

    def _repr_html_(self) -> str:
        from communique.exporting.html import record_fragment

        return record_fragment(self)


def covered(text: str, spans: tuple[Span, ...]) -> str:
    """The words under `spans`, joined by single spaces where there are several spans."""
    return " ".join(text[start:end] for start, end in spans)


def derived_id(document: str, kind: str, *parts: object) -> str:
    """An id that depends on nothing but its arguments, so that coding twice gives the same ids.

    Args:
        document: id of the document.
        kind: one letter: "s" statement, "e" event, "p" position.
        parts: what tells this row from the document's other rows, such as its spans.
    """
    digest = hashlib.sha256("\x1f".join([document, *map(repr, parts)]).encode("utf8", "surrogatepass")).hexdigest()
    return f"{kind}{digest[:12]}"
