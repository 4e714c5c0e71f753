"""A record as HTML: the article with its statements marked by speaker, and the record beside it, in one file."""

from html import escape
from itertools import pairwise
from pathlib import Path

from communique.records import Record, Span, Statement, covered

# Okabe and Ito's colours, told apart by colour-blind readers; underline styles tell them apart in print.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#5b5b5b")
STYLES = ("solid", "dashed", "dotted", "double", "wavy")

_CSS = Path(__file__).with_name("page.css").read_text(encoding="utf8")
_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf8")


def record_page(records: list[Record]) -> str:
    """One self-contained page with all `records`; loads nothing from elsewhere."""
    title = _title(records[0]) if records else "communique"
    body = "\n<hr>\n".join(_article(r) for r in records)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>body{{margin:0}}\n{_CSS}</style></head>\n"
        f"<body>\n{body}\n<script>{_SCRIPT}</script></body></html>\n"
    )


def record_fragment(record: Record) -> str:
    """The same for a notebook cell."""
    return f"<style>{_CSS}</style>{_article(record)}"


def _title(record: Record) -> str:
    return record.document.title or record.document.text.strip().split("\n", 1)[0][:90]


def _article(record: Record) -> str:
    colour = _colours(record)
    return (
        f'<div class="cq"><article>{_marked_text(record, colour)}</article>'
        f"<section><h2>{escape(_title(record))}</h2>{_statements(record, colour)}{_events(record)}{_phrases(record)}"
        "</section></div>"
    )


def _colours(record: Record) -> dict[str | None, str]:
    """Each speaker's side (country, else actor) to its colour and underline, in order of first speaking."""
    sides = dict.fromkeys(_side(record, s) for s in record.statements)
    return {
        side: f"--c:{COLOURS[n % len(COLOURS)]};--l:{STYLES[n // len(COLOURS) % len(STYLES)]}"
        for n, side in enumerate(sides)
    }


def _side(record: Record, s: Statement) -> str | None:
    country = next((a.country for a in record.actors if a.id == s.source.actor), None)
    return country or s.source.actor


def _marked_text(record: Record, colour: dict[str | None, str]) -> str:
    """The text cut at every span's edge; each piece carries the statements it belongs to, innermost on top."""
    text = record.document.text
    layers: list[tuple[Span, str, Statement]] = []
    for s in record.statements:
        for role, spans in (("s", s.content.spans), ("src", s.source.spans), ("cue", s.cue.spans)):
            layers.extend((span, role, s) for span in spans)
    edges = sorted({0, len(text), *(edge for span, _, _ in layers for edge in span)})
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for n, ((start, end), _, _) in enumerate(layers):
        starts.setdefault(start, []).append(n)
        ends.setdefault(end, []).append(n)
    active: set[int] = set()
    out = []
    for a, b in pairwise(edges):
        active.difference_update(ends.get(a, ()))
        active.update(starts.get(a, ()))
        piece = escape(text[a:b])
        if active:
            own = sorted(active, key=lambda n: layers[n][0][1] - layers[n][0][0])
            inner = layers[own[0]]
            roles = {layers[n][1] for n in own}
            depth = sum(layers[n][1] == "s" for n in own)
            classes = [r for r in ("s", "src", "cue") if r in roles] + (["deep"] if depth > 1 else [])
            ids = " ".join(dict.fromkeys(layers[n][2].id for n in own))
            style = colour[_side(record, inner[2])]
            piece = f'<a href="#{inner[2].id}" class="{" ".join(classes)}" style="{style}" data-s="{ids}">{piece}</a>'
        out.append(piece)
    paragraphs = "".join(out).split("\n")
    return "".join(f"<p>{p}</p>" for p in paragraphs if p.strip())


def _statements(record: Record, colour: dict[str | None, str]) -> str:
    if not record.statements:
        return "<p>No statement found.</p>"
    text = record.document.text
    names = {a.id: a.name for a in record.actors}
    rows = []
    for s in record.statements:
        acts = dict.fromkeys(e.plover for e in record.events if e.statement == s.id)
        own = [p for p in record.positions if p.statement == s.id]
        positions = [": ".join(filter(None, (p.kind, ", ".join(p.issues)))).replace("_", " ") for p in own]
        who = names.get(s.source.actor or "", covered(text, s.source.spans) or "not named")
        office = next((a.office for a in record.actors if a.id == s.source.actor and a.office), None)
        whom = ", ".join(names.get(a, a) for a in s.addressees)
        facts = [s.kind, *(["negated"] if s.negated else []), *acts, *dict.fromkeys(positions)]
        rows.append(
            f'<li id="{s.id}" data-s="{s.id}" class="{"nest" if s.parent else ""}" style="{colour[_side(record, s)]}">'
            f"<b>{escape(who)}</b>{f' <small>{escape(office)}</small>' if office else ''} "
            f"<i>{escape(covered(text, s.cue.spans))}</i>{f' → {escape(whom)}' if whom else ''}<br>"
            f"{escape(covered(text, s.content.spans))}<br><small>{escape(' · '.join(facts))}</small></li>"
        )
    return f"<ol>{''.join(rows)}</ol>"


def _events(record: Record) -> str:
    names = {a.id: a.name for a in record.actors}
    rows = [
        f"<li><b>{escape(e.plover)}</b> {escape(', '.join(names.get(a, a) for a in e.sources))} → "
        f"{escape(', '.join(names.get(a, a) for a in e.targets))} <small>{escape(e.modality)} {escape(e.date or '')} "
        f"{escape(e.cameo or '')}</small><br>{escape(covered(record.document.text, e.spans))}</li>"
        for e in record.events
    ]
    return f"<h2>Events</h2><ul>{''.join(rows)}</ul>" if rows else ""


def _phrases(record: Record) -> str:
    found = dict.fromkeys(p.phrase for p in record.phrases)
    return f"<h2>Phrases</h2><p>{escape(', '.join(found))}</p>" if found else ""
