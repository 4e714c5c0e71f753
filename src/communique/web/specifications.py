"""What the page's charts look like, as Vega-Lite without the rows. Each says in words and shapes what colours say."""

from collections.abc import Mapping, Sequence
from typing import Any

from communique.analysis.networks import load_agreement
from communique.web.axes import WHEN, counts, tallest, time, whole

Row = Mapping[str, Any]
Spec = dict[str, Any]

# Okabe and Ito's colours, told apart by colour-blind readers; words light, deeds dark.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
OTHERS = "#8a8a8a"
FOR, AGAINST, NEITHER = "#0072b2", "#d55e00", OTHERS
QUADS = {
    "verbal cooperation": "#56b4e9",
    "material cooperation": "#0072b2",
    "verbal conflict": "#e69f00",
    "material conflict": "#d55e00",
}
# Kinds of position by what they say about the issue, shades of one colour each; from agreement.tsv's order.
_SHADES = {
    1: ("#08519c", "#2171b5", "#4292c6", "#6baed6", "#9ecae1", "#c6dbef"),
    None: ("#636363", "#a5a5a5"),
    0: ("#8c2d04", "#b84a05", "#d9660f", "#f08a2c", "#f7ad5c", "#fbcf96"),
}
_LINK = {"field": "href", "type": "nominal"}
_MONTH_TOLD = {**WHEN, "format": "%B %Y", "title": "month"}
_ACROSS: Spec = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
_TOP = {"orient": "top", "titleOrient": "left", "symbolSize": 120}


def scale_of(names: Sequence[str], others: str = "") -> Spec:
    """A colour for each name; `others` is grey and the last."""
    own = [name for name in names if name != others]
    range_ = [COLOURS[n % len(COLOURS)] for n in range(len(own))]
    return (
        {"domain": [*own, others], "range": [*range_, OTHERS]} if others in names else {"domain": own, "range": range_}
    )


def stance_scale(kinds: Sequence[str]) -> Spec:
    """Kinds of position: for the issue in blue, neither in grey, against it in orange; a kind's shade is fixed."""
    shades: dict[str, str] = {}
    for side, range_ in _SHADES.items():
        own = [kind for kind, agreement in load_agreement().items() if agreement == side]
        shades.update((kind.replace("_", " "), range_[n % len(range_)]) for n, kind in enumerate(own))
    domain = [kind for kind in shades if kind in kinds]
    return {"domain": domain, "range": [shades[kind] for kind in domain]}


def _high(rows: Sequence[Row], name: str, step: int) -> int:
    return step * max(1, len({row[name] for row in rows}))


def _told(*fields: str) -> list[Spec]:
    return [{"field": f, "type": "quantitative" if f == "count" else "nominal"} for f in fields]


def acts_by_month(rows: Sequence[Row], breaks: bool) -> Spec:
    """Bars of `count` by `month` and `quad`: cooperation upwards, conflict downwards, so that grey print tells them
    apart too; `breaks`: dashed lines at the months of the data set "breaks"."""
    x = time(rows)
    down = "indexof(datum.quad, 'conflict') >= 0"
    below, above = (tallest((r for r in rows if ("conflict" in r["quad"]) is c), "month") for c in (True, False))
    signed = {
        "field": "signed",
        "type": "quantitative",
        "title": "← conflict · acts · cooperation →",
        "axis": {"values": whole(-below, above), "labelExpr": "format(abs(datum.value), ',d')"},
    }
    bars = {
        "transform": [
            {"calculate": f"{down} ? -datum.count : datum.count", "as": "signed"},
            {"calculate": "indexof(datum.quad, 'material')", "as": "rank"},
        ],
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {
            "x": x,
            "y": signed,
            "order": {"field": "rank", "sort": "ascending"},
            "color": _coloured("quad", {"domain": list(QUADS), "range": list(QUADS.values())}),
            "href": _LINK,
            "tooltip": [_MONTH_TOLD, *_told("quad"), {"field": "count", "type": "quantitative", "title": "acts"}],
        },
    }
    line = {k: v for k, v in signed.items() if k != "field"}  # the same axis: else that of the line counts
    zero = {"mark": {"type": "rule", "color": "#888"}, "encoding": {"y": {**line, "datum": 0}}}
    layers = [bars, zero]
    if breaks:
        rule = {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2, "color": "#888"}
        encoding = {"x": x, "tooltip": [{**_MONTH_TOLD, "title": "the tone breaks"}, *_told("why")]}
        word = {"type": "text", "text": "break", "align": "left", "dx": 4, "color": "#888"}
        layers.append({"data": {"name": "breaks"}, "mark": rule, "encoding": encoding})
        layers.append({"data": {"name": "breaks"}, "mark": word, "encoding": {"x": x, "y": {"value": 6}}})
    return {**_ACROSS, "height": 240, "layer": layers}


def _coloured(field: str, scale: Spec) -> Spec:
    """Colours of a field's values, with a legend above the chart."""
    return {"field": field, "type": "nominal", "scale": scale, "title": None, "legend": _TOP}


def _ranked(field: str, scale: Spec) -> Spec:
    """The column `rank`: the place of a field's value in the scale, by which parts of a bar are stacked."""
    return {"calculate": f"indexof({list(scale['domain'])!r}, datum.{field})", "as": "rank"}


def bars_by_month(rows: Sequence[Row], colour: str, scale: Spec, unit: str) -> Spec:
    """Stacked bars of `count` by `month`."""
    return {
        **_ACROSS,
        "height": 240,
        "mark": {"type": "bar", "cursor": "pointer"},
        "transform": [_ranked(colour, scale)],
        "encoding": {
            "x": time(rows),
            "y": counts(rows, "month", unit),
            "order": {"field": "rank", "sort": "ascending"},
            "color": _coloured(colour, scale),
            "href": _LINK,
            "tooltip": [_MONTH_TOLD, *_told(colour), {"field": "count", "type": "quantitative", "title": unit}],
        },
    }


def points_by_month(rows: Sequence[Row], value: str, title: str, domain: tuple[float, float], unit: str) -> Spec:
    """Points of `value` by `month`, larger where more are behind it; a thin line leads the eye over empty months."""
    x, y = (
        {**time(rows), "scale": {"padding": 12}},
        {"field": value, "type": "quantitative", "title": title, "scale": {"domain": list(domain)}},
    )
    size = {
        "field": "count",
        "type": "quantitative",
        "scale": {"rangeMin": 30, "rangeMax": 300, "zero": True},
        "legend": None,
    }
    told = {"field": value, "type": "quantitative", "format": ".2f", "title": title}
    count = {"field": "count", "type": "quantitative", "title": unit}
    return {
        **_ACROSS,
        "height": 160,
        "layer": [
            {"mark": {"type": "rule", "color": "#888"}, "encoding": {"y": {"datum": 0}}},
            {"mark": {"type": "line", "color": FOR, "opacity": 0.7, "strokeWidth": 1}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "filled": True, "opacity": 1, "color": FOR, "cursor": "pointer"},
                "encoding": {"x": x, "y": y, "size": size, "href": _LINK, "tooltip": [_MONTH_TOLD, told, count]},
            },
        ],
    }


def bars_by_name(rows: Sequence[Row], name: str, colour: str, scale: Spec, unit: str = "positions") -> Spec:
    """Lying stacked bars of `count` by `name`, longest first."""
    return {
        **_ACROSS,
        "height": _high(rows, name, 22),
        "mark": {"type": "bar", "cursor": "pointer", "stroke": "white", "strokeWidth": 0.5},
        "transform": [_ranked(colour, scale)],
        "encoding": {
            "y": {"field": name, "type": "nominal", "sort": "-x", "title": None},
            "x": counts(rows, name, unit),
            "order": {"field": "rank", "sort": "ascending"},
            "color": _coloured(colour, scale),
            "href": _LINK,
            "tooltip": [*_told(name, colour), {"field": "count", "type": "quantitative", "title": unit}],
        },
    }


SIDES = ("more for", "more against", "evenly")


def matrix_by_month(rows: Sequence[Row], name: str) -> Spec:
    """A sign for each `name` and `month`: size is `count`, shape and colour `side`, one of SIDES."""
    most = max((row["count"] for row in rows), default=1)
    side = {"field": "side", "type": "nominal", "title": None, "legend": _TOP}
    return {
        **_ACROSS,
        "height": _high(rows, name, 26),
        "mark": {"type": "point", "filled": True, "opacity": 0.9, "cursor": "pointer"},
        "encoding": {
            "x": {**time(rows), "scale": {"padding": 12}},
            "y": {
                "field": name,
                "type": "nominal",
                "title": None,
                "sort": {"op": "sum", "field": "count", "order": "descending"},
                "axis": {"grid": True},
            },
            "size": {
                "field": "count",
                "type": "quantitative",
                "title": "positions",
                "scale": {"rangeMin": 50, "rangeMax": 350},
                "legend": {**_TOP, "values": sorted({1, (most + 1) // 2, most}), "format": ",d"},
            },
            "color": {**side, "scale": {"domain": list(SIDES), "range": [FOR, AGAINST, NEITHER]}},
            "shape": {**side, "scale": {"domain": list(SIDES), "range": ["triangle-up", "triangle-down", "circle"]}},
            "href": _LINK,
            "tooltip": [
                _MONTH_TOLD,
                *_told(name),
                {"field": "count", "type": "quantitative", "title": "positions"},
                {"field": "balance", "type": "quantitative", "format": ".2f"},
            ],
        },
    }


_TIES = {"agreement": FOR, "conflict": AGAINST, "both": "#cc79a7", "any side": OTHERS}
_DASHES = {"agreement": [1, 0], "conflict": [6, 3], "both": [2, 3], "any side": [1, 0]}
_NODES = {"actor": ("#009e73", "circle"), "issue": ("#cc79a7", "square")}


def node_link(ties: Sequence[Row], nodes: Sequence[Row]) -> Spec:
    """A network: `rows` are ties with x, y, x2, y2, weight and tie; the set "nodes" has x, y, name, label, kind,
    degree. On narrow screens it is scrolled, so that names stay apart."""
    kinds = [tie for tie in _TIES if any(row["tie"] == tie for row in ties)]
    ends = [kind for kind in _NODES if any(row["kind"] == kind for row in nodes)]

    def place(axis: str) -> Spec:
        spread = [node[axis] for node in nodes] or [0.0]
        edge = 0.06 * (max(spread) - min(spread)) or 1.0
        domain = [min(spread) - edge, max(spread) + edge]
        return {"field": axis, "type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}

    at = {"x": place("x"), "y": place("y")}
    tie = {
        "field": "tie",
        "type": "nominal",
        "title": "tie",
        "legend": {**_TOP, "symbolSize": 500, "symbolStrokeWidth": 3},
    }
    kind = {"field": "kind", "type": "nominal", "title": "node", "legend": _TOP}
    return {
        **_ACROSS,
        "height": 600,
        "usermeta": {"least_width": 760},
        "layer": [
            {
                "mark": {"type": "rule", "opacity": 0.55, "cursor": "pointer"},
                "encoding": {
                    **at,
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "strokeWidth": {
                        "field": "strength",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"range": [1, 7]},
                    },
                    "stroke": {**tie, "scale": {"domain": kinds, "range": [_TIES[k] for k in kinds]}},
                    "strokeDash": {**tie, "scale": {"domain": kinds, "range": [_DASHES[k] for k in kinds]}},
                    "href": _LINK,
                    "tooltip": [*_told("from", "to", "tie"), {"field": "weight", "type": "quantitative"}],
                },
            },
            {
                "data": {"name": "nodes"},
                "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer", "stroke": "#fff"},
                "encoding": {
                    **at,
                    "size": {"field": "degree", "type": "quantitative", "legend": None, "scale": {"range": [60, 600]}},
                    "shape": {**kind, "scale": {"domain": ends, "range": [_NODES[k][1] for k in ends]}},
                    "fill": {**kind, "scale": {"domain": ends, "range": [_NODES[k][0] for k in ends]}},
                    "href": _LINK,
                    "tooltip": [*_told("name", "kind"), {"field": "degree", "type": "quantitative", "format": ",.4~f"}],
                },
            },
            {
                "data": {"name": "nodes"},
                "mark": {"type": "text", "dy": -14, "fontSize": 12, "color": "#555", "cursor": "pointer"},
                "encoding": {**at, "text": {"field": "label"}, "href": _LINK},
            },
        ],
    }
