"""The network page's question and its drawing: ties from analysis/networks.py, places from networkx."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communique.analysis.networks import KINDS, Network, network
from communique.archive.store import Archive
from communique.errors import InputError
from communique.web import asking
from communique.web.asking import Row
from communique.web.remembering import remembered
from communique.web.rendering import address, issue_name

MOST_TIES = 100  # more than so many cannot be read in one drawing; the strongest are drawn


@dataclass(frozen=True)
class Asked:
    """since, until: months as YYYY-MM, both included; "": from the beginning, to the end."""

    kind: str = "actor-issue"
    agreement: str = "subtract"
    normalization: str = "no"
    since: str = ""
    until: str = ""

    def query(self) -> dict[str, object]:
        given = {"kind": self.kind, "agreement": self.agreement, "normalization": self.normalization}
        return {**given, "from": self.since, "to": self.until}


@dataclass(frozen=True)
class Drawn:
    """ties and nodes with their places; total: ties before the weakest were left out."""

    title: str
    ties: list[Row]
    nodes: list[Row]
    total: int


def read_query(query: Mapping[str, str]) -> Asked:
    """What an address asks for; settings that do not go together fall back to the kind's own.

    Raises:
        InputError: no such kind, or a month that is none.
    """
    kind = query.get("kind") or "actor-issue"
    if kind not in KINDS:
        raise InputError(f"kind: {kind!r} is unknown; use one of {', '.join(KINDS)}")
    agreements, normalizations = KINDS[kind]
    agreement, normalization = query.get("agreement", ""), query.get("normalization", "")
    since, until = query.get("from", ""), query.get("to", "")
    for month in (since, until):
        if month:
            _first_day(month)
    return Asked(
        kind,
        agreement if agreement in agreements else "subtract",
        normalization if normalization in normalizations else "no",
        since,
        until,
    )


def drawn(archive: Archive, asked: Asked) -> Drawn:
    """The network of a time; every actor and issue keeps its place whatever the time is."""
    whole = remembered(archive, ("network", asked.kind), lambda: _network(archive, Asked(asked.kind, "ignore")))
    places = remembered(archive, ("places", asked.kind), lambda: _places(whole), rows_only=True)
    net = _network(archive, asked)
    strongest = sorted(net.edges, key=lambda e: (-abs(e.weight), e.source, e.target))[:MOST_TIES]
    tied = {end for e in strongest for end in (e.source, e.target)}
    degree: dict[str, float] = {}
    for edge in strongest:
        for end in (edge.source, edge.target):
            degree[end] = degree.get(end, 0) + abs(edge.weight)
    nodes = {n.id: n for n in net.nodes if n.id in tied}
    names = asking.names(archive, [n.id for n in nodes.values() if n.type == "actor"])
    called = {
        n.id: names[n.id] if n.type == "actor" else issue_name(n.id.removeprefix("issue/")) for n in nodes.values()
    }
    greatest = max((abs(e.weight) for e in strongest), default=1.0)
    ties = []
    for edge in strongest:
        (x, y), (x2, y2) = places.get(edge.source, (0.0, 0.0)), places.get(edge.target, (0.0, 0.0))
        ties.append(
            {
                "from": called[edge.source],
                "to": called[edge.target],
                "tie": _tie(asked.agreement, edge.weight),
                "weight": edge.weight,
                "strength": math.sqrt(abs(edge.weight) / greatest),
                "x": x,
                "y": y,
                "x2": x2,
                "y2": y2,
                "href": _behind(asked, edge.source, edge.target),
            }
        )
    made: list[Row] = [
        {
            "id": n.id,
            "name": called[n.id],
            "kind": n.type,
            "x": places.get(n.id, (0.0, 0.0))[0],
            "y": places.get(n.id, (0.0, 0.0))[1],
            "degree": round(degree[n.id], 4),
            "href": address("issues", n.id.removeprefix("issue/")) if n.type == "issue" else address("actors", n.id),
        }
        for n in nodes.values()
    ]
    named = labelled(made)
    for node in made:
        node["label"] = node["name"] if node["id"] in named else ""
    return Drawn(_title(asked), ties, made, len(net.edges))


def _tie(agreement: str, weight: float) -> str:
    match agreement:
        case "subtract":
            return "agreement" if weight > 0 else "conflict"
        case "combine":
            return {1.0: "agreement", 2.0: "conflict"}.get(weight, "both")
        case "ignore":
            return "any side"
        case _:
            return "agreement" if agreement == "congruence" else "conflict"


def _network(archive: Archive, asked: Asked) -> Network:
    key = ("ties", *asked.query().values())
    start = _first_day(asked.since) if asked.since else None
    end = _last_day(asked.until) if asked.until else None

    def make() -> Network:
        return network(
            archive,
            asked.kind,  # type: ignore[arg-type]
            agreement=asked.agreement,  # type: ignore[arg-type]
            normalization=asked.normalization,  # type: ignore[arg-type]
            start=start,
            end=end,
        )

    return remembered(archive, key, make)


def _places(net: Network) -> dict[str, tuple[float, float]]:
    """A place in the square from -1 to 1 for each node: tied ones near each other; always the same."""
    import networkx

    graph: Any = networkx.Graph()
    graph.add_nodes_from(n.id for n in net.nodes)
    strongest = sorted(net.edges, key=lambda e: -abs(e.weight))[: 4 * MOST_TIES]
    greatest = max((abs(e.weight) for e in strongest), default=1.0)
    graph.add_weighted_edges_from((e.source, e.target, 0.2 + abs(e.weight) / greatest) for e in strongest)
    if not graph:
        return {}
    spread = networkx.spring_layout(graph, seed=7, k=2.2 / math.sqrt(len(graph)), iterations=120)
    across, down = (_evened({id: float(at[axis]) for id, at in spread.items()}) for axis in (0, 1))
    return {id: (across[id], down[id]) for id in spread}


def _evened(along: Mapping[str, float]) -> dict[str, float]:
    """Places along one axis moved towards even distances, so that a crowded middle can be read; few stay as they are,
    for three at even distances both ways would stand in a line."""
    order = sorted(along, key=lambda id: (along[id], id))
    greatest = max((abs(at) for at in along.values()), default=0.0) or 1.0
    last, even = max(1, len(order) - 1), 0.75 * min(1.0, len(order) / 60)
    return {id: round((1 - even) * along[id] / greatest + even * (2 * n / last - 1), 4) for n, id in enumerate(order)}


def _extent(places: Sequence[float]) -> float:
    return max(places, default=0.0) - min(places, default=0.0) or 1.0


def labelled(nodes: Sequence[Row]) -> set[str]:
    """Ids of nodes whose names can stand in a drawing without covering another's, the best tied first."""
    across, down = ([node[axis] for node in nodes] for axis in ("x", "y"))
    wide, high = 900 / _extent(across), 600 / _extent(down)  # pixels a unit
    taken: list[tuple[float, float, float]] = []
    found = set()
    for node in sorted(nodes, key=lambda n: (-n["degree"], n["id"])):
        x, y, half = node["x"] * wide, node["y"] * high, 3.4 * len(node["name"])
        if all(abs(y - y2) > 13 or abs(x - x2) > half + half2 + 4 for x2, y2, half2 in taken):
            taken.append((x, y, half))
            found.add(node["id"])
    return found


def _behind(asked: Asked, one: str, other: str) -> str:
    """Where a tie's positions are."""
    time = {"from_": asked.since, "to": asked.until}
    if asked.kind == "actor-issue":
        return address("", what="positions", actor=one, issue=other.removeprefix("issue/"), **time)
    if asked.kind == "actor-actor":
        return address("dyad", source=one, target=other)
    return address("issues", one.removeprefix("issue/"))


def _title(asked: Asked) -> str:
    what = {
        "actor-issue": "Who is for and against what",
        "actor-actor": "Who agrees with whom",
        "issue-issue": "Issues on which the same sides meet",
    }[asked.kind]
    time = f", {asked.since or 'the beginning'} to {asked.until or 'the end'}" if asked.since or asked.until else ""
    return what + time


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month[:7]}-01")
    except ValueError:
        raise InputError(f"{month!r} is no month; write it YYYY-MM") from None


def _last_day(month: str) -> date:
    first = _first_day(month)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def months(first: date | None, last: date | None) -> list[str]:
    """Every month from one day to another, as YYYY-MM."""
    if first is None or last is None:
        return []
    at, found = date(first.year, first.month, 1), []
    while at <= last:
        found.append(f"{at:%Y-%m}")
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return found
