"""The page's charts: each takes an archive and what was asked, and gives a Figure with its rows."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from communique.analysis.dyads import dyad
from communique.analysis.networks import load_agreement
from communique.analysis.scales import Month, act_of, breaks
from communique.archive.store import Archive
from communique.errors import InputError
from communique.web import asking, networking, specifications, summaries
from communique.web.asking import Row, rows
from communique.web.charts import Figure
from communique.web.questions import quoted
from communique.web.remembering import remembered
from communique.web.rendering import address, issue_name
from communique.web.specifications import QUADS

Query = Mapping[str, str]
MOST_DRAWN = 25
OTHERS = "others"


def month_days(month: date) -> tuple[str, str]:
    """First and last day of a month."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return month.isoformat(), (following - timedelta(days=1)).isoformat()


def _monthly(found: list[Row], link: Callable[[Row, str, str], str]) -> list[Row]:
    """Rows with the month as text and an address for what is behind each."""
    made = []
    for row in found:
        since, until = month_days(row["month"])
        made.append({**row, "month": since, "href": link(row, since, until)})
    return made


def _periods(archive: Archive, source: str, target: str) -> list[Row]:
    """What one side did to another, month by month; see analysis/dyads.py."""
    sides = sorted([source, target])  # both ways are wanted soon, and are found together
    found: list[Row] = remembered(
        archive, ("dyad", *sides), lambda: dyad(archive, sides[0], sides[1], of=("events",), form="rows")
    )
    return [row for row in found if (row["source"], row["target"]) == (source, target)]


def _quads(archive: Archive, source: str, target: str) -> list[Row]:
    """month, quad and count, where there are any."""
    return [
        {"month": row["period"], "quad": quad, "count": int(row[quad.replace(" ", "_")])}
        for row in _periods(archive, source, target)
        for quad in QUADS
        if row[quad.replace(" ", "_")]
    ]


def acts(archive: Archive, query: Query, marked: bool = True) -> Figure:
    """Acts of one side towards another by month and quad class; marked: with the months when the tone broke.

    Finding breaks takes a while, so that the page shows the table without and the drawing brings them.
    """
    source, target = query.get("source", ""), query.get("target", "")
    quads = _quads(archive, source, target)
    marks = [
        {
            "month": b.month.isoformat(),
            "why": f"hostile share {b.before:.0%} before, {b.after:.0%} after; in {b.support:.0%} of redrawn series",
        }
        for b in (tone_breaks(archive, source, target) if marked else ())
    ]
    named = asking.names(archive, [source, target])
    made = _monthly(
        quads,
        lambda r, since, until: address(
            "", what="events", done=1, actor=source, target=target, quad=r["quad"].upper(), from_=since, to=until
        ),
    )
    return Figure(
        "acts",
        f"Acts of {named.get(source, 'all')} towards {named.get(target, 'all')} by month",
        ("month", "quad", "count"),
        made,
        specifications.acts_by_month(made, breaks=bool(marks)),
        {"source": source, "target": target},
        "No dated act of the one towards the other is in the archive.",
        {"breaks": marks},
    )


def tone_breaks(archive: Archive, source: str, target: str) -> list[Any]:
    """Months when the hostile share of acts changed for good; see analysis/scales.py."""

    def find() -> list[Any]:
        counts: dict[date, dict[str, int]] = {}
        for row in _quads(archive, source, target):
            kind = act_of(row) or "friendly"
            own = counts.setdefault(row["month"], {"hostile": 0, "friendly": 0})
            own[kind] += row["count"]
        return breaks([Month(m, c["hostile"], c["friendly"], {}) for m, c in sorted(counts.items())])

    return remembered(archive, ("breaks", source, target), find)


def intensity(archive: Archive, query: Query) -> Figure:
    """Mean Goldstein value of acts by month."""
    source, target = query.get("source", ""), query.get("target", "")
    found = [
        {"month": row["period"], "goldstein": row["goldstein"], "count": int(row["events"])}
        for row in _periods(archive, source, target)
        if row["goldstein"] is not None
    ]
    named = asking.names(archive, [source, target])
    made = _monthly(
        found,
        lambda r, since, until: address("", what="events", done=1, actor=source, target=target, from_=since, to=until),
    )
    return Figure(
        "intensity",
        f"Intensity of the acts of {named.get(source, 'all')} towards {named.get(target, 'all')}: mean Goldstein "
        "value, from −10 (conflict) to 10 (cooperation)",
        ("month", "goldstein", "count"),
        made,
        specifications.points_by_month(made, "goldstein", "Goldstein value", (-10, 10), "acts"),
        {"source": source, "target": target},
        "No act with an intensity is in the archive.",
    )


def stances(archive: Archive, query: Query) -> Figure:
    """An actor's positions by issue and kind."""
    id = query.get("actor", "")
    found = summaries.stances_by_issue(archive, id)
    made = [
        {
            **row,
            "issue": issue_name(row["issue"]),
            "kind": row["kind"].replace("_", " "),
            "href": address("", what="positions", actor=id, issue=row["issue"], kind=row["kind"]),
        }
        for row in found
    ]
    totals: dict[str, int] = {}
    for row in made:
        totals[row["issue"]] = totals.get(row["issue"], 0) + row["count"]
    made.sort(key=lambda r: (-totals[r["issue"]], r["issue"]))
    few = set(sorted(totals, key=lambda i: (-totals[i], i))[:MOST_DRAWN])
    drawn = [r for r in made if r["issue"] in few]
    return Figure(
        "stances",
        f"Positions of {asking.names(archive, [id]).get(id, id)} by issue",
        ("issue", "kind", "count"),
        made,
        specifications.bars_by_name(drawn, "issue", "kind", specifications.stance_scale([r["kind"] for r in made])),
        {"actor": id},
        "No position of this actor is in the archive.",
        note=f"The {MOST_DRAWN} issues with most positions are drawn; the table has all {len(totals)}."
        if len(totals) > MOST_DRAWN
        else "",
        drawn=drawn,
    )


def standings(archive: Archive, query: Query) -> Figure:
    """Who stands where on an issue."""
    issue = query.get("issue", "")
    found = summaries.stances_by_actor(archive, issue)
    named = asking.names(archive, [r["actor"] for r in found])
    made = [
        {
            "actor": named[row["actor"]],
            "kind": row["kind"].replace("_", " "),
            "count": row["count"],
            "href": address("", what="positions", issue=issue, actor=row["actor"], kind=row["kind"]),
        }
        for row in found
    ]
    return Figure(
        "standings",
        f"Who stands where on {issue_name(issue)}",
        ("actor", "kind", "count"),
        made,
        specifications.bars_by_name(made, "actor", "kind", specifications.stance_scale([r["kind"] for r in made])),
        {"issue": issue},
        "Nobody has taken a position on this issue.",
    )


def matrix(archive: Archive, query: Query) -> Figure:
    """Actors and months on an issue: how many positions, and how many of them for or against."""
    issue = query.get("issue", "")
    found = summaries.stances_over_time(archive, issue)
    cells: dict[tuple[str, date], dict[str, int]] = {}
    for row in found:
        cell = cells.setdefault((row["actor"], row["month"]), {"count": 0, "balance": 0})
        cell["count"] += row["count"]
        side = load_agreement().get(row["kind"])
        if side is not None:
            cell["balance"] += row["count"] if side else -row["count"]
    named = asking.names(archive, [actor for actor, _ in cells])
    made = []
    for (actor, month), cell in sorted(cells.items(), key=lambda c: (c[0][1], c[0][0])):
        since, until = month_days(month)
        balance = cell["balance"] / cell["count"]
        made.append(
            {
                "month": since,
                "actor": named[actor],
                "count": cell["count"],
                "balance": balance,
                "side": specifications.SIDES[0 if balance > 0 else 1 if balance < 0 else 2],
                "href": address("", what="positions", issue=issue, actor=actor, from_=since, to=until),
            }
        )
    return Figure(
        "matrix",
        f"Positions on {issue_name(issue)} over time",
        ("month", "actor", "count", "balance"),
        made,
        specifications.matrix_by_month(made, "actor"),
        {"issue": issue},
        "No dated position on this issue is in the archive.",
    )


def formula(archive: Archive, query: Query) -> Figure:
    """Uses of a formula by month and side."""
    phrase = query.get("phrase", "")
    found = rows(
        archive,
        "WITH here AS (SELECT date_trunc('month', day)::DATE AS month, coalesce(actor_country, actor, '') AS id "
        f"FROM phrases WHERE phrase = {quoted(phrase)} AND day IS NOT NULL AND NOT coalesce(duplicate, FALSE)), "
        "top AS (SELECT id FROM here WHERE id <> '' GROUP BY id ORDER BY count(*) DESC, id LIMIT 6) "
        "SELECT month, CASE WHEN id IN (SELECT id FROM top) THEN id ELSE '' END AS id, count(*) AS count "
        "FROM here GROUP BY ALL ORDER BY month, id",
    )
    named = asking.names(archive, [r["id"] for r in found])
    made = _monthly(
        [{**r, "actor": named.get(r["id"], OTHERS)} for r in found],
        lambda r, since, until: address("", what="phrases", phrase=phrase, actor=r["id"], from_=since, to=until),
    )
    order = list(dict.fromkeys(r["actor"] for r in sorted(made, key=lambda r: -r["count"])))
    return Figure(
        "formula",
        f"Uses of “{phrase}” by month",
        ("month", "actor", "count"),
        made,
        specifications.bars_by_month(made, "actor", specifications.scale_of(order, OTHERS), "uses"),
        {"phrase": phrase},
        "This formula is not in the archive.",
    )


def network(archive: Archive, query: Query) -> Figure:
    """Actors and issues, or actors and actors, with agreement and conflict."""
    asked = networking.read_query(query)
    net = networking.drawn(archive, asked)
    return Figure(
        "network",
        net.title,
        ("from", "to", "tie", "weight"),
        net.ties,
        specifications.node_link(net.ties, net.nodes),
        asked.query(),
        "No ties in this time; widen it or choose another kind.",
        {"nodes": net.nodes},
    )


FIGURES: dict[str, Callable[[Archive, Query], Figure]] = {
    "acts": acts,
    "intensity": intensity,
    "stances": stances,
    "standings": standings,
    "matrix": matrix,
    "formula": formula,
    "network": network,
}


def figure(archive: Archive, name: str, query: Query) -> Figure:
    """A chart by name, kept while the archive stays as it is.

    Raises:
        InputError: no such chart.
    """
    if name not in FIGURES:
        raise InputError(f"chart {name!r} is unknown; there are {', '.join(FIGURES)}")
    key = ("figure", name, *sorted((k, v) for k, v in query.items() if v))
    return remembered(archive, key, lambda: FIGURES[name](archive, query))
