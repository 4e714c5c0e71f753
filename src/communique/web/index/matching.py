"""Which rows answer a search, and in which order: sets of places as masks, and orders made before anybody asks."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from communique.errors import InputError
from communique.web.filters import KINDS, Kind
from communique.web.index import words
from communique.web.questions import WORDS, Part, holds_words

_EPOCH = date(1970, 1, 1).toordinal()
_KEYS = {"day": "coalesce(day, DATE '0001-01-01') - DATE '1970-01-01'", "confidence": "coalesce(confidence, 0)"}
CODED = {
    "positions": {"side": "coalesce(actor_country, actor)", "kind": "kind", "month": "date_trunc('month', day)::DATE"}
}
"""What rows are counted by: names of values, with how they are found in SQL."""
_COLUMNS = {"record": np.int64, "n": np.int32, "of": np.int32, "there": bool, "fresh": bool}
_TYPES = {"day": np.int32, "confidence": np.float64, **_COLUMNS}
Order = tuple[str, str]
"""A column and "ASC" or "DESC"; then by record and place in it."""


@dataclass(frozen=True)
class Rows:
    """What searches need to know of the rows of one kind, by place.

    counts: the rows that count after reviews; fresh: of those, the ones that are in no copy. columns: to sort by, and
    `there` and `fresh` as they are before reviews, and `of`, the first place of the statement that a row is, or is of,
    -1 for none. orders: places sorted, those that were there when the index was made and those that came since. coded:
    numbers of values, and the values by number.
    """

    counts: Any
    fresh: Any
    columns: Mapping[str, Any]
    orders: Mapping[Order, tuple[Any, Any]]
    coded: Mapping[str, tuple[Any, list[Any]]]

    def sorted(self, order: Order, places: Any) -> Any:
        """Places in an order."""
        key = self.columns[order[0]][places]
        return places[
            np.lexsort((*(self.columns[c][places] for c in ("n", "record")), -key if order[1] == "DESC" else key))
        ]


def load(reading: duckdb.DuckDBPyConnection, before: Mapping[Kind, Rows] | None = None) -> dict[Kind, Rows]:
    """The rows as they are now. before: as they were when the index was made, which need not be read again."""
    return {kind: _load(reading, kind, before[kind] if before else None) for kind in KINDS}


def _load(reading: duckdb.DuckDBPyConnection, kind: Kind, made: Rows | None) -> Rows:
    last = words.last_place(reading, kind)
    old = len(made.columns["n"]) if made else 0
    sorts = ("day",) if kind == "phrases" else ("day", "confidence")
    record = "coalesce(record, 0)" if kind == "phrases" else "coalesce(record, (hash(id) >> 1)::BIGINT)"
    there = reading.execute(
        f"SELECT place_, {', '.join(f'{_KEYS[c]} AS {c}' for c in sorts)}, {record} AS record, coalesce(n, 0) AS n, "
        "TRUE AS there, duplicate IS NOT TRUE AS fresh "
        f"FROM base.{kind} WHERE place_ >= {old}"
    ).fetchnumpy()
    same = "id_ = t.id_" if kind == "statements" else "id_ = t.of_"
    firsts = reading.execute(
        f"SELECT t.place_, min(s.place_) AS first FROM base.{kind} t JOIN base.statements s ON s.{same} "
        f"WHERE t.place_ >= {old} GROUP BY t.place_"
    ).fetchnumpy()
    there["of"] = np.full(last + 1, -1)
    there["of"][firsts["place_"]] = firsts["first"]
    there["of"] = there["of"][there["place_"]]
    columns = {}
    for name in (*sorts, *_COLUMNS):
        new = np.full(last + 1 - old, -1 if name == "of" else 0, _TYPES[name])
        new[there["place_"] - old] = there[name]
        columns[name] = np.concatenate([made.columns[name], new]) if made else new
    counts = columns["there"].copy()
    counts[reading.execute(f"SELECT place_ FROM counted.not_{kind}").fetchnumpy()["place_"]] = False
    coded = {
        name: _coded(reading, kind, sql, old, last, made.coded[name] if made else None)
        for name, sql in CODED.get(kind, {}).items()
    }
    rows = Rows(counts, counts & columns["fresh"], columns, {}, coded)
    places, none = there["place_"].astype(np.int32), np.empty(0, np.int32)
    orders = {}
    for order in ((column, direction) for column in sorts for direction in ("ASC", "DESC")):
        new = rows.sorted(order, places)
        orders[order] = (made.orders[order][0], new) if made else (new, none)
    return replace(rows, orders=orders)


def _coded(
    reading: duckdb.DuckDBPyConnection, kind: Kind, sql: str, old: int, last: int, made: tuple[Any, list[Any]] | None
) -> tuple[Any, list[Any]]:
    """Values of rows as numbers, and the values; those of the rows before `old` are known."""
    found = reading.sql(f"SELECT place_, {sql} AS v FROM base.{kind} WHERE place_ >= {old}").to_arrow_table()
    column = found.column("v")
    encoded = pa.concat_arrays([pa.nulls(0, column.type), *column.chunks]).dictionary_encode(null_encoding="encode")
    values = {value: number for number, value in enumerate(made[1] if made else ())}
    own = [values.setdefault(value, len(values)) for value in encoded.dictionary.to_pylist()]
    numbers = np.zeros(last + 1, np.int32)
    if made:
        numbers[:old] = made[0]
    numbers[found.column("place_").to_numpy()] = np.array(own, np.int32)[encoded.indices.to_numpy()]
    return numbers, list(values)


def matching(
    reading: duckdb.DuckDBPyConnection, all_rows: Mapping[Kind, Rows], kind: Kind, asked: Sequence[Sequence[Part]]
) -> Any:
    """A mask of the places that answer a search: in each group of its parts, one holds."""
    found = all_rows[kind].fresh
    for group in asked:
        either = np.zeros_like(found)
        for part in group:
            either |= _linked(all_rows, kind, part.table, _holds(reading, all_rows[part.table], part))
        found = found & either
    return found


def counted(
    reading: duckdb.DuckDBPyConnection, all_rows: Mapping[Kind, Rows], part: Part, by: Sequence[str]
) -> list[tuple[Any, ...]]:
    """How many rows a condition holds for, copies included: of each combination of values, they and the number."""
    rows = all_rows[part.table]
    held = _holds(reading, rows, part)
    if not by:
        return [(int(held.sum()),)]
    values = [rows.coded[name][1] for name in by]
    each = np.ravel_multi_index([rows.coded[name][0][held] for name in by], [max(1, len(v)) for v in values])
    numbers = np.bincount(each)
    there = np.flatnonzero(numbers)
    combined = np.unravel_index(there, [max(1, len(v)) for v in values])
    named = ([v[n] for n in own] for v, own in zip(values, combined, strict=True))
    return list(zip(*named, numbers[there].tolist(), strict=True))


def _holds(reading: duckdb.DuckDBPyConnection, rows: Rows, part: Part) -> Any:
    """A mask of the rows of a part's table for which it holds."""
    if part.tags:
        places = words.holding(reading, part.table, part.tags)
    elif part.term:
        return _with_words(reading, rows, part)
    else:
        places = reading.execute(f"SELECT place_ FROM counted.{part.table} WHERE {part.sql}").fetchnumpy()["place_"]
    return _at(rows, places) & rows.counts


def _at(rows: Rows, places: Any) -> Any:
    found = np.zeros_like(rows.counts)
    found[places] = True
    return found


def _with_words(reading: duckdb.DuckDBPyConnection, rows: Rows, part: Part) -> Any:
    """Rows that have a term's words; where these do not tell whether they stand as in the term, the texts are read."""
    written = part.term.rstrip("*").rstrip() if part.term.endswith("*") else part.term
    cut = words.cut(reading, written)
    there = [word for word in cut if word != "."]
    begins = bool(there) and part.term.endswith("*") and re.search(r"\w$", written) is not None
    whole = there[:-1] if begins else there
    often = words.frequent(reading, part.table, whole) if len(cut) > 1 else set()
    pairs = {(a, b): f"{a} {b}" for a, b in pairwise(cut) if a in often and b in often}
    if begins and len(cut) > 1:
        pairs.pop((cut[-2], cut[-1]), None)
    single = {w for w in whole if not any(w in pair for pair in pairs)}
    found = rows.counts
    for entry in (*single, *pairs.values()):
        found = found & _at(rows, words.holding(reading, part.table, [entry]))
    if begins:
        found = found & _at(rows, words.beginning(reading, part.table, there[-1]))
    plain = " ".join(cut) == written and "." not in cut
    if plain and (len(cut) == 1 or (len(cut) == 2 and pairs)):
        return found
    return _read(reading, rows, part, found)


def _read(reading: duckdb.DuckDBPyConnection, rows: Rows, part: Part, among: Any) -> Any:
    """Of these rows, those whose text holds a term."""
    text = WORDS[part.table]
    some = f"SELECT place_, {text} FROM base.{part.table}"
    given = []
    if 2 * among.sum() < rows.counts.sum():
        some += " WHERE place_ IN (SELECT unnest(?))"
        given = [np.flatnonzero(among).tolist()]
    sql = f"WITH among AS MATERIALIZED ({some}) SELECT place_ FROM among WHERE {holds_words(text, part.term)}"
    return _at(rows, reading.execute(sql, given).fetchnumpy()["place_"]) & among


def _linked(all_rows: Mapping[Kind, Rows], kind: Kind, table: Kind, found: Any) -> Any:
    """Rows of a kind of the same statement as some of another table."""
    if kind == table:
        return found
    statements = np.zeros(len(all_rows["statements"].counts) + 1, bool)  # the last is for rows of none
    statements[all_rows[table].columns["of"][found]] = True
    statements[-1] = False
    return statements[all_rows[kind].columns["of"]]


def part_of(rows: Rows, found: Any, order: Order, skip: int, size: int, after: tuple[str, int, int] | None) -> Any:
    """The places of one page of answers. after: the day or number, record and place of the last row before it.

    Raises:
        InputError: `after` holds no such day or number.
    """
    most = skip + size
    pieces = [_first(found, _behind(rows, order, places, after), most) for places in rows.orders[order]]
    both = np.concatenate(pieces)
    return (rows.sorted(order, both) if len(pieces[1]) else both)[skip:most]


def _first(found: Any, places: Any, most: int) -> Any:
    """The first of some places that a mask holds."""
    pieces: list[Any] = []
    have, at, step = 0, 0, max(4 * most, 1000)
    while have < most and at < len(places):
        some = places[at : at + step]
        pieces.append(some[found[some]])
        have, at, step = have + len(pieces[-1]), at + step, 4 * step
    return np.concatenate([*pieces, places[:0]])[:most]


def _behind(rows: Rows, order: Order, places: Any, after: tuple[str, int, int] | None) -> Any:
    if after is None:
        return places
    column, direction = order
    at, record, n = after
    sign = -1 if direction == "DESC" else 1
    try:
        value = date.fromisoformat(at).toordinal() - _EPOCH if column == "day" else float(at)
    except ValueError:
        raise InputError("cursor: not one that an earlier answer gave; start again without it") from None

    def key(place: int) -> tuple[Any, Any, Any]:
        return sign * rows.columns[column][place], rows.columns["record"][place], rows.columns["n"][place]

    return places[bisect_right(places, (sign * value, record, n), key=key) :]
