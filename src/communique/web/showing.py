"""Answers as the pages print them: with names, the document's title, acts and issues, and the hits marked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from communique.archive.store import Archive
from communique.web.asking import Found, Row, rows
from communique.web.filters import Kind
from communique.web.questions import listed, pattern, terms
from communique.web.rendering import address, issue_name, plain


def in_context(archive: Archive, kind: Kind, answer: Found, q: str = "") -> list[Row]:
    """Rows of `find` as the pages print them: with names, the document's title, acts and issues, the hits marked."""
    found = answer.rows
    if not found:
        return []
    documents = listed(sorted({row["document"] for row in found}))
    # Numbers are far quicker to look for than ids; what people added has none.
    near = "TRUE" if not answer.records else f"(record IN ({', '.join(map(str, answer.records))}) OR record IS NULL)"
    titles = {
        d["id"]: d["title"]
        for d in rows(archive, f"SELECT id, title FROM documents WHERE {near} AND id IN ({documents})")
    }
    own = [row["id"] if kind == "statements" else row.get("statement") for row in found]
    statements = listed(sorted({s for s in own if s}))
    issues: dict[str, list[str]] = {}
    stances: dict[str, list[str]] = {}
    acts: dict[str, list[str]] = {}
    for p in rows(
        archive,
        f"SELECT statement, kind, issues FROM positions WHERE {near} AND statement IN ({statements}) "
        "ORDER BY record, n",
    ):
        issues.setdefault(p["statement"], []).extend(p["issues"] or ())
        stances.setdefault(p["statement"], []).append(p["kind"])
    for e in rows(
        archive,
        f"SELECT statement, plover FROM events WHERE {near} AND statement IN ({statements}) ORDER BY record, n",
    ):
        acts.setdefault(e["statement"], []).append(e["plover"])
    people = {
        (a["document"], a["id"]): a
        for a in rows(
            archive, f"SELECT document, id, name, office FROM actors WHERE {near} AND document IN ({documents})"
        )
    }
    marks = [re.compile(pattern(t).replace(r"\pL\pN", r"\w"), re.IGNORECASE) for t in terms(q)]

    def named(document: str, ids: Iterable[str] | None) -> list[dict[str, str]]:
        return [{"id": a, "name": people.get((document, a), {}).get("name") or a} for a in ids or ()]

    shown = []
    for row, statement in zip(found, own, strict=True):
        document = row["document"]
        sources = row["sources"] or [None] if kind == "events" else [row["actor"]]
        who = people.get((document, sources[0]), {}) if sources[0] else {}
        facts, topics = _facts(kind, row), issues.get(statement or "", [])
        if kind == "statements":
            facts += [*dict.fromkeys(acts.get(row["id"], ())), *dict.fromkeys(stances.get(row["id"], ()))]
        if kind == "positions":
            topics = row["issues"] or []
        anchor = row["id"] or ""
        shown.append(
            {
                "id": row["id"],
                "document": document,
                "title": titles.get(document),
                "publisher": row["publisher"],
                "date": row["day"],
                "href": f"{address('documents', document)}#at-{anchor}" if anchor else address("documents", document),
                "actor": sources[0],
                "actor_name": who.get("name") or sources[0],
                "together": named(document, sources[1:]),
                "source_text": row.get("source_words"),
                "office": who.get("office"),
                "cue": _done(kind, row),
                "addressees": named(document, row.get("addressees") or row.get("targets")),
                "words": marked(row["words"], marks),
                "facts": facts,
                "issues": [{"id": i, "name": issue_name(i)} for i in dict.fromkeys(topics)],
            }
        )
    return shown


def _done(kind: Kind, row: Mapping[str, Any]) -> str:
    """What stands between who and whom: the words that attribute, the act, the stance, or nothing for a formula."""
    match kind:
        case "statements":
            return row["cue"] or ""
        case "events":
            return " ".join(plain(part) for part in (row["plover"], row["mode"]) if part)
        case "positions":
            return plain(row["kind"])
        case _:
            return ""


def _facts(kind: Kind, row: Mapping[str, Any]) -> list[str]:
    match kind:
        case "statements":
            return [row["kind"], *(["negated"] if row["negated"] else [])]
        case "events":
            return [f for f in (row["quad"], row["modality"]) if f]
        case "positions":
            return []
        case _:
            return [row["phrase"]]


def marked(words: str | None, marks: Sequence[re.Pattern[str]]) -> list[tuple[str, bool]]:
    """Words cut where terms of a search occur; true for those that are hits."""
    text = words or ""
    hits = sorted({span for mark in marks for span in (_inner(text, m) for m in mark.finditer(text))})
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in hits:
        if start < done:
            continue
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [p for p in [*pieces, (text[done:], False)] if p[0]]


def _inner(text: str, match: re.Match[str]) -> tuple[int, int]:
    """A match without the sign before and after it that shows where the word ends."""
    start, end = match.span()
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
