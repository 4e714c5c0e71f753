"""Hostile and friendly acts and the register of words between two sides, month by month, and the months when they
break.

Breaks are found with ruptures' exact search (Truong, Oudre and Vayatis 2020, "Selective review of offline change point
detection methods") on the variance-stabilised share asin(sqrt(p)), whose variance in a month with n acts is 1/(4n) if
chance alone is at work. News brings more: what months vary beyond chance is estimated from the differences of
neighbours (von Neumann 1941), which a break hardly touches, and added, as in a meta-analysis with random effects. How
sure a break is, is found by bootstrap: months are drawn anew around the shares of their segments and searched again.
`benchmarks/breaks.py` measures false alarms and power.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from communique.archive.store import Archive
from communique.coding.phrases import load_phrases
from communique.errors import InputError, MissingPartError

HOSTILE_QUADS = frozenset({"VERBAL CONFLICT", "MATERIAL CONFLICT"})
HOSTILE_KINDS = frozenset({"opposition", "accusation", "red_line", "refusal", "concern"})
FRIENDLY_KINDS = frozenset({"support", "welcome", "willingness", "commitment"})


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one side towards another. hostile and friendly are counts; registers: count of formulas by
    register.
    """

    first: date
    hostile: int
    friendly: int
    registers: dict[str, int]

    @property
    def acts(self) -> int:
        return self.hostile + self.friendly

    @property
    def share(self) -> float | None:
        """Share of hostile acts; None in a month without any act."""
        return self.hostile / self.acts if self.acts else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence (Wilson 1927)."""
        if not self.acts:
            return None
        n, p, z = self.acts, self.hostile / self.acts, 1.96
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Break:
    """The first month of a new stretch. before, after: hostile share of the stretches on its two sides. support: in how
    many of the bootstrap's series a break came within a month of it; earliest, latest: where 9 in 10 of these lie.
    """

    month: date
    before: float
    after: float
    support: float
    earliest: date
    latest: date


def act_of(row: Mapping[str, Any]) -> str | None:
    """Whether an event (by its quad class) or a position (by its kind) is "hostile" or "friendly"; None if neither."""
    if row.get("quad"):
        return "hostile" if row["quad"] in HOSTILE_QUADS else "friendly"
    kind = row.get("kind")
    return "hostile" if kind in HOSTILE_KINDS else "friendly" if kind in FRIENDLY_KINDS else None


def months(
    acts: Iterable[Mapping[str, Any]], actor: str, target: str, formulas: Iterable[Mapping[str, Any]] = ()
) -> list[Month]:
    """Month after month of one side towards another, months without acts included.

    Args:
        acts: events or positions as rows with date, actor, targets, and quad or kind; sides as states, else actor ids.
        actor: who acts.
        target: towards whom.
        formulas: rows with date, actor and register of the formulas used; their target is seldom known and not
            asked for.

    Raises:
        InputError: no act of the actor towards the target has a date.
    """
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for row in acts:
        kind = act_of(row)
        if kind is not None and row.get("date") and row.get("actor") == actor and target in (row.get("targets") or ()):
            counts[_month(row["date"])][kind] += 1
    if not counts:
        raise InputError(
            f"no dated act of {actor} towards {target}; give states as ISO 3166 codes, such as CHN and USA"
        )
    registers: dict[date, Counter[str]] = defaultdict(Counter)
    for row in formulas:
        if row.get("date") and row.get("actor") == actor and row.get("register"):
            registers[_month(row["date"])][row["register"]] += 1
    found, month = [], min(counts)
    while month <= max(counts):
        found.append(Month(month, counts[month]["hostile"], counts[month]["friendly"], dict(registers[month])))
        month = _next(month)
    return found


def breaks(
    series: Sequence[Month], *, shortest: int = 3, penalty: float | None = None, draws: int = 200, seed: int = 0
) -> list[Break]:
    """Months in which the hostile share changed for good, with how sure that is.

    Args:
        series: as `months` gives it; months without acts are passed over.
        shortest: months that a stretch has at least.
        penalty: what a further break must gain, in units of the series' own noise; None for 2.5 log(months): 2, a
            place and a level for each break as in BIC, marks a break in too many short series without one.
        draws: series of the bootstrap. seed: of its random numbers, so that the answer is always the same.

    Raises:
        MissingPartError: ruptures is not installed.
    """
    used = [m for m in series if m.acts]
    if len(used) < 2 * shortest:
        return []
    hostile = np.array([m.hostile for m in used])
    acts = np.array([m.acts for m in used])
    price = 2.5 * math.log(len(used)) if penalty is None else penalty
    values, errors = _stabilised(hostile, acts)
    beyond = max(0.0, float((np.diff(values) ** 2 - errors[1:] - errors[:-1]).mean() / 2))
    ends = _search(values, errors + beyond, shortest, price)
    if not ends:
        return []
    edges = [0, *ends, len(used)]
    levels = [float(hostile[a:b].sum() / acts[a:b].sum()) for a, b in pairwise(edges)]
    middle = np.arcsin(np.sqrt(np.repeat(levels, np.diff(edges))))
    random = np.random.default_rng(seed)
    redrawn = []
    for _ in range(draws):
        shares = np.sin(np.clip(random.normal(middle, math.sqrt(beyond)), 0, math.pi / 2)) ** 2
        redrawn.append(_stabilised(random.binomial(acts, shares), acts)[0])
    drawn = _search_all(np.array(redrawn), errors + beyond, shortest, price)
    found = []
    for number, end in enumerate(ends):
        reach = max(shortest, 3)
        near = [min(d, key=lambda e, end=end: abs(e - end)) for d in drawn if d]  # type: ignore[misc]
        near = sorted(e for e in near if abs(e - end) <= reach)
        support = sum(abs(e - end) <= 1 for e in near) / draws
        low = near[int(0.05 * (len(near) - 1))] if near else end
        high = near[math.ceil(0.95 * (len(near) - 1))] if near else end
        found.append(
            Break(used[end].first, levels[number], levels[number + 1], support, used[low].first, used[high].first)
        )
    return found


def _stabilised(hostile: Any, acts: Any) -> tuple[Any, Any]:
    """asin(sqrt(share)) of each month in Anscombe's form for small counts, and its variance by chance."""
    return np.arcsin(np.sqrt((hostile + 0.375) / (acts + 0.75))), 0.25 / (acts + 0.5)


def _search(values: Any, variances: Any, shortest: int, price: float) -> list[int]:
    """Indices at which a new stretch begins. Each month counts as many times as its value is sure."""
    try:
        import ruptures
        from ruptures.base import BaseCost
    except ImportError as error:
        raise MissingPartError("breaks need ruptures: pip install 'communique[analysis]'") from error
    weight, first, second = (sums.tolist() for sums in _sums(values, variances))

    class Weighted(BaseCost):  # type: ignore[misc]
        """Weighted squared distance from a segment's mean; 1 for each month if nothing but chance is at work."""

        model = "weighted"
        min_size = shortest

        def fit(self, signal: Any) -> "Weighted":
            self.signal = signal
            return self

        def error(self, start: int, end: int) -> float:
            x = first[end] - first[start]
            distance: float = second[end] - second[start] - x * x / (weight[end] - weight[start])
            return distance

    found = (
        ruptures.Pelt(custom_cost=Weighted(), min_size=shortest, jump=1).fit(values.reshape(-1, 1)).predict(pen=price)
    )
    return [int(e) for e in found[:-1]]


def _sums(values: Any, variances: Any) -> tuple[Any, Any, Any]:
    """Sums from the first month on, of the weights, the weighted values and their weighted squares, 0 in front."""
    nothing = np.zeros((*values.shape[:-1], 1))

    def sums(each: Any) -> Any:
        return np.concatenate([nothing, np.cumsum(each / variances, axis=-1)], axis=-1)

    return sums(np.ones_like(values)), sums(values), sums(values**2)


def _search_all(values: Any, variances: Any, shortest: int, price: float) -> list[list[int]]:
    """What `_search` finds in each of many series, a row each: optimal partitioning (Jackson et al. 2005, "An algorithm
    for optimal partitioning of data on an interval") of all at once, in a hundredth of the time.
    """
    weight, first, second = _sums(values, variances)
    months = values.shape[1]
    best = np.full(weight.shape, np.inf)  # by end: distances and prices of the best stretches
    best[:, 0] = 0.0
    begins = np.zeros(weight.shape, int)  # by end: where the last of them begins
    for end in range(shortest, months + 1):
        starts = slice(0, end - shortest + 1)
        w, x, xx = (sums[:, end, None] - sums[:, starts] for sums in (weight, first, second))
        cost = best[:, starts] + price + xx - x**2 / w
        begins[:, end] = cost.argmin(axis=1)
        best[:, end] = cost.min(axis=1)
    found = []
    for row in begins:
        ends, end = [], int(row[months])
        while end > 0:
            ends.append(end)
            end = int(row[end])
        found.append(ends[::-1])
    return found


def _month(value: object) -> date:
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return date(day.year, day.month, 1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def acts_in(archive: Archive) -> list[dict[str, Any]]:
    """Events of an archive as `months` takes them, one row for each side that acts; duplicates of documents left
    out.
    """
    table = archive.ask(
        """
        select coalesce(date, day) as date, unnest(source_countries) as actor, target_countries as targets, quad
        from events where not duplicate and modality != 'denied'
        """
    )
    return list(table.to_pylist())


def formulas_in_archive(archive: Archive, actor: str) -> list[dict[str, Any]]:
    """Formulas that a side used, with their day and register."""
    book = load_phrases().formulas
    table = archive.ask(
        "select day as date, actor_country as actor, phrase from phrases where not duplicate and actor_country = ?",
        [actor],
    )
    return [{**row, "register": book[row["phrase"]].register} for row in table.to_pylist() if row["phrase"] in book]
