"""Record -> rows of the tables, and back without loss.

Dates are kept as dates and, where the record says more than a day ("2023-01-30T10:00Z"), as its own text beside them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from communique.records import (
    Actor,
    Coder,
    Content,
    Cue,
    Document,
    Event,
    Location,
    Mention,
    Phrase,
    Position,
    Record,
    Source,
    Spans,
    Statement,
    covered,
)

Row = dict[str, Any]
_STATE = re.compile(r"[A-Z]{3}")


def document_digest(document: Document) -> str:
    """Tells whether a document changed: everything but which family it is in."""
    return _digest(document.model_dump_json(exclude={"duplicate_of"}))


def record_digest(record: Record) -> str:
    """Tells whether a record changed: everything but which family its document is in."""
    return _digest(record.model_dump_json(exclude={"document": {"duplicate_of"}}))


def record_key(document: str, batch: str) -> int:
    """The number that ties a record's rows together: a document is in a batch once at most."""
    digest = hashlib.sha256(f"{batch}\x1f{document}".encode("utf8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def country_of(actor: str | None, actors: Mapping[str, Actor]) -> str | None:
    """ISO 3166 alpha-3 code of an actor on the document's date."""
    if actor is None:
        return None
    if actor in actors and actors[actor].country:
        return actors[actor].country
    state = actor.partition("/")[0]
    return state if _STATE.fullmatch(state) and state != "IGO" and state != "NGO" else None


def event_cluster(event: Event, day: date | None) -> str | None:
    """The same act of the same actor towards the same recipient on the same day has the same cluster in every report.

    Events without an actor or a day are in no cluster.
    """
    if day is None or not event.sources:
        return None
    modality = "hypothetical" if event.modality in ("conditional", "demanded", "denied") else "real"
    parts = [event.plover, event.mode or "", modality, day.isoformat()]
    return "c" + _digest("\x1f".join([*parts, *sorted(event.sources), "\x1e", *sorted(event.targets)]))[:12]


def rows_of(
    record: Record,
    *,
    key: int,
    version: int,
    added: datetime,
    earlier: Sequence[str] = (),
    family: str | None = None,
) -> Iterator[tuple[str, Row]]:
    """Every row of a record, each with the name of its table.

    Args:
        key: number of the record; see `record_key`.
        version: 1 for a document's first version, 2 for its second.
        added: moment of adding.
        earlier: digests of the document's earlier versions.
        family: which it is in, where it is no copy and its id does not tell.
    """
    document, text = record.document, record.document.text
    actors = {a.id: a for a in record.actors}
    published = _day(document.published)
    shared = {"record": key, "document": document.id}
    spoken: dict[str | None, Statement] = {s.id: s for s in record.statements}

    def dated(day: date | None) -> Row:
        return {"day": day, "publisher": document.publisher, "duplicate": document.duplicate_of is not None}

    def countries(ids: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(c for c in (country_of(i, actors) for i in ids) if c))

    def said(statement: str | None) -> date | None:
        day = _day(spoken[statement].date) if statement in spoken else None
        return day or published

    yield (
        "documents",
        {
            "record": key,
            **document.model_dump(exclude={"published"}),
            "version": version,
            "earlier": list(earlier),
            "published": published,
            "published_text": _rest(document.published),
            "family": document.duplicate_of or family or document.id,
            "digest": document_digest(document),
            "record_digest": record_digest(record),
            "coder_version": record.coder.version,
            "codebook": record.coder.codebook,
            "registry": record.coder.registry,
            "added": added,
        },
    )
    for n, actor in enumerate(record.actors):
        yield "actors", {**shared, "n": n, **actor.model_dump()}
    for n, mention in enumerate(record.mentions):
        yield (
            "mentions",
            {**shared, "n": n, "actor": mention.actor, "words": covered(text, mention.spans), "spans": mention.spans},
        )
    for n, s in enumerate(record.statements):
        speaker = actors.get(s.source.actor or "")
        yield (
            "statements",
            {
                **shared,
                "n": n,
                "id": s.id,
                **dated(_day(s.date) or published),
                "date": _day(s.date),
                "date_text": _rest(s.date),
                "source": s.source.actor,
                "source_country": country_of(s.source.actor, actors),
                "source_sector": speaker.sector if speaker else None,
                "source_words": covered(text, s.source.spans) or None,
                "cue": covered(text, s.cue.spans) or None,
                "cue_lemma": s.cue.lemma,
                "content": covered(text, s.content.spans),
                "kind": s.kind,
                "negated": s.negated,
                "addressees": s.addressees,
                "addressee_countries": countries(s.addressees),
                "occasion": s.occasion,
                "parent": s.parent,
                "responds_to": s.responds_to,
                "confidence": s.confidence,
                "source_spans": s.source.spans,
                "cue_spans": s.cue.spans,
                "content_spans": s.content.spans,
            },
        )
    for n, e in enumerate(record.events):
        day = _day(e.date) or said(e.statement)
        place = e.location.model_dump() if e.location else dict.fromkeys(Location.model_fields)
        yield (
            "events",
            {
                **shared,
                "n": n,
                **e.model_dump(exclude={"date", "location"}),
                **dated(day),
                "date": _day(e.date),
                "date_text": _rest(e.date),
                "source_countries": countries(e.sources),
                "target_countries": countries(e.targets),
                "location_name": place["name"],
                "location_country": place["country"],
                "latitude": place["latitude"],
                "longitude": place["longitude"],
                "event_cluster": event_cluster(e, day),
                "words": covered(text, e.spans),
            },
        )
    for n, p in enumerate(record.positions):
        yield (
            "positions",
            {
                **shared,
                "n": n,
                **p.model_dump(),
                **dated(said(p.statement)),
                "actor_country": country_of(p.actor, actors),
                "target_countries": countries(p.targets),
                "words": covered(text, p.spans),
            },
        )
    for n, f in enumerate(record.phrases):
        by = spoken[f.statement].source.actor if f.statement in spoken else None
        yield (
            "phrases",
            {
                **shared,
                "n": n,
                **f.model_dump(),
                **dated(said(f.statement)),
                "actor": by,
                "actor_country": country_of(by, actors),
                "words": covered(text, f.spans),
            },
        )


def record_of(document: Row, parts: Mapping[str, Iterable[Row]]) -> Record:
    """The record whose rows these are; `parts` has the rows of each coded table in the order of `n`."""
    return Record(
        document=Document(
            **{name: document[name] for name in Document.model_fields if name != "published"},
            published=_said(document["published"], document["published_text"]),
        ),
        actors=tuple(Actor(**{name: row[name] for name in Actor.model_fields}) for row in parts.get("actors", ())),
        mentions=tuple(Mention(actor=row["actor"], spans=_spans(row["spans"])) for row in parts.get("mentions", ())),
        statements=tuple(_statement(row) for row in parts.get("statements", ())),
        events=tuple(_event(row) for row in parts.get("events", ())),
        positions=tuple(
            Position(**{**{name: row[name] for name in Position.model_fields}, "spans": _spans(row["spans"])})
            for row in parts.get("positions", ())
        ),
        phrases=tuple(
            Phrase(phrase=row["phrase"], statement=row["statement"], spans=_spans(row["spans"]))
            for row in parts.get("phrases", ())
        ),
        coder=Coder(version=document["coder_version"], codebook=document["codebook"], registry=document["registry"]),
    )


def _statement(row: Row) -> Statement:
    return Statement(
        id=row["id"],
        parent=row["parent"],
        responds_to=row["responds_to"],
        source=Source(spans=_spans(row["source_spans"]), actor=row["source"]),
        cue=Cue(spans=_spans(row["cue_spans"]), lemma=row["cue_lemma"]),
        content=Content(spans=_spans(row["content_spans"])),
        kind=row["kind"],
        negated=row["negated"],
        addressees=tuple(row["addressees"]),
        date=_said(row["date"], row["date_text"]),
        occasion=row["occasion"],
        confidence=row["confidence"],
    )


def _event(row: Row) -> Event:
    plain = {name: row[name] for name in Event.model_fields if name not in ("date", "location", "spans")}
    place = None
    if row["location_name"] is not None:
        place = Location(
            name=row["location_name"],
            country=row["location_country"],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
    return Event(**plain, date=_said(row["date"], row["date_text"]), location=place, spans=_spans(row["spans"]))


def _spans(value: Iterable[Iterable[int]]) -> Spans:
    return tuple((start, end) for start, end in value)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def _rest(value: str | None) -> str | None:
    day = _day(value)
    return None if day is None or value == day.isoformat() else value


def _said(day: date | None, text: str | None) -> str | None:
    if text is not None:
        return text
    return day.isoformat() if day else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf8")).hexdigest()[:32]
