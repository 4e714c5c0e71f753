"""The questions of the page, the API and the assistant: each takes an archive and gives plain rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from communique.actors.registry import load_registry
from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.errors import InputError
from communique.web.filters import PAGE, Filters, Kind, read_cursor, write_cursor
from communique.web.index import Indexed
from communique.web.questions import conditions, listed, parts, pattern, quoted, terms
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
    ids = {"actor": actor_id(archive, filters.actor), "target": actor_id(archive, filters.target)}
    filters = filters.model_copy(update=ids)
    if sort not in SORTS:
        raise InputError(f"sort: {sort!r} is unknown; use one of {', '.join(SORTS)}")
    column, direction = SORTS[sort]
    if kind == "phrases" and column == "confidence":
        column, direction = "day", "DESC"
    key = f"coalesce({column}, DATE '0001-01-01')" if column == "day" else f"coalesce({column}, 0)"
    after = _place(cursor) if cursor else None
    skip = 0 if cursor else (page - 1) * size
    named = named_by(archive, filters.q)
    # What people added has no record; its own number keeps the order, so that no cursor passes over it.
    record = "coalesce(record, 0)" if kind == "phrases" else "coalesce(record, (hash(id) >> 1)::BIGINT)"
    columns = (
        f"{_COLUMNS[kind]}, {key}::VARCHAR AS key_, {record} AS record_, coalesce(n, 0) AS n_, record IS NULL AS added_"
    )
    order = column, direction
    indexed = (
        archive.answers(kind, parts(kind, filters, named), order, skip, size + 1, after, columns)
        if isinstance(archive, Indexed)
        else None
    )
    if indexed:
        found, total = indexed
    else:
        where = conditions(kind, filters, named)
        found = rows(
            archive,
            f"SELECT {columns} FROM {kind} WHERE {where} AND {_after(after, order, key, record) if after else 'TRUE'} "
            f"ORDER BY {key} {direction}, {record}, coalesce(n, 0) LIMIT {size + 1} OFFSET {skip}",
        )
        counted = f"SELECT count(*) AS n FROM {kind} WHERE {where}"
        total = count and remembered(archive, ("counted", counted), lambda: rows(archive, counted)[0]["n"])
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


def _place(cursor: str) -> tuple[str, int, int]:
    match read_cursor(cursor):
        case [str(at), int(record), int(n)] if re.fullmatch(r"[0-9.eE:+-]{1,40}", at):
            return at, record, n
        case _:
            raise InputError("cursor: not one that an earlier answer gave; start again without it")


def _after(place: tuple[str, int, int], order: tuple[str, str], key: str, record: str) -> str:
    at, in_record, n = place
    value = f"DATE {quoted(at)}" if order[0] == "day" else f"{quoted(at)}::DOUBLE"
    further = "<" if order[1] == "DESC" else ">"
    return f"({key} {further} {value} OR ({key} = {value} AND ({record}, coalesce(n, 0)) > ({in_record}, {n})))"


def named_by(archive: Archive, q: str) -> dict[str, list[str]]:
    """For each term of a search, ids of the actors whose name has it as whole words."""
    found: dict[str, list[str]] = {term: [] for term in terms(q)}
    each = (
        f"(SELECT DISTINCT {quoted(term)} AS term, id FROM {callings(archive)} WHERE "
        f"contains(lower(name), {quoted(term.rstrip('*'))}) AND regexp_matches(lower(name), {quoted(pattern(term))}) "
        "ORDER BY id LIMIT 200)"
        for term in found
    )
    for row in rows(archive, " UNION ALL ".join(each)) if found else ():
        found[row["term"]].append(row["id"])
    return found


def callings(archive: Archive) -> str:
    """A table of what each actor is called, and in how many records: id, name, n."""
    made = isinstance(archive, Indexed) and archive.ready()
    return "callings" if made else "(SELECT id, name, count(*) AS n FROM actors GROUP BY ALL)"


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


def actor_id(archive: Archive, given: str) -> str:
    """The id of an actor given by its id or by its whole name ("China"); what nobody is called stays as it is."""
    registry = load_registry()
    if not given or "/" in given or given in registry.entries:
        return given

    def find() -> str:
        called = f"lower(name) = {quoted(given.lower())}"
        sql = f"SELECT id FROM {callings(archive)} WHERE id = {quoted(given)} OR {called} ORDER BY n DESC, id LIMIT 1"
        if found := rows(archive, sql):
            return str(found[0]["id"])
        named = sorted(registry.named(given), key=lambda name: name.role != "name")
        return named[0].entry if named else given

    return remembered(archive, ("actor id", given), find)


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


def statement(archive: Archive, id: str) -> Row | None:
    """One statement's row by id."""
    found = rows(archive, f"SELECT * FROM statements WHERE id = {quoted(id)} LIMIT 1")
    return found[0] if found else None
