"""A record as brat standoff: a .txt and an .ann file, and the annotation.conf and visual.conf brat needs beside them.

After brat's page on its standoff format. A statement is an event annotation (E) whose trigger is the cue, with the
arguments Source and Content; where there is no cue, the content is the trigger. Events, positions and formulas are
text-bound annotations (T) with attributes (A). What a span stands for is in notes (#), as JSON.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from communique.records import Record, Spans

CONFIGURATION = """[entities]
Source
Content
Mention
Event
Position
Formula

[relations]
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>
Parent Arg1:Statement, Arg2:Statement
Responds_to Arg1:Statement, Arg2:Statement

[events]
Statement Source?:Source, Content:Content

[attributes]
Kind Arg:Statement, Value:direct|indirect|mixed
Negated Arg:Statement
Class Arg:Event, Value:<ANY>
Stance Arg:Position, Value:<ANY>
"""


@dataclass
class _Page:
    text: str
    lines: list[str] = field(default_factory=list)
    count: dict[str, int] = field(default_factory=dict)

    def add(self, letter: str, rest: str) -> str:
        self.count[letter] = self.count.get(letter, 0) + 1
        key = f"{letter}{self.count[letter]}"
        self.lines.append(f"{key}\t{rest}")
        return key

    def words(self, type: str, spans: Spans) -> str:
        pieces = list(_in_lines(self.text, spans))
        where = ";".join(f"{a} {b}" for a, b in pieces)
        return self.add("T", f"{type} {where}\t{' '.join(self.text[a:b] for a, b in pieces)}")

    def note(self, of: str, held: dict[str, Any]) -> None:
        kept = {k: v for k, v in held.items() if v not in (None, [], (), "") and k != "spans"}
        self.add("#", f"AnnotatorNotes {of}\t{json.dumps(kept, ensure_ascii=False)}")


def brat(record: Record) -> tuple[str, str]:
    """The texts of the .txt and of the .ann file; a tab, which parts columns there, becomes a space."""
    text = record.document.text.replace("\t", " ")
    page = _Page(text)
    names = {a.id: a.name for a in record.actors}
    for mention in record.mentions:
        key = page.words("Mention", mention.spans)
        page.note(key, {"actor": mention.actor, "name": names.get(mention.actor)})
    keys: dict[str, str] = {}
    for s in record.statements:
        content = page.words("Content", s.content.spans)
        source = page.words("Source", s.source.spans) if s.source.spans else None
        trigger = page.words("Statement", s.cue.spans or s.content.spans)
        arguments = f"Statement:{trigger}" + (f" Source:{source}" if source else "") + f" Content:{content}"
        keys[s.id] = page.add("E", arguments)
        page.add("A", f"Kind {keys[s.id]} {s.kind}")
        if s.negated:
            page.add("A", f"Negated {keys[s.id]}")
        page.note(
            keys[s.id],
            {
                "id": s.id,
                "source": s.source.actor,
                "lemma": s.cue.lemma,
                "addressees": s.addressees,
                "date": s.date,
                "occasion": s.occasion,
                "confidence": s.confidence,
            },
        )
    for s in record.statements:
        for name, other in (("Parent", s.parent), ("Responds_to", s.responds_to)):
            if other in keys:
                page.add("R", f"{name} Arg1:{keys[s.id]} Arg2:{keys[other]}")
    for e in record.events:
        key = page.words("Event", e.spans)
        page.add("A", f"Class {key} {e.plover}")
        page.note(key, e.model_dump(mode="json"))
    for p in record.positions:
        key = page.words("Position", p.spans)
        page.add("A", f"Stance {key} {p.kind}")
        page.note(key, p.model_dump(mode="json"))
    for f in record.phrases:
        page.note(page.words("Formula", f.spans), {"phrase": f.phrase, "statement": f.statement})
    return text, "".join(line + "\n" for line in page.lines)


def _in_lines(text: str, spans: Spans) -> list[tuple[int, int]]:
    """Spans cut at line breaks, which brat's annotations must not hold."""
    found = []
    for start, end in spans:
        at = start
        for piece in text[start:end].split("\n"):
            if piece.strip():
                left = len(piece) - len(piece.lstrip())
                found.append((at + left, at + left + len(piece.strip())))
            at += len(piece) + 1
    return found or [spans[0]]
