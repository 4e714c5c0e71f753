"""Networks as GraphML, GEXF (Gephi) and JSON (node-link), with typed attributes."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import InputError

if TYPE_CHECKING:
    from communique.analysis.networks import Network


def graph_text(network: "Network", format: str) -> str:
    """A network in one of the formats "graphml", "gexf" and "json".

    Raises:
        InputError: no such format.
        MissingPartError: networkx is not installed.
    """
    writers: dict[str, Callable[[Network], str]] = {"graphml": _graphml, "gexf": _gexf, "json": _json}
    if format not in writers:
        raise InputError(f"{format}: networks are written as {', '.join(writers)}")
    return writers[format](network)


def write_graph(network: "Network", path: Path) -> None:
    """Write a network in the format that the file's name ends in; arguments and errors as for `graph_text`."""
    path.write_text(graph_text(network, path.suffix.removeprefix(".")), encoding="utf8")


def _graphml(network: "Network") -> str:
    graph = network.graph()
    import networkx

    out = io.BytesIO()
    networkx.write_graphml_xml(graph, out, encoding="utf-8", infer_numeric_types=False, named_key_ids=True)
    return out.getvalue().decode() + "\n"


def _gexf(network: "Network") -> str:
    graph = network.graph()
    import networkx

    # Gephi takes an edge's "weight" from the attribute of that name in the edge element, and shows nodes by "label".
    graph.graph = {"mode": "static", "defaultedgetype": "undirected"}
    for _, _, tie in graph.edges(data=True):
        # GEXF's weight must not be negative for Gephi's layouts; the sign stands beside it.
        tie["sign"] = "positive" if tie["weight"] > 0 else "negative"
        tie["signed_weight"] = tie["weight"]
        tie["weight"] = abs(tie["weight"])
    out = io.BytesIO()
    networkx.write_gexf(graph, out, encoding="utf-8", version="1.2draft")
    return out.getvalue().decode() + "\n"


def _json(network: "Network") -> str:
    from dataclasses import asdict

    held: dict[str, Any] = {
        "settings": network.settings,
        "nodes": [asdict(n) for n in network.nodes],
        "links": [asdict(e) for e in network.edges],
    }
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"
