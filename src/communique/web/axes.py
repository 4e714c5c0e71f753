"""Axes of the page's charts: months and whole counts, so that no label is a fraction, doubled or crowded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]

WHEN = {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth"}


def time(rows: Sequence[Row]) -> dict[str, Any]:
    """The months of rows as an axis: every label a month with its year, or in longer times a year."""
    months = [date.fromisoformat(row["month"]) for row in rows]
    span = 12 * (max(months).year - min(months).year) + max(months).month - min(months).month if months else 0
    if span > 36:
        ticks, format_ = {"interval": "year", "step": 1 + span // 240}, "%Y"
    else:
        ticks, format_ = {"interval": "month", "step": 1 if span <= 8 else 3}, "%b %Y"
    return {**WHEN, "title": None, "axis": {"tickCount": ticks, "format": format_, "labelOverlap": "greedy"}}


def whole(least: int, most: int) -> list[int]:
    """Whole numbers for an axis from `least` to `most`, nine at most."""
    steps = (m * 10**power for power in range(12) for m in (1, 2, 5))
    step = next(step for step in steps if (most - least) / step <= 8)
    return [n * step for n in range(-(-least // step), most // step + 1)]


def tallest(rows: Iterable[Row], by: str) -> int:
    """The highest sum of counts under one value of a column."""
    sums: dict[Any, int] = {}
    for row in rows:
        sums[row[by]] = sums.get(row[by], 0) + row["count"]
    return max(sums.values(), default=0)


def counts(rows: Sequence[Row], by: str, title: str) -> dict[str, Any]:
    axis = {"values": whole(0, tallest(rows, by)), "format": ",d"}
    return {"field": "count", "type": "quantitative", "title": title, "axis": axis}
