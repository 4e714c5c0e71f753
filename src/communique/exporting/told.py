"""Events as the event layouts want them: each once, with its actors' names and codes and how often it was told."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from communique.analysis.tables import Day, conditions
from communique.archive.store import Archive

NOT_DONE = ("demanded", "conditional", "denied")
"""Modalities of events that did not take place; the layouts have no column to say so."""


class Party(NamedTuple):
    """An actor as of the document's date, with the words that name it there."""

    id: str
    name: str
    kind: str
    country: str | None
    sector: str | None
    cameo: str | None
    office: str | None
    wikidata: str | None
    words: str


class Told(NamedTuple):
    """One event. mentions: rows of its cluster; reports: families of documents that tell of it; documents: reprints
    included; publishers: different ones; leading: whether it stands in the document's first paragraph."""

    id: str
    day: date
    plover: str
    mode: str | None
    contexts: list[str]
    cameo: str | None
    goldstein: float | None
    quad: str | None
    modality: str
    words: str
    confidence: float
    sources: list[Party]
    targets: list[Party]
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    mentions: int
    reports: int
    documents: int
    publishers: int
    leading: bool
    document: str
    url: str | None
    title: str | None
    publisher: str | None
    published: date | None
    language: str | None
    added: datetime
    actors: list[Party]
    coder: str


def told_events(
    archive: Archive,
    *,
    all_modalities: bool = False,
    start: Day = None,
    end: Day = None,
    ids: Sequence[str] | None = None,
    **filters: Any,
) -> Iterator[Told]:
    """Events of an archive, each cluster once, by its surest row; those without a day are left out.

    Args:
        archive: where from.
        all_modalities: events that are only demanded, conditional or denied too.
        start: first day.
        end: last day, itself included.
        ids: only these rows; None: all.
        filters: as for `communique.analysis.tables.events`.
    """
    where, given = conditions("events", start=start, end=end, **filters)
    if not all_modalities:
        where += f" AND t.modality NOT IN ({', '.join(repr(m) for m in NOT_DONE)})"
    if ids is not None:
        where += " AND t.id IN (SELECT unnest(?))"
        given = [*given, list(ids)]
    found = archive.ask(
        f"""
        WITH sizes AS (SELECT family, count(*) AS size FROM documents GROUP BY family),
             d AS (SELECT record, family, size, url, title, published, language, added, coder_version,
                          coalesce(nullif(instr(text, chr(10)), 0), length(text)) AS first_end
                   FROM documents JOIN sizes USING (family)),
             t AS (SELECT t.*, coalesce(t.event_cluster, t.id) AS cluster FROM events t
                   WHERE {where} AND t.day IS NOT NULL),
             x AS (SELECT t.*, d.* EXCLUDE (record) FROM t LEFT JOIN d USING (record)),
             families AS (SELECT cluster, family, any_value(size) AS size FROM x GROUP BY ALL),
             reports AS (SELECT cluster, count(*) AS reports, sum(size)::BIGINT AS documents
                         FROM families GROUP BY ALL),
             clusters AS (SELECT cluster, count(*) AS mentions, count(DISTINCT publisher) AS publishers
                          FROM x GROUP BY ALL),
             a AS (SELECT record, list({{'id': id, 'name': name, 'kind': kind, 'country': country, 'sector': sector,
                          'cameo': cameo, 'office': office, 'wikidata': wikidata}} ORDER BY n) AS actors
                   FROM actors GROUP BY record),
             m AS (SELECT record, list({{'actor': actor, 'words': words}} ORDER BY n) AS mentions
                   FROM mentions GROUP BY record)
        SELECT x.* EXCLUDE (n, spans), x.spans[1][1] < coalesce(first_end, 0) AS leading, reports.reports,
               reports.documents, clusters.mentions, clusters.publishers, a.actors, m.mentions AS named
        FROM x JOIN reports USING (cluster) JOIN clusters USING (cluster)
        LEFT JOIN a USING (record) LEFT JOIN m USING (record)
        QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY confidence DESC, x.id) = 1
        ORDER BY x.day, x.id
        """,
        given,
    )
    for batch in found.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            yield _told(row)


def _told(row: dict[str, Any]) -> Told:
    words: dict[str, str] = {}
    for mention in row["named"] or ():
        words.setdefault(mention["actor"], mention["words"])
    known = {a["id"]: Party(**a, words=words.get(a["id"], "")) for a in row["actors"] or ()}

    def party(id: str) -> Party:
        # A reviewer may have named an actor that the machine did not find in this document.
        return known.get(id) or Party(id, id, "", None, None, None, None, None, words.get(id, ""))

    return Told(
        id=row["cluster"],
        day=row["day"],
        plover=row["plover"],
        mode=row["mode"],
        contexts=row["contexts"] or [],
        cameo=row["cameo"],
        goldstein=row["goldstein"],
        quad=row["quad"],
        modality=row["modality"],
        words=row["words"],
        confidence=row["confidence"],
        sources=[party(i) for i in row["sources"] or ()],
        targets=[party(i) for i in row["targets"] or ()],
        place=row["location_name"],
        country=row["location_country"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        mentions=row["mentions"],
        reports=row["reports"],
        documents=row["documents"] or 1,
        publishers=row["publishers"],
        leading=bool(row["leading"]),
        document=row["document"],
        url=row["url"],
        title=row["title"],
        publisher=row["publisher"],
        published=row["published"],
        language=row["language"],
        added=row["added"],
        actors=list(known.values()),
        coder=row["coder_version"] or "",
    )
