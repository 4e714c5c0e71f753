"""Events counted by pair of states and by report."""

from communique.archive.store import Archive
from communique.web.asking import Row, rows
from communique.web.questions import quoted


def pairs(archive: Archive, most: int = 40) -> list[Row]:
    """Pairs of states with most acts of the one towards the other."""
    return rows(
        archive,
        "WITH told AS (SELECT source_countries, target_countries, contains(quad, 'CONFLICT')::INT AS c, count(*) AS n "
        "FROM events GROUP BY ALL), "  # few combinations, so that little is taken apart
        "acts AS (SELECT unnest(source_countries) AS s, target_countries, c, n FROM told) "
        "SELECT s AS source, t AS target, sum(n)::BIGINT AS count, sum(n * coalesce(c, 0)) / sum(n) AS conflict "
        "FROM acts, unnest(target_countries) AS u(t) "
        f"WHERE s <> t GROUP BY s, t ORDER BY count DESC, source, target LIMIT {most}",
    )


def clusters(archive: Archive, where: str, page: int, size: int) -> list[Row]:
    """Events by number of reports, as analysis/dyads.py counts them: a report and its reprints are one report."""
    told_where = f"event_cluster IS NOT NULL AND ({where})"
    return rows(
        archive,
        "WITH sizes AS (SELECT family, count(*) AS size FROM documents GROUP BY family), "
        "reported AS (SELECT record, hash(family) AS family, size FROM documents JOIN sizes USING (family)), "
        "told AS (SELECT event_cluster, reported.family, size, min(day) AS day FROM events JOIN reported "
        f"USING (record) WHERE {told_where} GROUP BY ALL), "
        "top AS MATERIALIZED (SELECT event_cluster, count(*) AS reports, sum(size)::BIGINT AS documents, min(day) "
        "AS day FROM told GROUP BY event_cluster ORDER BY reports DESC, day DESC, event_cluster "
        f"LIMIT {size + 1} OFFSET {(page - 1) * size}) "
        # one event stands for all: the surest
        "SELECT event_cluster AS id, reports, documents, top.day AS day, plover, quad, sources, targets, words "
        f"FROM top JOIN (SELECT * FROM events WHERE {told_where}) e USING (event_cluster) "
        "QUALIFY row_number() OVER (PARTITION BY event_cluster ORDER BY confidence DESC, e.id) = 1 "
        "ORDER BY reports DESC, day DESC, id",
    )


def cluster(archive: Archive, id: str) -> list[Row]:
    """The reports of one event."""
    return rows(
        archive,
        "SELECT e.id, e.document, e.day, e.publisher, e.plover, e.mode, e.quad, e.modality, e.sources, "
        "e.targets, e.words, "
        "e.confidence, e.statement, d.title, d.published, d.family FROM events e JOIN documents d ON d.record = "
        "e.record "
        f"WHERE event_cluster = {quoted(id)} ORDER BY d.published, e.document, e.n LIMIT 200",
    )
