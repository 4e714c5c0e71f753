"""Charts as values: a title, rows and a Vega-Lite specification; drawn by the browser, or here for PNG and SVG."""

import csv
import io
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import vl_convert

from communique.web.rendering import address

Row = Mapping[str, Any]

# Okabe and Ito's colours; conflict warm, cooperation cool, words light, deeds dark.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#777777")
QUADS = {
    "VERBAL COOPERATION": "#56b4e9",
    "MATERIAL COOPERATION": "#0072b2",
    "VERBAL CONFLICT": "#e69f00",
    "MATERIAL CONFLICT": "#d55e00",
}
_LINK = {"field": "href", "type": "nominal"}
_CONFIG = {"view": {"stroke": None}, "font": "sans-serif", "axis": {"labelLimit": 240}, "background": "white"}


@dataclass(frozen=True)
class Figure:
    """name: which chart; query: what it was asked with, for its address; rows: with `href` where a click leads.

    extra: further data that the specification reads by name and the table does not show.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    spec: Mapping[str, Any]
    query: Mapping[str, object]
    empty: str = "Nothing in the archive answers this."
    extra: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def address(self, format: str) -> str:
        return address("charts", f"{self.name}.{format}", **dict(self.query))

    def table_rows(self, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
        shown = self.rows[first : None if most is None else first + most]
        return [{"cells": [row.get(c) for c in self.columns], "href": row.get("href")} for row in shown]

    def vega_lite(self) -> dict[str, Any]:
        """The whole specification with its data; loads nothing."""
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": self.title,
            "config": _CONFIG,
            "datasets": {
                "rows": [dict(r) for r in self.rows],
                **{k: [dict(r) for r in v] for k, v in self.extra.items()},
            },
            "data": {"name": "rows"},
            **self.spec,
        }

    def csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows([spreadsheet_safe(row.get(c)) for c in self.columns] for row in self.rows)
        return out.getvalue()


def spreadsheet_safe(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets a quote mark before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


_drawing = threading.Lock()  # one V8 is enough, and it is not made for threads


def drawn(figure: Figure, format: str) -> bytes:
    """The chart as "svg" or "png" (at twice the size)."""
    spec = json.dumps(
        {**figure.vega_lite(), "width": figure.spec.get("width") if figure.spec.get("width") != "container" else 700}
    )
    with _drawing:
        if format == "svg":
            return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])).encode()
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))


@lru_cache(maxsize=1)
def library() -> bytes:
    """Vega, Vega-Lite and Vega-Embed for the browser, from vl-convert, so that nothing loads from elsewhere."""
    with _drawing:
        return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")).encode()


def colours(domain: Sequence[str]) -> dict[str, Any]:
    return {"domain": list(domain), "range": [COLOURS[n % len(COLOURS)] for n in range(len(domain))]}


def bars_by_month(colour: str, scale: Mapping[str, Any], breaks: bool = False) -> dict[str, Any]:
    """Stacked bars of `count` by `month`; `breaks`: dashed lines at the months of the data set "breaks"."""
    time = {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cursor": "pointer"},
            "encoding": {
                "x": time,
                "y": {"field": "count", "type": "quantitative", "aggregate": "sum", "title": "count"},
                "color": {
                    "field": colour,
                    "type": "nominal",
                    "scale": dict(scale),
                    "title": None,
                    "legend": {"orient": "top"},
                },
                "href": _LINK,
                "tooltip": [
                    {"field": f, "type": t}
                    for f, t in (("month", "nominal"), (colour, "nominal"), ("count", "quantitative"))
                ],
            },
        }
    ]
    if breaks:
        rule = {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2, "color": "#888"}
        tooltip = [{"field": "month", "type": "nominal"}, {"field": "why", "type": "nominal"}]
        layers.append({"data": {"name": "breaks"}, "mark": rule, "encoding": {"x": time, "tooltip": tooltip}})
    return {"width": "container", "height": 240, "layer": layers}


def line_by_month(value: str, title: str, domain: tuple[float, float] | None = None) -> dict[str, Any]:
    """A line of `value` by `month` with its zero line."""
    scale: dict[str, Any] = {"domain": list(domain)} if domain else {}
    return {
        "width": "container",
        "height": 160,
        "layer": [
            {"mark": {"type": "rule", "color": "#888"}, "encoding": {"y": {"datum": 0}}},
            {
                "mark": {"type": "line", "point": True, "color": COLOURS[0], "cursor": "pointer"},
                "encoding": {
                    "x": {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None},
                    "y": {"field": value, "type": "quantitative", "title": title, "scale": scale},
                    "href": _LINK,
                    "tooltip": [
                        {"field": "month", "type": "nominal"},
                        {"field": value, "type": "quantitative", "format": ".2f"},
                    ],
                },
            },
        ],
    }


def bars_by_name(name: str, colour: str, scale: Mapping[str, Any]) -> dict[str, Any]:
    """Lying stacked bars of `count` by `name`, longest first."""
    return {
        "width": "container",
        "height": {"step": 22},
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {
            "y": {"field": name, "type": "nominal", "sort": "-x", "title": None},
            "x": {"field": "count", "type": "quantitative", "aggregate": "sum", "title": "count"},
            "color": {
                "field": colour,
                "type": "nominal",
                "scale": dict(scale),
                "title": None,
                "legend": {"orient": "top", "columns": 4},
            },
            "href": _LINK,
            "tooltip": [
                {"field": f, "type": t} for f, t in ((name, "nominal"), (colour, "nominal"), ("count", "quantitative"))
            ],
        },
    }


def matrix_by_month(name: str, value: str, title: str) -> dict[str, Any]:
    """Circles by `name` and `month`: size is `count`, colour `value` from -1 (against) to 1 (for)."""
    scale = {"domain": [-1, 0, 1], "range": ["#d55e00", "#bbbbbb", "#0072b2"]}
    return {
        "width": "container",
        "height": {"step": 26},
        "mark": {"type": "circle", "opacity": 0.95, "cursor": "pointer", "stroke": "#555", "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None},
            "y": {"field": name, "type": "nominal", "title": None},
            "size": {
                "field": "count",
                "type": "quantitative",
                "title": "count",
                "scale": {"rangeMin": 40, "rangeMax": 420},
            },
            "color": {"field": value, "type": "quantitative", "title": title, "scale": scale},
            "href": _LINK,
            "tooltip": [
                {"field": "month", "type": "nominal"},
                {"field": name, "type": "nominal"},
                {"field": "count", "type": "quantitative"},
                {"field": value, "type": "quantitative", "format": ".2f"},
            ],
        },
    }


def node_link() -> dict[str, Any]:
    """A network: `rows` are ties with x, y, x2, y2, weight and tie; the set "nodes" has x, y, name, kind, degree"""
    place = {"type": "quantitative", "axis": None, "scale": {"domain": [-1.15, 1.15]}}
    tie = {
        "domain": ["agreement", "conflict", "both", "any side"],
        "range": ["#0072b2", "#d55e00", "#cc79a7", "#888888"],
    }
    kind = {"domain": ["actor", "issue"], "range": ["#009e73", "#cc79a7"]}
    at = {"x": {"field": "x", **place}, "y": {"field": "y", **place}}
    return {
        "width": "container",
        "height": 560,
        "resolve": {"scale": {"color": "independent", "size": "independent"}},
        "layer": [
            {
                "mark": {"type": "rule", "opacity": 0.55, "cursor": "pointer"},
                "encoding": {
                    **at,
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "size": {"field": "strength", "type": "quantitative", "legend": None, "scale": {"range": [1, 7]}},
                    "color": {"field": "tie", "type": "nominal", "scale": tie, "title": "tie"},
                    "strokeDash": {
                        "field": "tie",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": tie["domain"], "range": [[1, 0], [6, 3], [2, 3], [1, 0]]},
                    },
                    "href": _LINK,
                    "tooltip": [{"field": f, "type": "nominal"} for f in ("from", "to", "tie", "weight")],
                },
            },
            {
                "data": {"name": "nodes"},
                "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer", "stroke": "#fff"},
                "encoding": {
                    **at,
                    "size": {"field": "degree", "type": "quantitative", "legend": None, "scale": {"range": [60, 600]}},
                    "shape": {
                        "field": "kind",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": kind["domain"], "range": ["circle", "square"]},
                    },
                    "color": {"field": "kind", "type": "nominal", "scale": kind, "title": "node"},
                    "href": _LINK,
                    "tooltip": [{"field": f, "type": "nominal"} for f in ("name", "kind", "degree")],
                },
            },
            {
                "data": {"name": "nodes"},
                "mark": {"type": "text", "dy": -14, "fontSize": 12, "color": "#555", "cursor": "pointer"},
                "encoding": {**at, "text": {"field": "name"}, "href": _LINK},
            },
        ],
    }
