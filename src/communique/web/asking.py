"""The questions of the page, the API and the assistant: each takes an archive and gives plain rows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from communique.actors.registry import load_registry
from communique.archive.reviews import REVIEWED
from communique.archive.rows import record_of
from communique.archive.schema import CODED, TABLES
from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.errors import InputError
from communique.records import Record
from communique.web.filters import PAGE, Filters, Kind, read_cursor, write_cursor
from communique.web.index import ways_of
from communique.web.questions import conditions, listed, pattern, quoted, terms
from communique.web.remembering import remembered
from communique.web.rendering import address

Row = dict[str, Any]

SORTS = {
    "newest": ("day", "DESC"),
    "oldest": ("day", "ASC"),
    "surest": ("confidence", "DESC"),
    "least_sure": ("confidence", "ASC"),
}
_COLUMNS = {
    "statements": "id, document, day, publisher, source AS actor, source_words, cue, content AS words, kind, "
    "negated, "
    "addressees, occasion, parent, responds_to, confidence",
    "events": "id, document, day, publisher, sources, targets, plover, mode, contexts, quad, modality, cameo, "
    "goldstein, "
    "location_name, statement, event_cluster, words, confidence",
    "positions": "id, document, day, publisher, actor, targets, issues, kind, condition, statement, words, confidence",
    "phrases": "statement AS id, document, day, publisher, phrase, actor, statement, words",
}


@dataclass(frozen=True)
class Found:
    """A page of answers.

    total: how many there are altogether; cursor: where the next page begins, None at the end; records: of the rows,
    none where people added some.
    """

    rows: list[Row]
    total: int | None
    cursor: str | None
    records: Sequence[int]


def rows(archive: Archive, sql: str) -> list[Row]:
    """A query's rows as dictionaries."""
    found: list[Row] = archive.ask(sql).to_pylist()
    return found


def find(
    archive: Archive,
    kind: Kind,
    filters: Filters,
    sort: str = "newest",
    page: int = 1,
    size: int = PAGE,
    cursor: str | None = None,
    count: bool = True,
) -> Found:
    """Rows of a table that answer the filters, by number of page or after a cursor.

    Raises:
        InputError: the sort or the cursor is unknown.
    """
    if sort not in SORTS:
        raise InputError(f"sort: {sort!r} is unknown; use one of {', '.join(SORTS)}")
    column, direction = SORTS[sort]
    if kind == "phrases" and column == "confidence":
        column, direction = "day", "DESC"
    key = f"coalesce({column}, DATE '0001-01-01')" if column == "day" else f"coalesce({column}, 0)"
    after = _after(read_cursor(cursor), column, direction) if cursor else "TRUE"
    order = f"key_ {direction}, record_, n_"
    part = f"LIMIT {size + 1} OFFSET {0 if cursor else (page - 1) * size}"
    ways = ways_of(archive)
    where = conditions(kind, filters, named_by(archive, filters.q), ways)
    # What people added has no record; its own number keeps the order, so that no cursor passes over it.
    record = "coalesce(record, 0)" if kind == "phrases" else "coalesce(record, (hash(id) >> 1)::BIGINT)"
    keys = f"{key} AS key_, {record} AS record_, coalesce(n, 0) AS n_, record IS NULL AS added_"
    counted = ("counted", kind, where)
    if ways.schema:
        # The rows of this page are known by narrow columns; only they are read whole.
        known = f"SELECT row_, {keys} FROM {ways.schema}{kind} WHERE {where}"
        some = f"SELECT *, (SELECT count(*) FROM found) AS total_ FROM found WHERE {after} ORDER BY {order} {part}"
        sql = (
            f"WITH found AS MATERIALIZED ({known}), top AS MATERIALIZED ({some}) SELECT {_COLUMNS[kind]}, "
            f"key_::VARCHAR AS key_, record_, n_, added_, total_ FROM top JOIN base.{kind} "
            f"ON rowid = row_ ORDER BY top.{order}"
        )
    else:
        sql = (
            f"SELECT {_COLUMNS[kind]}, key_::VARCHAR AS key_, record_, n_, added_ FROM (SELECT *, {keys} FROM {kind} "
            f"WHERE {where}) AS top WHERE {after} ORDER BY top.{order} {part}"
        )
    found = rows(archive, sql)
    total = found[0]["total_"] if ways.schema and found else None
    if count and total is None:
        sql = f"SELECT count(*) AS n FROM {ways.schema}{kind} WHERE {where}"
        total = remembered(archive, counted, lambda: rows(archive, sql)[0]["n"])
    more = len(found) > size
    found = found[:size]
    place = [found[-1][c] for c in ("key_", "record_", "n_")] if more else []
    records = [] if any(row["added_"] for row in found) else sorted({row["record_"] for row in found})
    return Found(
        [{c: v for c, v in row.items() if not c.endswith("_")} for row in found],
        total if count else None,
        write_cursor(place) if more else None,
        records,
    )


def _after(values: Sequence[object], column: str, direction: str) -> str:
    match values:
        case [str(at), int(record), int(n)] if re.fullmatch(r"[0-9.eE:+-]{1,40}", at):
            value = f"DATE {quoted(at)}" if column == "day" else f"{quoted(at)}::DOUBLE"
        case _:
            raise InputError("cursor: not one that an earlier answer gave; start again without it")
    further = "<" if direction == "DESC" else ">"
    return f"(key_ {further} {value} OR (key_ = {value} AND (record_, n_) > ({record}, {n})))"


def named_by(archive: Archive, q: str) -> dict[str, list[str]]:
    """For each term of a search, ids of the actors whose name has it as whole words."""
    found = {}
    for term in terms(q):
        sql = (
            f"SELECT DISTINCT id FROM {callings(archive)} WHERE contains(lower(name), {quoted(term.rstrip('*'))}) "
            f"AND regexp_matches(lower(name), {quoted(pattern(term))}) ORDER BY id LIMIT 200"
        )
        found[term] = [row["id"] for row in rows(archive, sql)]
    return found


def callings(archive: Archive) -> str:
    """A table of what each actor is called, and in how many records: id, name, n."""
    return "callings" if ways_of(archive).schema else "(SELECT id, name, count(*) AS n FROM actors GROUP BY ALL)"


def suggestions(archive: Archive, q: str) -> list[Row]:
    """Actors, issues and formulas that a search may have meant, each with its page."""
    sought = " ".join(terms(q))
    if not sought:
        return []
    actors = rows(
        archive,
        f"SELECT id, arg_max(name, (n, name)) AS name, sum(n) AS n FROM {callings(archive)} WHERE "
        f"contains(lower(name), {quoted(sought)}) GROUP BY id ORDER BY sum(n) DESC, id LIMIT 5",
    )
    phrases = rows(
        archive,
        f"SELECT phrase, count(*) AS n FROM phrases WHERE contains(lower(phrase), {quoted(sought)}) "
        "GROUP BY phrase ORDER BY n DESC, phrase LIMIT 3",
    )
    issues = [i for i in load_issues().issues.values() if sought in i.name.lower()][:3]
    return [
        *({"what": "actor", "id": a["id"], "name": a["name"], "href": address("actors", a["id"])} for a in actors),
        *({"what": "issue", "id": i.id, "name": i.name, "href": address("issues", i.id)} for i in issues),
        *(
            {"what": "wording", "id": p["phrase"], "name": p["phrase"], "href": address("wording", phrase=p["phrase"])}
            for p in phrases
        ),
    ]


def issue_name(id: str) -> str:
    issue = load_issues().issues.get(id)
    return issue.name if issue else id.replace("_", " ")


def names(archive: Archive, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of actors by id, the registry's first, then the documents'; an id without a name stands for itself."""
    wanted = list(dict.fromkeys(id for id in ids if id))
    known = load_registry().entries
    found = {id: known[id].name if id in known else id for id in wanted}
    if unknown := [id for id in wanted if id not in known]:
        called = f"{callings(archive)} WHERE id IN ({listed(unknown)})"
        sql = f"SELECT id, arg_max(name, (n, name)) AS name FROM {called} GROUP BY id"
        found.update((row["id"], row["name"]) for row in rows(archive, sql))
    return found


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
                "source_text": row.get("source_words"),
                "office": who.get("office"),
                "cue": row.get("cue") or "",
                "addressees": named(document, row.get("addressees") or row.get("targets")),
                "words": marked(row["words"], marks),
                "facts": facts,
                "issues": [{"id": i, "name": issue_name(i)} for i in dict.fromkeys(topics)],
            }
        )
    return shown


def _facts(kind: Kind, row: Mapping[str, Any]) -> list[str]:
    match kind:
        case "statements":
            return [row["kind"], *(["negated"] if row["negated"] else [])]
        case "events":
            return [f for f in (row["plover"], row["mode"], row["quad"], row["modality"]) if f]
        case "positions":
            return [row["kind"]]
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


def record(archive: Archive, document: str) -> Record | None:
    """A document's record as the coder made it, or None where the archive has none of that id."""
    return archive.record(document)


def reviewed_record(archive: Archive, document: str) -> Record | None:
    """A document's record with people's corrections and additions; what they rejected stays, for the page to strike."""
    machine = archive.record(document)
    changed = [r for r in verdicts(archive, document).values() if r["decision"] in ("correct", "add")]
    if machine is None or not changed:
        return machine
    wanted = quoted(document)
    parts = {}
    for table in CODED:
        key = "id" if table in REVIEWED else "n"
        there = {
            r[key]: r for r in rows(archive, f"SELECT * FROM machine.{table} WHERE document = {wanted} ORDER BY n")
        }
        if table in REVIEWED:
            there.update((r[key], r) for r in rows(archive, f"SELECT * FROM {table} WHERE document = {wanted}"))
        parts[table] = [{k: [] if v is None and k in _LISTS else v for k, v in r.items()} for r in there.values()]
    return record_of(rows(archive, f"SELECT * FROM machine.documents WHERE id = {wanted}")[0], parts)


_LISTS = {f.name for schema in TABLES.values() for f in schema if pa.types.is_list(f.type)}


def document_of(archive: Archive, row: str) -> str | None:
    """The document that a statement, event or position belongs to."""
    wanted = quoted(row)
    tables = ("statements", "events", "positions")
    found = rows(archive, " UNION ALL ".join(f"(SELECT document FROM {t} WHERE id = {wanted} LIMIT 1)" for t in tables))
    return found[0]["document"] if found else None


def verdicts(archive: Archive, document: str) -> dict[str, Row]:
    """The newest review of each of a document's rows, by the row's id."""
    found = rows(archive, f'SELECT * FROM reviews WHERE document = {quoted(document)} ORDER BY "at", id')
    return {row["row"]: row for row in found}


def statement(archive: Archive, id: str) -> Row | None:
    """One statement's row by id."""
    found = rows(archive, f"SELECT * FROM statements WHERE id = {quoted(id)} LIMIT 1")
    return found[0] if found else None
