"""A record as W3C Web Annotations (JSON-LD): one for each statement, event, position, formula and mention.

After the Web Annotation Data Model (W3C Recommendation, 23 February 2017). Each annotation's targets are the spans it
rests on, as TextPositionSelector (characters of the document's text) refined by TextQuoteSelector, so that a page can
find them again when its text moved a little.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from communique.records import Document, Record, Spans

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
BESIDE = 32


def web_annotations(record: Record) -> dict[str, Any]:
    """All annotations of a record as an AnnotationPage."""
    items = list(_annotations(record))
    base = f"urn:communique:{quote(record.document.id, safe='')}"
    return {
        "@context": CONTEXT,
        "id": base,
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    }


def _annotations(record: Record) -> Iterator[dict[str, Any]]:
    names = {a.id: a.name for a in record.actors}

    def named(id: str) -> dict[str, Any]:
        return {"type": "SpecificResource", "purpose": "identifying", "source": f"urn:communique:actor:{quote(id)}"} | (
            {"label": names[id]} if id in names else {}
        )

    for n, mention in enumerate(record.mentions):
        yield _annotation(record, f"mention-{n}", "identifying", mention.spans, [named(mention.actor)])
    for s in record.statements:
        said = {
            "kind": s.kind,
            "negated": s.negated,
            "source": s.source.actor,
            "addressees": list(s.addressees),
            "date": s.date,
            "occasion": s.occasion,
            "parent": s.parent,
            "respondsTo": s.responds_to,
            "cueLemma": s.cue.lemma,
            "confidence": s.confidence,
        }
        content = _annotation(record, s.id, "classifying", s.content.spans, [_value("statement", said)])
        # The three parts are annotations of their own, tied to the statement: a target says where, a body says what.
        yield content
        for part, spans in (("source", s.source.spans), ("cue", s.cue.spans)):
            if spans:
                link = {"type": "SpecificResource", "purpose": "linking", "source": content["id"]}
                yield _annotation(record, f"{s.id}-{part}", "classifying", spans, [_tag(part), link])
    for e in record.events:
        yield _annotation(record, e.id, "classifying", e.spans, [_value("event", e.model_dump(mode="json"))])
    for p in record.positions:
        yield _annotation(record, p.id, "classifying", p.spans, [_value("position", p.model_dump(mode="json"))])
    for n, f in enumerate(record.phrases):
        yield _annotation(record, f"phrase-{n}", "tagging", f.spans, [_tag(f.phrase)])


def _annotation(record: Record, id: str, motivation: str, spans: Spans, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    document = record.document
    targets = [_target(document, start, end) for start, end in spans]
    return {
        "id": f"urn:communique:{quote(document.id, safe='')}:{quote(id)}",
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies[0] if len(bodies) == 1 else bodies,
        "target": targets[0] if len(targets) == 1 else targets,
        "generator": {"type": "Software", "name": f"communique {record.coder.version}"},
    }


def _target(document: Document, start: int, end: int) -> dict[str, Any]:
    text = document.text
    return {
        "type": "SpecificResource",
        "source": document.url or f"urn:communique:{quote(document.id, safe='')}",
        "selector": {
            "type": "TextPositionSelector",
            "start": start,
            "end": end,
            "refinedBy": {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - BESIDE) : start],
                "suffix": text[end : end + BESIDE],
            },
        },
    }


def _tag(value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def _value(kind: str, attributes: dict[str, Any]) -> dict[str, Any]:
    import json

    kept = {k: v for k, v in attributes.items() if v not in (None, [], (), "") and k not in ("id", "spans")}
    return {
        "type": "TextualBody",
        "purpose": "classifying",
        "format": "application/json",
        "value": json.dumps({kind: kept}, ensure_ascii=False),
    }
