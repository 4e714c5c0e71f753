"""Discourse networks: who takes which side on which issue, and whose sides meet.

The definitions are those of the Discourse Network Analyzer (DNA; Leifeld, 2017, "Discourse network analysis: policy
debates as dynamic networks", Oxford Handbook of Political Networks) as its exporter computes them, names of settings
included. A position stands for DNA's statement: its actor is the first variable, an issue the second (the concept), and
the qualifier is whether the actor is for or against (data/analysis/agreement.tsv). With x[i, j, k] the positions of
actor i on issue j with qualifier k (0 against, 1 for):

two-mode (actor-issue): "ignore" sums over k; "subtract" is for minus against; "combine" is 1 for only for, 2 for only
against, 3 for both. Normalised by "activity", divided by the actor's positions; by "prominence", by the issue's.

one-mode (actor-actor, issue-issue): "ignore" multiplies the two actors' positions on each issue; "congruence" those on
the same side; "conflict" those on opposite sides; "subtract" is congruence minus conflict. Each is summed over issues,
and divided, under "average", by the mean number of positions of the two; under "jaccard", by the positions that either
takes and the other does not, plus the products of those that both take; under "cosine", by the product of their numbers
(DNA's, which is smaller than the cosine of textbooks).
"""

import csv
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from communique.analysis.tables import Day, conditions
from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.data import data_path
from communique.errors import DataError, InputError, MissingPartError

if TYPE_CHECKING:
    import networkx

Kind = Literal["actor-issue", "actor-actor", "issue-issue"]
Agreement = Literal["ignore", "combine", "congruence", "conflict", "subtract"]
Normalization = Literal["no", "activity", "prominence", "average", "jaccard", "cosine"]
Duplicates = Literal["include", "document", "week", "month", "year", "acrossrange"]

KINDS: dict[str, tuple[set[str], set[str]]] = {
    "actor-issue": ({"ignore", "combine", "subtract"}, {"no", "activity", "prominence"}),
    "actor-actor": ({"ignore", "congruence", "conflict", "subtract"}, {"no", "average", "jaccard", "cosine"}),
    "issue-issue": ({"ignore", "congruence", "conflict", "subtract"}, {"no", "average", "jaccard", "cosine"}),
}
_WITHIN = {
    "include": "record, id",
    "document": "record",
    "week": "date_trunc('week', day)",
    "month": "date_trunc('month', day)",
    "year": "date_trunc('year', day)",
    "acrossrange": "1",
}
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """An actor or an issue; `positions` are those counted in the network."""

    id: str
    name: str
    type: Literal["actor", "issue"]
    country: str | None
    positions: int


@dataclass(frozen=True, slots=True)
class Edge:
    """An undirected tie; `weight` as the settings define it."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True)
class Network:
    """Nodes, ties other than 0, and the settings that made them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    settings: dict[str, str] = field(default_factory=dict)

    def graph(self) -> "networkx.Graph[str]":
        """As a networkx graph, with typed attributes (texts, whole numbers, decimals).

        Raises:
            MissingPartError: networkx is not installed.
        """
        try:
            import networkx
        except ImportError:
            raise MissingPartError("networkx is not installed; pip install communique[analysis]") from None
        graph = networkx.Graph(**self.settings)
        for node in self.nodes:
            graph.add_node(
                node.id, label=node.name, type=node.type, country=node.country or "", positions=node.positions
            )
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, weight=edge.weight)
        return graph


def network(
    archive: Archive,
    kind: Kind = "actor-issue",
    *,
    agreement: Agreement | None = None,
    normalization: Normalization = "no",
    duplicates: Duplicates = "document",
    level: Literal["country", "actor"] = "country",
    isolates: bool = False,
    start: Day = None,
    end: Day = None,
    actor: str | None = None,
    issue: str | None = None,
) -> Network:
    """The discourse network of an archive's positions.

    Args:
        archive: where from.
        kind: "actor-issue" (two-mode), "actor-actor" or "issue-issue" (one-mode).
        agreement: how sides are put together; see above. By default "subtract" for two-mode, else "congruence".
        normalization: see above.
        duplicates: within what the same actor's same side on the same issue counts once; "include" counts every one.
        level: "country" takes bodies and officials as their state, "actor" takes each on its own.
        isolates: keep actors and issues without a tie.
        start: first day.
        end: last day, itself included.
        actor: only positions of this actor or state.
        issue: only positions on this issue and those below it.

    Raises:
        InputError: settings that do not go together.
        MissingPartError: networkx is missing (only from `Network.graph`).
    """
    if kind not in KINDS:
        raise InputError(f"--kind {kind}: use one of {', '.join(KINDS)}")
    agreement = agreement or ("subtract" if kind == "actor-issue" else "congruence")
    agreements, normalizations = KINDS[kind]
    if agreement not in agreements:
        raise InputError(f"--agreement {agreement}: for {kind} use one of {', '.join(sorted(agreements))}")
    if normalization not in normalizations:
        raise InputError(f"--normalization {normalization}: for {kind} use one of {', '.join(sorted(normalizations))}")
    if duplicates not in _WITHIN:
        raise InputError(f"--duplicates {duplicates}: use one of {', '.join(_WITHIN)}")
    rows = _positions(archive, agreement, duplicates, level, start=start, end=end, actor=actor, issue=issue)
    actors = sorted({r["actor"] for r in rows})
    issues = sorted({r["issue"] for r in rows})
    x = np.zeros((len(actors), len(issues), 2))
    place = {a: i for i, a in enumerate(actors)}, {j: i for i, j in enumerate(issues)}
    for row in rows:
        x[place[0][row["actor"]], place[1][row["issue"]], row["side"]] += row["n"]
    actor_nodes = _actor_nodes(archive, actors, x.sum(axis=(1, 2)))
    issue_nodes = [
        Node(f"issue/{name}", name.replace("_", " "), "issue", None, int(n))
        for name, n in zip(issues, x.sum(axis=(0, 2)), strict=True)
    ]
    if kind == "actor-issue":
        weights = two_mode(x, agreement, normalization)
        nodes = [*actor_nodes, *issue_nodes]
        edges = [
            Edge(actor_nodes[i].id, issue_nodes[j].id, float(weights[i, j]))
            for i, j in zip(*np.nonzero(weights), strict=True)
        ]
    else:
        nodes = actor_nodes if kind == "actor-actor" else issue_nodes
        weights = one_mode(x if kind == "actor-actor" else x.transpose(1, 0, 2), agreement, normalization)
        edges = [
            Edge(nodes[i].id, nodes[j].id, float(weights[i, j]))
            for i, j in zip(*np.nonzero(weights), strict=True)
            if i < j
        ]
    tied = {end for e in edges for end in (e.source, e.target)}
    settings = {
        "kind": kind,
        "agreement": agreement,
        "normalization": normalization,
        "duplicates": duplicates,
        "level": level,
        "start": str(start or ""),
        "end": str(end or ""),
    }
    return Network(tuple(n for n in nodes if isolates or n.id in tied), tuple(edges), settings)


def two_mode(x: Counts, agreement: str, normalization: str = "no") -> Counts:
    """Ties of actors to issues.

    Args:
        x: positions, actors by issues by side (0 against, 1 for).
        agreement: "ignore", "subtract" or "combine".
        normalization: "no", "activity" or "prominence".

    Returns:
        Actors by issues.
    """
    if agreement == "combine":
        weights = 1.0 * (x[:, :, 1] > 0) + 2.0 * (x[:, :, 0] > 0)
        size = 1.0 * (weights > 0)  # DNA counts the ties here, not the positions
    else:
        weights = x[:, :, 1] - x[:, :, 0] if agreement == "subtract" else x.sum(axis=2)
        size = x.sum(axis=2)
    if normalization == "no":
        return weights
    return _divided(
        weights, np.broadcast_to(size.sum(axis=1 if normalization == "activity" else 0, keepdims=True), size.shape)
    )


def one_mode(x: Counts, agreement: str, normalization: str = "no") -> Counts:
    """Ties among actors by the sides they take on the same issues.

    Args:
        x: positions, actors by issues by side (0 against, 1 for).
        agreement: "ignore", "congruence", "conflict" or "subtract".
        normalization: "no", "average", "jaccard" or "cosine".

    Returns:
        Actors by actors, symmetric, with an empty diagonal.
    """
    against, in_favour = x[:, :, 0], x[:, :, 1]
    congruence = against @ against.T + in_favour @ in_favour.T
    conflict = against @ in_favour.T + in_favour @ against.T
    weights = {
        "ignore": congruence + conflict,
        "congruence": congruence,
        "conflict": conflict,
        "subtract": congruence - conflict,
    }[agreement]
    number = x.sum(axis=(1, 2))
    if normalization == "average":
        weights = _divided(weights, (number[:, None] + number[None, :]) / 2)
    elif normalization == "cosine":
        weights = _divided(weights, number[:, None] * number[None, :])
    elif normalization == "jaccard":
        flat = x.reshape(len(x), -1)
        alone = flat @ (flat == 0).T.astype(float)  # positions of the first on what the second is silent about
        weights = _divided(weights, alone + alone.T + congruence)
    weights = weights.copy()
    np.fill_diagonal(weights, 0.0)
    return weights


def _divided(weights: Counts, by: Counts) -> Counts:
    return np.divide(weights, by, out=np.zeros_like(weights), where=by != 0)


@cache
def load_agreement() -> dict[str, int | None]:
    """Kind of position -> 1 for, 0 against, None neither.

    Raises:
        DataError: the table is damaged.
    """
    path = data_path("analysis", "agreement.tsv")
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    sides: dict[str, int | None] = {"1": 1, "0": 0, "": None}
    for number, row in enumerate(rows, 1):
        if row.get("agreement") not in sides:
            raise DataError(f"{path}: row {number}: agreement is 1, 0 or empty, not {row.get('agreement')!r}")
    return {row["kind"]: sides[row["agreement"]] for row in rows}


def _positions(archive: Archive, agreement: str, duplicates: str, level: str, **filters: Any) -> list[dict[str, Any]]:
    where, given = conditions("positions", **filters)
    # Where sides do not matter, positions that take none count as well.
    sides = {k: (s or 0) if agreement == "ignore" else s for k, s in load_agreement().items()}
    listed = ", ".join("(?, ?)" for s in sides.values() if s is not None)
    sided = [v for k, s in sides.items() if s is not None for v in (k, s)]
    who = "coalesce(t.actor_country, t.actor)" if level == "country" else "t.actor"
    only = "AND issue IN (SELECT unnest(?))" if filters.get("issue") else ""
    rows: list[dict[str, Any]] = archive.ask(
        f"""
        WITH side(kind, side) AS (VALUES {listed}),
             t AS (
                 SELECT {who} AS actor, unnest(t.issues) AS issue, side, record, id, day
                 FROM positions t JOIN side USING (kind) WHERE {where} AND {who} IS NOT NULL
             ),
             once AS (SELECT DISTINCT actor, issue, side, {_WITHIN[duplicates]} AS within FROM t WHERE true {only})
        SELECT actor, issue, side, count(*) AS n FROM once GROUP BY ALL ORDER BY ALL
        """.replace("record, id AS within", "(record, id) AS within"),
        [*sided, *given, *([load_issues().with_narrower(filters["issue"])] if only else [])],
    ).to_pylist()
    return rows


def _actor_nodes(archive: Archive, actors: list[str], counts: Counts) -> list[Node]:
    rows = archive.ask(
        "SELECT id, any_value(name) AS name, any_value(country) AS country FROM actors "
        "WHERE id IN (SELECT unnest(?)) GROUP BY id",
        [actors],
    ).to_pylist()
    known = {r["id"]: r for r in rows}
    return [
        Node(a, known.get(a, {}).get("name") or a, "actor", known.get(a, {}).get("country"), int(n))
        for a, n in zip(actors, counts, strict=True)
    ]
