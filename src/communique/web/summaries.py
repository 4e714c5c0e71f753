"""Counts behind the pages of actors and issues: plain GROUP BYs on the archive's tables."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from communique.actors.registry import load_registry
from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.web.asking import Row, rows
from communique.web.index import CODED, Indexed
from communique.web.questions import (
    Part,
    among_actors,
    by_actor,
    is_actor,
    issue_ids,
    listed,
    quoted,
    touching,
    towards,
)

SPEAKS = ("source", "source_country")
STANDS = ("actor", "actor_country")


def actors(archive: Archive, called: str, page: int, size: int) -> list[Row]:
    """Actors by how much they say, those whose name or id holds `called`."""
    where = "TRUE"
    if called:
        sought = quoted(called.lower())
        where = f"(contains(lower(name), {sought}) OR contains(lower(id), {sought}))"
    return rows(
        archive,
        "SELECT a.*, coalesce(s.n, 0) AS statements FROM "
        "(SELECT id, mode(name) AS name, any_value(kind) AS kind, mode(country) AS country, count(*) AS documents "
        f"FROM actors WHERE {where} GROUP BY id) a LEFT JOIN "
        "(SELECT source AS id, count(*) AS n FROM statements GROUP BY source) s USING (id) "
        f"ORDER BY statements DESC, documents DESC, id LIMIT {size} OFFSET {(page - 1) * size}",
    )


def actor(archive: Archive, id: str) -> Row | None:
    """What the archive and the registry know of an actor; None where neither knows it."""
    wanted = quoted(id)
    found = rows(
        archive,
        "SELECT mode(name) AS name, any_value(kind) AS kind, mode(country) AS country, mode(cameo) AS cameo, "
        f"mode(sector) AS sector, any_value(wikidata) AS wikidata, count(*) AS documents FROM actors WHERE id = "
        f"{wanted}",
    )[0]
    entry = load_registry().entries.get(id)
    if not found["documents"]:
        if entry is None:
            return None
        found.update(name=entry.name, kind=entry.kind, country=entry.country or None, cameo=entry.cameo or None)
    parts = {
        "statements": by_actor("statements", id),
        "acts": by_actor("events", id),
        "received": towards("events", id),
    }
    return {"id": id, **found, **{name: counted(archive, part)[0][0] for name, part in parts.items()}}


def counted(archive: Archive, part: Part, *by: str) -> list[tuple[Any, ...]]:
    """How many rows a condition holds for: by combination of `by`, names in `CODED`, its values and number."""
    found = archive.counted(part, by) if isinstance(archive, Indexed) else None
    if found is None:
        columns = "".join(f"{CODED[part.table][name]} AS {name}, " for name in by)
        asked = f"SELECT {columns}count(*) AS n FROM {part.table} WHERE {part.sql} GROUP BY ALL"
        found = [tuple(row.values()) for row in rows(archive, asked)]
    return found


def offices(archive: Archive, id: str) -> list[Row]:
    """A person's offices: the registry's terms; where it has none, what documents called the person, and when."""
    registry = load_registry()
    terms = [t for t in registry.terms if t.person == id]
    if terms:
        return [
            {
                "office": registry.offices[t.office].title if t.office in registry.offices else t.office,
                "of": registry.offices[t.office].holder if t.office in registry.offices else "",
                "start": t.start,
                "end": t.end,
            }
            for t in sorted(terms, key=lambda t: t.start, reverse=True)
        ]
    return rows(
        archive,
        "SELECT a.office, coalesce(any_value(a.country), '') AS \"of\", min(d.published) AS start, "
        'max(d.published) AS "end" '
        f"FROM actors a JOIN documents d ON d.id = a.document WHERE a.id = {quoted(id)} AND a.office IS NOT NULL "
        "GROUP BY a.office ORDER BY start DESC",
    )


def holders(id: str) -> list[Row]:
    """Who held the offices of a state or body, the latest first."""
    registry = load_registry()
    own = {o.id: o for o in registry.offices.values() if o.holder == id or o.body == id}
    terms = sorted((t for t in registry.terms if t.office in own), key=lambda t: t.start, reverse=True)
    return [
        {"person": t.person, "name": t.name, "office": own[t.office].title, "start": t.start, "end": t.end}
        for t in terms
    ]


def stances_by_issue(archive: Archive, id: str) -> list[Row]:
    """issue, kind, count: where an actor stands."""
    return rows(
        archive,
        "SELECT issue, kind, count(*) AS count FROM "
        f"(SELECT unnest(issues) AS issue, kind FROM positions WHERE {is_actor(STANDS, id)}) "
        "GROUP BY issue, kind ORDER BY issue, count DESC",
    )


def spoken_of(archive: Archive, id: str, most: int = 15) -> list[Row]:
    """States that an actor acts on or speaks to; conflict is the share of acts in conflict quads."""
    who = among_actors(("sources", "source_countries"), id)
    return rows(
        archive,
        "SELECT target AS id, count(*) AS count, avg(CASE WHEN contains(quad, 'CONFLICT') THEN 1.0 ELSE 0.0 "
        "END) AS conflict "
        f"FROM (SELECT unnest(target_countries) AS target, quad FROM events WHERE {who}) "
        f"WHERE target <> {quoted(id)} GROUP BY target ORDER BY count DESC, id LIMIT {most}",
    )


def speakers_for(archive: Archive, id: str, most: int = 15) -> list[Row]:
    """Who speaks for a state or body: its people and bodies by number of statements."""
    return rows(
        archive,
        f"SELECT source AS id, count(*) AS count, max(day) AS last FROM statements WHERE {is_actor(SPEAKS, id)} "
        f"AND source <> {quoted(id)} GROUP BY source ORDER BY count DESC, id LIMIT {most}",
    )


def issues(archive: Archive) -> list[Row]:
    """Every issue of the codebook with its positions, in the codebook's order, narrower ones below broader ones."""
    counted = {
        row["id"]: row
        for row in rows(
            archive,
            "SELECT issue AS id, count(*) AS count, max(day) AS last FROM (SELECT unnest(issues) AS issue, day "
            "FROM positions) GROUP BY issue",
        )
    }
    book = load_issues()
    children: dict[str | None, list[str]] = {}
    for one in book.issues.values():
        children.setdefault(one.parent, []).append(one.id)
    found: list[Row] = []

    def below(parent: str | None, depth: int) -> None:
        for id in children.get(parent, ()):
            own = counted.get(id, {})
            one = book.issues[id]
            found.append(
                {
                    "id": id,
                    "name": one.name,
                    "definition": one.definition,
                    "depth": depth,
                    "count": own.get("count", 0),
                    "last": own.get("last"),
                }
            )
            below(id, depth + 1)

    below(None, 0)
    return found


def stances_by_actor(archive: Archive, issue: str, most: int = 25) -> list[Row]:
    """actor (the state where there is one), kind, count, total: who stands where on an issue."""
    found = [row for row in counted(archive, touching(issue_ids(issue)), "side", "kind") if row[0] is not None]
    totals = _totals((actor, n) for actor, _, n in found)
    top = sorted(totals, key=lambda actor: (-totals[actor], actor))[:most]
    return [
        {"actor": actor, "kind": kind, "count": n, "total": totals[actor]}
        for actor, kind, n in sorted(found, key=lambda row: (-totals[row[0]], row[0], -row[2], row[1]))
        if actor in top
    ]


def stances_over_time(archive: Archive, issue: str, most: int = 15) -> list[Row]:
    """month, actor, kind, count on an issue, for the actors who speak of it most."""
    found = counted(archive, touching(issue_ids(issue)), "month", "side", "kind")
    found = [row for row in found if row[0] is not None and row[1] is not None]
    totals = _totals((actor, n) for _, actor, _, n in found)
    top = {*sorted(totals, key=lambda actor: (-totals[actor], actor))[:most]}
    return [
        {"month": month, "actor": actor, "kind": kind, "count": n}
        for month, actor, kind, n in sorted(row for row in found if row[1] in top)
    ]


def _totals(found: Iterable[tuple[str, int]]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for actor, n in found:
        totals[actor] += n
    return totals


def document_count(archive: Archive, publisher: str) -> int:
    where = f"publisher = {quoted(publisher)}" if publisher else "TRUE"
    return int(rows(archive, f"SELECT count(*) AS n FROM documents WHERE {where}")[0]["n"])


def documents(archive: Archive, publisher: str, page: int, size: int) -> list[Row]:
    """Documents, the newest first, with how much was found in each."""
    where = f"publisher = {quoted(publisher)}" if publisher else "TRUE"
    found = rows(
        archive,
        f"SELECT id, title, publisher, published, kind, language, duplicate_of, family FROM documents WHERE {where} "
        f"ORDER BY published DESC NULLS LAST, id LIMIT {size} OFFSET {(page - 1) * size}",
    )
    ids = listed([row["id"] for row in found])
    said = {
        r["document"]: r["n"]
        for r in rows(
            archive, f"SELECT document, count(*) AS n FROM statements WHERE document IN ({ids}) GROUP BY document"
        )
    }
    for row in found:
        row["statements"] = said.get(row["id"], 0)
    return found
