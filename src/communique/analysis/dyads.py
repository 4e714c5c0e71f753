"""What one side said and did to another, over time."""

from collections.abc import Sequence
from typing import Any, Literal

from communique.analysis.tables import Day, Form, as_day, involves, shaped
from communique.archive.store import Archive
from communique.errors import InputError

Period = Literal["day", "week", "month", "quarter", "year"]
Count = Literal["family", "report", "cluster"]
PERIODS = ("day", "week", "month", "quarter", "year")
COUNTS = ("family", "report", "cluster")


def dyad(
    archive: Archive,
    source: str,
    target: str,
    *,
    by: Period = "month",
    start: Day = None,
    end: Day = None,
    count: Count = "family",
    both: bool = True,
    of: Sequence[str] = ("statements", "positions", "events"),
    form: Form = "arrow",
) -> Any:
    """Statements, positions and events of one side towards another, period by period, empty periods included.

    Columns: period (its first day), source, target; statements and positions; events, and of those by quad class
    verbal_cooperation, material_cooperation, verbal_conflict and material_conflict; goldstein, the mean over
    the events.
    Events that are only demanded, conditional or denied are not counted as done.

    Args:
        archive: where to look.
        source: who speaks and acts: an id, or a state's code, which takes in its bodies and officials.
        target: who is addressed and acted upon.
        by: length of a period.
        start: first day.
        end: last day, itself included.
        count: "family": a report and its reprints once; "report": every reprint too; "cluster": as family, and events
            with the same actor, recipient, class and day once however many reports tell of them.
        both: the other direction too.
        of: what to count; the columns of the others are 0, and the answer comes sooner.
        form: "arrow", "pandas", "polars" or "rows".

    Raises:
        InputError: a period, a way of counting or a day that is none.
    """
    if by not in PERIODS:
        raise InputError(f"--by {by}: use one of {', '.join(PERIODS)}")
    if count not in COUNTS:
        raise InputError(f"--count {count}: use one of {', '.join(COUNTS)}")
    sides = [(source, target), (target, source)] if both and source != target else [(source, target)]
    picked: list[str] = []
    counted: list[str] = []
    given: list[Any] = []
    for table in (t for t in _COLUMNS if t in of):
        sql, values = _rows_between(table, sides, count, as_day(start, "from"), as_day(end, "to"))
        picked.append(f"{table}_between AS MATERIALIZED ({sql})")
        given += values
        counted += [_counted(table, place, by) for place in range(len(sides))]
    named = ", ".join(f"(?, ?, {place})" for place in range(len(sides)))
    there = {*of, *(_QUAD_COLUMNS if "events" in of else ())}
    sql = f"""
        WITH {", ".join(picked)}, counted AS ({" UNION ALL BY NAME ".join(counted)}),
             periods AS (
                 SELECT unnest(generate_series(min(period), max(period), INTERVAL 1 {by}))::DATE AS period FROM counted
             ),
             sides(source, target, place) AS (VALUES {named})
        SELECT p.period, s.source, s.target,
               {", ".join(f"coalesce(sum({c}), 0)::BIGINT AS {c}" if c in there else f"0 AS {c}" for c in _MEASURES)},
               {"sum(goldstein_sum) / nullif(sum(goldstein_n), 0)" if "events" in of else "NULL::DOUBLE"} AS goldstein
        FROM periods p CROSS JOIN sides s LEFT JOIN counted c USING (period, place)
        GROUP BY p.period, s.source, s.target, s.place ORDER BY p.period, s.place
        """
    return shaped(archive.ask(sql, [*given, *(v for side in sides for v in side)]), form)


_QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
_QUAD_COLUMNS = tuple(q.replace(" ", "_") for q in _QUADS)
_MEASURES = ("statements", "positions", "events", *_QUAD_COLUMNS)
_COLUMNS = {
    "statements": (("source", "source_country"), ("addressees", "addressee_countries")),
    "positions": (("actor", "actor_country"), ("targets", "target_countries")),
    "events": (("sources", "source_countries"), ("targets", "target_countries")),
}


def _rows_between(table: str, sides: list[tuple[str, str]], count: str, start: Any, end: Any) -> tuple[str, list[Any]]:
    """The few rows of a table that lie on either side, all found in one pass: `side0`, `side1` say on which."""
    actor, target = _COLUMNS[table]
    matched: list[str] = []
    given: list[Any] = []
    for a, b in sides:
        acts, by_actor = involves(a, *actor)
        meant, by_target = involves(b, *target)
        matched.append(f"(({acts}) AND ({meant}))")
        given += [*by_actor, *by_target]
    given += given  # named in SELECT, and again in WHERE
    where = [f"({' OR '.join(matched)})", "t.day IS NOT NULL", "t.duplicate IS NOT TRUE"]
    for day, compared in ((start, ">="), (end, "<=")):
        if day is not None:
            where.append(f"t.day {compared} ?")
            given.append(day)
    weight, source = "1", f"{table} t"
    if count == "report":
        # Each row stands for as many reports as its document's family has.
        weight = "r.reports"
        source += (
            " JOIN (SELECT record, reports FROM documents JOIN "
            "(SELECT family, count(*) AS reports FROM documents GROUP BY family) USING (family)) r USING (record)"
        )
    columns = f"t.day, {weight} AS weight"
    first = ""
    if table == "events":
        where.append("t.modality NOT IN ('demanded', 'conditional', 'denied')")
        columns += ", lower(t.quad) AS quad, t.goldstein"
        if count == "cluster":
            first = " QUALIFY row_number() OVER (PARTITION BY coalesce(t.event_cluster, t.id)) = 1"
    flags = ", ".join(f"{condition} AS side{place}" for place, condition in enumerate(matched))
    return f"SELECT {columns}, {flags} FROM {source} WHERE {' AND '.join(where)}{first}", given


def _counted(table: str, place: int, by: str) -> str:
    """What is counted of one table on one side, a row a period."""
    measures = f"sum(weight) AS {table}"
    if table == "events":
        quads = ", ".join(f"sum(weight) FILTER (quad = '{q}') AS {q.replace(' ', '_')}" for q in _QUADS)
        measures += (
            f", {quads}, sum(goldstein * weight) AS goldstein_sum, "
            "sum(weight) FILTER (goldstein IS NOT NULL) AS goldstein_n"
        )
    return (
        f"SELECT date_trunc('{by}', day)::DATE AS period, {place} AS place, {measures} "
        f"FROM {table}_between WHERE side{place} GROUP BY ALL"
    )


def event_clusters(archive: Archive, *, start: Day = None, end: Day = None, form: Form = "arrow") -> Any:
    """Events told by several reports, one row each: actor, recipient, class and day, and how often they were told.

    Columns: event_cluster, day, sources, targets, plover, events (rows), reports (families of documents), documents
    (reprints included), goldstein.
    """
    where, given = [], []
    for day, compared in ((as_day(start, "from"), ">="), (as_day(end, "to"), "<=")):
        if day is not None:
            where.append(f"AND e.day {compared} ?")
            given.append(day)
    sql = f"""
        WITH sizes AS (SELECT family, count(*) AS n FROM documents GROUP BY family),
             d AS (SELECT record, family, n FROM documents JOIN sizes USING (family)),
             told AS (
                 SELECT e.*, d.family, d.n AS size FROM events e LEFT JOIN d USING (record)
                 WHERE e.event_cluster IS NOT NULL AND e.duplicate IS NOT TRUE {" ".join(where)}
             ),
             families AS (SELECT event_cluster, family, any_value(size) AS size FROM told GROUP BY ALL),
             told_by AS (
                 SELECT event_cluster, count(*) AS reports, sum(size)::BIGINT AS documents FROM families GROUP BY ALL
             )
        SELECT event_cluster, min(day) AS day, any_value(sources) AS sources, any_value(targets) AS targets,
               any_value(plover) AS plover, count(*) AS events, any_value(reports) AS reports,
               any_value(documents) AS documents, avg(goldstein) AS goldstein
        FROM told JOIN told_by USING (event_cluster) GROUP BY event_cluster ORDER BY reports DESC, day, event_cluster
        """
    return shaped(archive.ask(sql, given), form)
