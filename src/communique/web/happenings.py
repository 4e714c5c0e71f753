"""Events counted by pair of states and by report."""

from communique.archive.store import Archive
from communique.web.asking import Row, rows
from communique.web.questions import quoted


def pairs(archive: Archive, most: int = 40) -> list[Row]:
    """Pairs of states with most acts of the one towards the other."""
    return rows(
        archive,
        "SELECT s AS source, t AS target, count(*) AS count, "
        "avg(CASE WHEN contains(quad, 'CONFLICT') THEN 1.0 ELSE 0.0 END) AS conflict FROM "
        "(SELECT unnest(source_countries) AS s, target_countries, quad FROM events), unnest(target_countries) "
        "AS u(t) "
        f"WHERE s <> t GROUP BY ALL ORDER BY count DESC, source, target LIMIT {most}",
    )


def clusters(archive: Archive, where: str, page: int, size: int) -> list[Row]:
    """Events by number of reports, as analysis/dyads.py counts them: a report and its reprints are one report."""
    return rows(
        archive,
        "WITH sizes AS (SELECT family, count(*) AS size FROM documents GROUP BY family), "
        f"told AS (SELECT * FROM events WHERE event_cluster IS NOT NULL AND ({where})), "
        "families AS (SELECT DISTINCT event_cluster, family, size FROM told JOIN documents USING (record) JOIN "
        "sizes USING (family)), "
        "told_by AS (SELECT event_cluster, count(*) AS reports, sum(size)::BIGINT AS documents FROM families "
        "GROUP BY event_cluster) "
        "SELECT event_cluster AS id, any_value(reports) AS reports, any_value(documents) AS documents, min(day) "
        "AS day, "
        "any_value(plover) AS plover, any_value(quad) AS quad, any_value(sources) AS sources, "
        "any_value(targets) AS targets, "
        "arg_max(words, confidence) AS words FROM told JOIN told_by USING (event_cluster) GROUP BY event_cluster "
        f"ORDER BY reports DESC, day DESC, id LIMIT {size + 1} OFFSET {(page - 1) * size}",
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
