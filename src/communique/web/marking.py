"""A document's text cut where any coded row begins or ends, for a template to print. No markup is made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from communique.records import Record, Spans, Statement, covered

LAYERS = ("statements", "events", "positions", "phrases", "actors")
COLOURS, LINES = 7, 5  # as many as style.css has; 35 sides differ, five of them in grey print too


class Mark(NamedTuple):
    """Words that a row stands on. role: content, source, cue, event, position, phrase or actor."""

    start: int
    end: int
    role: str
    row: str
    side: int
    first: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Words under the same marks. start: offset in the document; begins: rows whose first words these are."""

    text: str
    start: int
    classes: str
    rows: str
    row: str | None
    begins: tuple[str, ...]
    tags: tuple[str, ...]


def side_of(record: Record, statement: Statement) -> str | None:
    """The country of a statement's source, else its actor."""
    actor = statement.source.actor
    return next((a.country for a in record.actors if a.id == actor and a.country), None) or actor


def sides(record: Record) -> dict[str | None, int]:
    """Each side's number, in order of first speaking."""
    return {side: n for n, side in enumerate(dict.fromkeys(side_of(record, s) for s in record.statements))}


def side_classes(side: int) -> str:
    """CSS classes of a side: a colour, and an underline that tells it apart in print."""
    return f"c{side % COLOURS} l{side % LINES}"


def depths(record: Record) -> dict[str, int]:
    """How many statements each statement lies in."""
    parents = {s.id: s.parent for s in record.statements}
    found: dict[str, int] = {}
    for id in parents:
        depth, parent = 0, parents[id]
        while parent in parents and depth < len(parents):
            depth, parent = depth + 1, parents[parent]
        found[id] = depth
    return found


def _marks(record: Record) -> Iterator[Mark]:
    number = sides(record)
    side = {s.id: number[side_of(record, s)] for s in record.statements}

    def of(role: str, row: str, spans: Spans, side: int = -1, opens: bool = True) -> Iterator[Mark]:
        for n, (start, end) in enumerate(spans):
            yield Mark(start, end, role, row, side, opens and n == 0)

    for s in record.statements:
        yield from of("content", s.id, s.content.spans, side[s.id])
        yield from of("source", s.id, s.source.spans, side[s.id], opens=False)
        yield from of("cue", s.id, s.cue.spans, side[s.id], opens=False)
    for e in record.events:
        yield from of("event", e.id, e.spans)
    for p in record.positions:
        yield from of("position", p.id, p.spans)
    for n, phrase in enumerate(record.phrases):
        yield from of("phrase", f"phrase-{n}", phrase.spans)
    for mention in record.mentions:
        for span in mention.spans:
            yield Mark(*span, "actor", f"actor-{mention.actor}", -1, False)


def paragraphs(record: Record) -> list[list[Piece]]:
    """The text's paragraphs, each as pieces in order; joined with line breaks they are the text."""
    text = record.document.text
    marks = sorted(m for m in _marks(record) if m.end <= len(text))
    tag = {p.id: p.kind.replace("_", " ") for p in record.positions} | {e.id: e.plover for e in record.events}
    breaks = [n for n, sign in enumerate(text) if sign == "\n"]
    edges = sorted({0, len(text), *(e for m in marks for e in (m.start, m.end)), *breaks, *(n + 1 for n in breaks)})
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
        closing.setdefault(mark.end, []).append(mark)
    active: list[Mark] = []
    begun: set[str] = set()
    done: list[list[Piece]] = [[]]
    for start, end in pairwise(edges):
        for mark in closing.get(start, ()):
            active.remove(mark)
        active.extend(opening.get(start, ()))
        if text[start:end] == "\n":
            done.append([])
            continue
        begins = [m.row for m in active if m.first and m.row not in begun and text[start:end].strip()]
        begun.update(begins)
        done[-1].append(_piece(text, start, end, active, begins, tag))
    return done


def _piece(text: str, start: int, end: int, active: list[Mark], begins: list[str], tag: dict[str, str]) -> Piece:
    inner_first = sorted(active, key=lambda m: (m.end - m.start, m.row))
    statements = [m for m in inner_first if m.side >= 0]
    classes = [*dict.fromkeys(m.role for m in inner_first)]
    if statements:
        classes.append(side_classes(statements[0].side))
        if sum(m.role == "content" for m in statements) > 1:
            classes.append("deep")
    rows = dict.fromkeys(m.row for m in (*statements, *inner_first))
    return Piece(
        text=text[start:end],
        start=start,
        classes=" ".join(classes),
        rows=" ".join(rows),
        row=next(iter(rows), None),
        begins=tuple(dict.fromkeys(begins)),
        tags=tuple(f"{row} {tag[row]}" for row in dict.fromkeys(begins) if row in tag),
    )


def quoted(record: Record, spans: Spans, around: int = 0) -> str:
    """The words of spans with `around` characters of the text on both sides, cut at spaces."""
    text = record.document.text
    if not spans or not around:
        return covered(text, spans)
    start, end = max(0, spans[0][0] - around), min(len(text), spans[-1][1] + around)
    return " ".join(text[start:end].split())
