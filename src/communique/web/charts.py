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

_CONFIG = {
    "view": {"stroke": None},
    "font": "sans-serif",
    "axis": {"labelLimit": 240},
    "legend": {"columns": 4},
    "background": "white",
}


@dataclass(frozen=True)
class Figure:
    """name: which chart; query: what it was asked with, for its address; rows: with `href` where a click leads.

    extra: further data that the specification reads by name and the table does not show. drawn: the rows in the
    picture where it cannot hold them all; note: what a reader should know of it.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    spec: Mapping[str, Any]
    query: Mapping[str, object]
    empty: str = "Nothing in the archive answers this."
    extra: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    note: str = ""
    drawn: Sequence[Row] | None = None

    def address(self, format: str) -> str:
        return address("charts", f"{self.name}.{format}", **dict(self.query))

    def table_rows(self, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
        shown = self.rows[first : None if most is None else first + most]
        return [{"cells": [row.get(c) for c in self.columns], "href": row.get("href")} for row in shown]

    def vega_lite(self) -> dict[str, Any]:
        """The whole specification with its data; loads nothing."""
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "description": self.title,
            "config": _CONFIG,
            "datasets": {
                "rows": [dict(r) for r in (self.rows if self.drawn is None else self.drawn)],
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
