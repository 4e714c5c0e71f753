"""The tables of the index: filled from an archive, and brought up to date as batches and reviews come.

`base` holds every row with columns more: `place_` its number here, `machine_` whether the coder made it, `counts_`
whether it counts after people's reviews, `id_` and `of_` hashes of a statement's id. `base.gone` has the places of rows
that are not there any more. The views are named and made as those of an archive; `counted` has the rows that count with
their places, for those who look up words.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from communique.archive.reviews import REVIEWED, corrected_rows, newest
from communique.archive.schema import CODED, TABLES
from communique.web.filters import KINDS
from communique.web.index import words

MEMORY = "1GB"
_OF_DOCUMENTS = ("documents", *CODED)
_WHOLE = ("reviews", "failures")
_ORDER = {"documents": "published DESC NULLS LAST, id", "actors": "record, n", "mentions": "record, n"}
_KEYS = {
    "statements": {"id_": "id"},
    **{table: {"of_": "statement"} for table in ("events", "positions", "phrases")},
}
"""What ties rows to statements, as numbers."""
_BY_DAY = "day DESC NULLS LAST, record, n"


def create(file: Path, machine_only: bool = False) -> duckdb.DuckDBPyConnection:
    """An empty index in a new file; it reads nothing else."""
    connection = duckdb.connect(str(file), config={"memory_limit": MEMORY, "temp_directory": f"{file}.more"})
    for schema in ("base", "machine", "counted"):
        connection.execute(f"CREATE SCHEMA {schema}")
    connection.execute("CREATE TABLE base.gone (name VARCHAR, place INTEGER)")
    for table in (*_OF_DOCUMENTS, *_WHOLE):
        # The archive's views have these two last.
        columns = [c for c in TABLES[table].names if c not in ("record", "n")]
        columns += [c for c in TABLES[table].names if c in ("record", "n")]
        listed = ", ".join(f'"{c}"' for c in columns)
        with words.given(connection, TABLES[table].empty_table()) as given:
            connection.execute(
                f"CREATE TABLE base.{table} AS SELECT {_extra(table, '0::INTEGER')}, {listed} FROM {given}"
            )
        connection.execute(f"CREATE VIEW machine.{table} AS SELECT {listed} FROM base.{table} WHERE machine_")
        mine = "machine_" if machine_only else "counts_"
        connection.execute(f"CREATE VIEW {table} AS SELECT {listed} FROM base.{table} WHERE {mine}")
        if table in KINDS:
            connection.execute(
                f"CREATE VIEW counted.not_{table} AS SELECT place_ FROM base.{table} WHERE NOT {mine} "
                f"UNION ALL SELECT place FROM base.gone WHERE name = '{table}'"
            )
            connection.execute(
                f"CREATE VIEW counted.{table} AS SELECT place_, {', '.join(_KEYS[table])}, {listed} "
                f"FROM base.{table} WHERE {mine}"
            )
    connection.execute("CREATE TABLE callings (id VARCHAR, name VARCHAR, n BIGINT)")
    words.create(connection)
    for setting in ("enable_external_access=false", "lock_configuration=true"):
        connection.execute(f"SET {setting}")
    return connection


def _extra(table: str, place: str, machine: str = "TRUE") -> str:
    """The columns that `base` has more."""
    keys = "".join(f", if({of} IS NULL, NULL, hash({of})) AS {key}" for key, of in _KEYS.get(table, {}).items())
    return f"{place} AS place_, {machine} AS machine_, TRUE AS counts_{keys}"


def records(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """The records that an index or an archive holds."""
    return {r for (r,) in connection.cursor().execute("SELECT record FROM machine.documents").fetchall()}


Commit = Callable[[duckdb.DuckDBPyConnection], object]


def _commit(writer: duckdb.DuckDBPyConnection) -> None:
    writer.execute("COMMIT")


def follow(index: duckdb.DuckDBPyConnection, archive: duckdb.DuckDBPyConnection, commit: Commit = _commit) -> int:
    """Bring an index to what an archive holds; its readers see all of it or nothing.

    Returns:
        How many rows came and went.
    """
    have, wanted = records(index), records(archive)
    gone, new = have - wanted, wanted - have
    changed = 0
    with _writing(index) as writer:
        for table in _OF_DOCUMENTS:
            changed += _drop(writer, table, gone) + _take(writer, archive, table, new, everything=not have)
        for table in _WHOLE:
            writer.execute(f"DELETE FROM base.{table}")
            _take(writer, archive, table, (), everything=True)
        _apply(writer, None)
        if changed:
            writer.execute("DELETE FROM callings")
            writer.execute("INSERT INTO callings SELECT id, name, count(*) FROM actors GROUP BY ALL ORDER BY ALL")
        commit(writer)
    return changed


def review(index: duckdb.DuckDBPyConnection, reviews: pa.Table, commit: Commit = _commit) -> int:
    """Reviews that the index does not have yet, and what follows from them; how many they are."""
    with _writing(index) as writer:
        with words.given(writer, reviews) as given:
            found = writer.execute(
                f"INSERT INTO base.reviews BY NAME SELECT {_extra('reviews', '0')}, * "
                f'FROM {given} WHERE id NOT IN (SELECT id FROM base.reviews) RETURNING "row"'
            ).fetchall()
        _apply(writer, {row for (row,) in found})
        commit(writer)
    return len(found)


@contextmanager
def _writing(index: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor whose changes are seen all at once when they are committed, or never."""
    writer = index.cursor()
    writer.execute("BEGIN")
    try:
        yield writer
    finally:
        writer.close()  # without a commit, nothing of it stays


def _drop(writer: duckdb.DuckDBPyConnection, table: str, gone: Iterable[int]) -> int:
    if not gone:
        return 0
    return _delete(writer, table, "record IN (SELECT unnest(?))", list(gone))


def _delete(writer: duckdb.DuckDBPyConnection, table: str, where: str, those: list[Any]) -> int:
    """Rows go; their places are kept, for their words stay in the postings and no other row may get them."""
    writer.execute(
        f"INSERT INTO base.gone SELECT '{table}', place_ FROM base.{table} WHERE {where}",
        [those],
    )
    return int(writer.execute(f"DELETE FROM base.{table} WHERE {where}", [those]).fetchall()[0][0])


def _take(
    writer: duckdb.DuckDBPyConnection,
    archive: duckdb.DuckDBPyConnection,
    table: str,
    new: Iterable[int],
    everything: bool,
) -> int:
    """Rows of new records, sorted by day so that neighbours in time are neighbours here, with their words."""
    if not everything and not new:
        return 0
    last = words.last_place(writer, table)
    order = _ORDER.get(table, "id" if table in _WHOLE else _BY_DAY)
    where, given_records = ("TRUE", []) if everything else ("record IN (SELECT unnest(?))", [list(new)])
    reading = archive.cursor()
    rows = reading.sql(f"SELECT * FROM machine.{table} WHERE {where}", params=given_records).to_arrow_reader(100_000)
    try:
        with words.given(writer, rows) as given:
            writer.execute(
                f"INSERT INTO base.{table} SELECT {_extra(table, f'{last} + row_number() OVER ()')}, * FROM "
                f"(SELECT * FROM {given} ORDER BY {order})"
            )
    finally:
        reading.close()
    _add_words(writer, table, last)
    return words.last_place(writer, table) - last


def _add_words(writer: duckdb.DuckDBPyConnection, table: str, last: int) -> None:
    """The words of a table's rows behind a place, where the table is one that is searched."""
    for kind in KINDS:
        if kind == table:
            words.add(writer, kind, last)


def _apply(writer: duckdb.DuckDBPyConnection, rows: set[str] | None) -> None:
    """What reviews make of these rows of the machine's, or of all that were reviewed."""
    for table in REVIEWED:
        known = writer.execute('SELECT DISTINCT "row" FROM machine.reviews WHERE "table" = ?', [table]).fetchall()
        touched = [id for (id,) in known if rows is None or id in rows]
        if not touched:
            continue
        changed = {id: found for id, found in newest(writer, table).items() if id in {*touched}}
        among = "id IN (SELECT unnest(?))"
        _delete(writer, table, f"NOT machine_ AND {among}", touched)
        writer.execute(
            f"UPDATE base.{table} SET counts_ = id NOT IN (SELECT unnest(?)) WHERE {among}", [list(changed), touched]
        )
        last = words.last_place(writer, table)
        with words.given(writer, corrected_rows(writer, table, changed)) as given:
            writer.execute(
                f"INSERT INTO base.{table} BY NAME SELECT "
                f"{_extra(table, f'{last} + row_number() OVER ()', 'FALSE')}, * FROM {given}"
            )
        _add_words(writer, table, last)
