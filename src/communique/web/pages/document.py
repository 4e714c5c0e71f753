"""The reading page: a document's text with its layers marked, and the coded rows beside it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from communique.records import Record, Statement, covered
from communique.web import documents
from communique.web.marking import LAYERS, paragraphs, side_classes, side_of, sides
from communique.web.rendering import address, page

router = APIRouter()
SHOWN_AT_FIRST = ("statements", "phrases")
# how each layer's marks look, beside its switch
KEYS = {layer: "content c0 l0" if layer == "statements" else layer.removesuffix("s") for layer in LAYERS}


@router.get("/documents/{id:path}", response_class=HTMLResponse)
def document(request: Request, id: str, layers: Annotated[list[str] | None, Query()] = None) -> HTMLResponse:
    """One document; `layers` says what is marked."""
    archive = request.app.state.archive
    record = documents.reviewed_record(archive, id)
    if record is None:
        raise HTTPException(404, f"No document {id!r} in this archive.")
    shown = [layer for layer in LAYERS if layer in (SHOWN_AT_FIRST if layers is None else layers)]
    verdicts = documents.verdicts(archive, id)
    return page(request, "document.html", {**view(record, verdicts), "layers": LAYERS, "keys": KEYS, "shown": shown})


@router.get("/statements/{id}")
def statement(request: Request, id: str) -> RedirectResponse:
    """A statement's own address: leads to its words."""
    found = documents.document_of(request.app.state.archive, id)
    if found is None:
        raise HTTPException(404, f"No statement or event {id!r} in this archive.")
    return RedirectResponse(f"{address('documents', found)}#{id}", 302)


def view(record: Record, verdicts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the template prints of a record."""
    actors = {a.id: a for a in record.actors}
    text = record.document.text
    number = sides(record)

    def named(ids: Sequence[str]) -> list[dict[str, str]]:
        return [{"id": a, "name": actors[a].name if a in actors else a} for a in ids]

    def row(table: str, id: str) -> dict[str, Any]:
        verdict = verdicts.get(id)
        rejected = bool(verdict and verdict["decision"] == "reject")
        return {"table": table, "id": id, "verdict": verdict, "rejected": rejected}

    def coded(s: Statement) -> dict[str, Any]:
        actor = actors.get(s.source.actor or "")
        return {
            **row("statements", s.id),
            "side": side_classes(number[side_of(record, s)]),
            "actor": s.source.actor,
            "who": actor.name if actor else covered(text, s.source.spans) or None,
            "office": actor.office if actor else None,
            "cue": covered(text, s.cue.spans),
            "words": covered(text, s.content.spans),
            "addressees": named(s.addressees),
            "kind": s.kind,
            "negated": s.negated,
            "occasion": s.occasion,
            "responds_to": s.responds_to,
            "confidence": s.confidence,
            "events": [e for e in record.events if e.statement == s.id],
            "positions": [p for p in record.positions if p.statement == s.id],
        }

    mentioned: dict[str, int] = {}
    for mention in record.mentions:
        mentioned[mention.actor] = mentioned.get(mention.actor, 0) + len(mention.spans)
    events = [
        {
            **e.model_dump(),
            **row("events", e.id),
            "sources": named(e.sources),
            "targets": named(e.targets),
            "words": covered(text, e.spans),
            "place": e.location.name if e.location else None,
        }
        for e in record.events
    ]
    positions = [
        {
            **p.model_dump(),
            **row("positions", p.id),
            "who": actors[p.actor].name if p.actor in actors else p.actor,
            "targets": named(p.targets),
            "words": covered(text, p.spans),
        }
        for p in record.positions
    ]
    return {
        "document": record.document,
        "title": record.document.title or text.strip().split("\n", 1)[0][:90],
        "original": web_address(record.document.url),
        "paragraphs": paragraphs(record),
        "sides": [{"name": _side_name(record, side), "classes": side_classes(n)} for side, n in number.items()],
        "statements": _nested(record, coded),
        "events": events,
        "positions": positions,
        "phrases": [
            {"id": f"phrase-{n}", "phrase": p.phrase, "words": covered(text, p.spans)}
            for n, p in enumerate(record.phrases)
        ],
        "actors": [
            {**a.model_dump(), "mentions": mentioned.get(a.id, 0)}
            for a in sorted(record.actors, key=lambda a: -mentioned.get(a.id, 0))
        ],
        "coder": record.coder,
        "counts": {
            "statements": len(record.statements),
            "events": len(record.events),
            "positions": len(record.positions),
            "phrases": len(record.phrases),
            "actors": len(record.actors),
        },
    }


def web_address(url: str | None) -> str | None:
    """The document's address where it is one a browser may follow; never `javascript:` and the like."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def _side_name(record: Record, side: str | None) -> str:
    named = next((a.name for a in record.actors if a.id == side), side)
    return named or "not named"


def _nested(record: Record, coded: Any) -> list[dict[str, Any]]:
    """Statements in order, each with those inside it."""
    made = {s.id: {**coded(s), "inside": []} for s in record.statements}
    top: list[dict[str, Any]] = []
    for s in record.statements:
        outer = made.get(s.parent or "")
        (top if outer is None or s.parent == s.id else outer["inside"]).append(made[s.id])
    return top
