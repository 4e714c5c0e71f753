"""Hostile and friendly acts by month, and where their share breaks."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.analysis.scales import Month, _search, _search_all, _stabilised, breaks, months
from communique.errors import InputError


def act(day: str, quad: str, actor: str = "ISL", target: str = "GBR") -> dict[str, Any]:
    return {"date": day, "actor": actor, "targets": [target], "quad": quad}


def series(shares: list[tuple[int, int]]) -> list[Month]:
    return [Month(date(2020 + n // 12, n % 12 + 1, 1), a, b, {}) for n, (a, b) in enumerate(shares)]


def test_months_count_and_fill() -> None:
    rows = [
        act("2024-01-05", "VERBAL CONFLICT"),
        act("2024-01-09", "VERBAL COOPERATION"),
        act("2024-03-01", "MATERIAL CONFLICT"),
        act("2024-02-01", "VERBAL CONFLICT", actor="GBR", target="ISL"),
        {"date": None, "actor": "ISL", "targets": ["GBR"], "quad": "VERBAL CONFLICT"},
    ]
    found = months(rows, "ISL", "GBR", [{"date": "2024-03-02", "actor": "ISL", "register": "severe"}])
    assert [(m.first.month, m.hostile, m.friendly) for m in found] == [(1, 1, 1), (2, 0, 0), (3, 1, 0)]
    assert [m.share for m in found] == [0.5, None, 1.0]
    assert found[2].registers == {"severe": 1}


def test_positions_count_by_kind() -> None:
    rows = [
        {"date": "2024-01-05", "actor": "ISL", "targets": ["GBR"], "kind": kind}
        for kind in ("opposition", "welcome", "claim", "principle")
    ]
    assert [(m.hostile, m.friendly) for m in months(rows, "ISL", "GBR")] == [(1, 1)]


def test_nothing_between_them() -> None:
    with pytest.raises(InputError, match="ISL towards NOR"):
        months([act("2024-01-05", "VERBAL CONFLICT")], "ISL", "NOR")


def test_interval_is_wide_for_few_acts() -> None:
    few, many = Month(date(2024, 1, 1), 1, 1, {}), Month(date(2024, 1, 1), 100, 100, {})
    assert few.interval is not None and many.interval is not None
    assert few.interval[1] - few.interval[0] > 0.6 > 0.2 > many.interval[1] - many.interval[0]
    assert Month(date(2024, 1, 1), 0, 0, {}).interval is None


def test_clear_break_is_found_and_sure() -> None:
    found = breaks(series([(1, 9)] * 12 + [(9, 1)] * 12))
    assert [b.month for b in found] == [date(2021, 1, 1)]
    assert (round(found[0].before, 1), round(found[0].after, 1)) == (0.1, 0.9)
    assert found[0].support > 0.95
    assert found[0].earliest <= found[0].month <= found[0].latest


def test_two_breaks() -> None:
    found = breaks(series([(1, 9)] * 8 + [(8, 2)] * 8 + [(1, 9)] * 8))
    assert [(b.month.year, b.month.month) for b in found] == [(2020, 9), (2021, 5)]


def test_noise_is_no_break() -> None:
    assert breaks(series([(4, 6), (6, 4), (5, 5), (5, 5), (6, 4), (4, 6)] * 4)) == []


def test_months_that_vary_more_than_chance_are_no_breaks() -> None:
    marked = 0
    for seed in range(10):
        random = np.random.default_rng(seed)
        shares = [(int(n), 40 - int(n)) for n in random.binomial(40, random.beta(5, 5, 36))]
        marked += bool(breaks(series(shares), draws=1))
    assert marked <= 2  # without the variance beyond chance all ten are


def test_weak_break_is_less_sure_than_strong() -> None:
    weak = breaks(series([(2, 3)] * 12 + [(4, 1)] * 12))
    strong = breaks(series([(1, 9)] * 12 + [(9, 1)] * 12))
    assert all(b.support < strong[0].support for b in weak)


def test_too_short_a_series() -> None:
    assert breaks(series([(0, 9), (9, 0)])) == []


def test_same_answer_twice() -> None:
    one = series([(1, 4)] * 8 + [(4, 1)] * 8)
    assert breaks(one) == breaks(one)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_breaks_are_months_of_the_series(shares: list[tuple[int, int]]) -> None:
    given_series = series(shares)
    firsts = [m.first for m in given_series]
    for found in breaks(given_series, draws=5):
        assert found.month in firsts
        assert found.earliest <= found.latest
        assert 0 <= found.support <= 1


def test_many_series_are_searched_as_each_is() -> None:
    random = np.random.default_rng(5)
    for length in (6, 13, 30, 47):
        acts = random.integers(1, 30, length)
        rate = np.repeat(random.random(6), length // 6 + 1)[:length]
        hostile = random.binomial(acts, rate, (12, length))
        values, variances = _stabilised(hostile, acts)
        price = 2 * np.log(length)
        assert _search_all(values, variances, 3, price) == [_search(one, variances, 3, price) for one in values]
