"""What people say of the machine's rows: confirmed, corrected, rejected or added, by whom, when and why.

Reviews are only ever added. The machine's rows stay in schema `machine`; the views without a schema show what counts
after the newest review of each row.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import uuid4

import duckdb
import pyarrow as pa

from communique.archive.following import with_what_follows
from communique.archive.log import Overtaken, new_batch
from communique.archive.schema import TABLES
from communique.errors import InputError

if TYPE_CHECKING:
    from communique.archive.store import Archive

Decision = Literal["confirm", "correct", "reject", "add"]
REVIEWED = ("statements", "events", "positions")
"""Tables whose rows have ids and can be reviewed."""
FIXED = frozenset({"id", "record", "document", "n"})
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Review:
    """One decision on one row of a table; `corrections` are the columns that differ from the machine's row: those of
    earlier corrections too, which whoever corrects further or confirms has before their eyes.
    """

    id: str
    table: str
    row: str
    document: str | None
    decision: Decision
    corrections: dict[str, Any]
    reviewer: str
    at: datetime
    reason: str | None


def review(
    archive: "Archive",
    table: str,
    row: str,
    decision: Decision,
    reviewer: str,
    corrections: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Review:
    """Keep one person's decision on a row.

    Args:
        archive: where.
        table: "statements", "events" or "positions".
        row: the row's id; for "add" the id of the document that the row is missing from.
        decision: "confirm", "correct" (with corrections), "reject", or "add" (corrections hold the whole new row).
        reviewer: who says so.
        corrections: column -> value, JSON-like.
        reason: why.

    Raises:
        InputError: no such table, row, decision or column, or nobody is named.
    """
    corrections = dict(corrections or {})
    if table not in REVIEWED:
        raise InputError(f"{table}: only {', '.join(REVIEWED)} can be reviewed")
    if decision not in get_args(Decision):
        raise InputError(f"{decision}: a decision is one of {', '.join(get_args(Decision))}")
    if not reviewer.strip():
        raise InputError("a review needs the name of the reviewer")
    if bool(corrections) != (decision in ("correct", "add")):
        raise InputError(f"{decision}: {'name the columns to change' if decision == 'correct' else 'takes no columns'}")
    if unknown := sorted(set(corrections) & FIXED or set(corrections) - set(TABLES[table].names)):
        raise InputError(f"{table}: the column {unknown[0]!r} is not there or cannot be changed")
    _checked(table, corrections)
    document = _document_of(archive, table, row, decision)
    if corrections:
        corrections = with_what_follows(archive.record(document), table, corrections)
    if decision in ("confirm", "correct"):
        corrections = _counting(archive, row) | corrections
    kept = Review(
        id=f"r{uuid4().hex[:12]}",
        table=table,
        row=f"{table[0]}+{uuid4().hex[:11]}" if decision == "add" else row,
        document=document,
        decision=decision,
        corrections=corrections,
        reviewer=reviewer.strip(),
        at=datetime.now(UTC),
        reason=reason,
    )
    _write(archive, kept)
    return kept


def reviews(archive: "Archive", row: str | None = None) -> list[Review]:
    """All reviews, or those of one row, oldest first."""
    where, given = ('WHERE "row" = ?', [row]) if row else ("", [])
    rows = archive.ask(f'SELECT * FROM machine.reviews {where} ORDER BY "at", id', given).to_pylist()
    return [Review(**{**r, "corrections": json.loads(r["corrections"] or "{}")}) for r in rows]


def _counting(archive: "Archive", row: str) -> dict[str, Any]:
    """The corrections under which a row counts, or would if it were not rejected where people added it."""
    for earlier in reversed(reviews(archive, row)):
        if earlier.decision != "reject":
            return earlier.corrections
        if not _added(row):
            break
    return {}


def _added(row: str) -> bool:
    """Whether a row is one that the machine missed and people added."""
    return row[1:2] == "+"


def sample(archive: "Archive", table: str, n: int, by: str = "random", seed: int = 0) -> list[dict[str, Any]]:
    """Rows that nobody has reviewed, to review.

    Args:
        archive: from where.
        table: "statements", "events" or "positions".
        n: how many at most.
        by: "random", or "confidence" for the least sure first.
        seed: of the random choice, so that it can be drawn again.

    Raises:
        InputError: no such table or order.
    """
    if table not in REVIEWED or by not in ("random", "confidence"):
        raise InputError(f"{table}, {by}: sample from {', '.join(REVIEWED)}, by random or confidence")
    found: list[dict[str, Any]] = archive.ask(
        f"SELECT id, document, confidence FROM machine.{table} "
        "WHERE id NOT IN (SELECT row FROM machine.reviews) ORDER BY confidence, id"
    ).to_pylist()
    if by == "random":
        random.Random(seed).shuffle(found)
    return found[:n]


def create_reviewed_views(connection: duckdb.DuckDBPyConnection, machine_only: bool) -> None:
    """A view in the main schema for every table of schema `machine`, with reviews applied unless `machine_only`."""
    for table in TABLES:
        if table == "signatures":
            continue
        changed = {} if machine_only or table not in REVIEWED else newest(connection, table)
        if not changed:
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM machine.{table}")
            continue
        connection.register("given_reviewed", pa.table({"id": list(changed)}))
        connection.execute(f"CREATE TABLE internal.reviewed_{table} AS SELECT * FROM given_reviewed")
        connection.unregister("given_reviewed")
        connection.register("given_corrected", corrected_rows(connection, table, changed))
        connection.execute(f"CREATE TABLE internal.corrected_{table} AS SELECT * FROM given_corrected")
        connection.unregister("given_corrected")
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * FROM machine.{table} WHERE id NOT IN (SELECT id FROM "
            f"internal.reviewed_{table}) UNION ALL BY NAME SELECT * FROM internal.corrected_{table}"
        )


def newest(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, dict[str, Any]]:
    """The newest review of each row that changes it."""
    found: pa.Table = connection.sql(
        'SELECT "row", document, decision, corrections FROM machine.reviews WHERE "table" = ? '
        'QUALIFY row_number() OVER (PARTITION BY "row" ORDER BY "at" DESC, id DESC) = 1',
        params=[table],
    ).to_arrow_table()
    return {r["row"]: r for r in found.to_pylist() if r["decision"] != "confirm" or r["corrections"]}


def corrected_rows(
    connection: duckdb.DuckDBPyConnection, table: str, changed: Mapping[str, Mapping[str, Any]]
) -> pa.Table:
    schema = TABLES[table]
    there: pa.Table = connection.sql(
        f"SELECT * FROM machine.{table} WHERE id IN (SELECT unnest(?))", params=[list(changed)]
    ).to_arrow_table()
    rows = {r["id"]: r for r in there.to_pylist()}
    result = []
    for row, found in changed.items():
        if found["decision"] == "reject":
            continue
        machine = rows.get(row, {} if _added(row) else None)
        if machine is not None:
            new = {**dict.fromkeys(schema.names), **machine, **json.loads(found["corrections"])}
            result.append({**new, "id": row, "document": found["document"]})
    return pa.Table.from_pylist(_typed(table, result), schema=schema)


def _typed(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """JSON's dates as dates; everything else Arrow takes as it is."""
    days = [f.name for f in TABLES[table] if pa.types.is_date(f.type)]
    for row in rows:
        for name in days:
            if isinstance(row.get(name), str):
                row[name] = datetime.fromisoformat(row[name]).date()
    return rows


def _checked(table: str, corrections: Mapping[str, Any]) -> None:
    try:
        row = {**dict.fromkeys(TABLES[table].names), **corrections}
        pa.Table.from_pylist(_typed(table, [row]), schema=TABLES[table])
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise InputError(f"{table}: a value does not fit its column ({error})") from None


def _document_of(archive: "Archive", table: str, row: str, decision: Decision) -> str:
    if decision == "add":
        found = archive.ask("SELECT id FROM machine.documents WHERE id = ?", [row]).column(0).to_pylist()
    else:
        sql = (
            f"SELECT document FROM machine.{table} WHERE id = $row UNION ALL "
            'SELECT document FROM machine.reviews WHERE "row" = $row AND "table" = $table'
        )
        found = archive.ask(sql, {"row": row, "table": table}).column(0).to_pylist()
    if not found:
        raise InputError(f"{row}: no such {'document' if decision == 'add' else f'row in {table}'} in this archive")
    return str(found[0])


def _write(archive: "Archive", kept: Review) -> None:
    row = {
        "id": kept.id,
        "table": kept.table,
        "row": kept.row,
        "document": kept.document,
        "decision": kept.decision,
        "corrections": json.dumps(kept.corrections, ensure_ascii=False, default=str) if kept.corrections else None,
        "reviewer": kept.reviewer,
        "at": kept.at,
        "reason": kept.reason,
    }
    batch = new_batch()
    file = archive.storage.write("reviews", batch, pa.Table.from_pylist([row], schema=TABLES["reviews"]))
    for _ in range(_TRIES):
        try:
            archive.log.commit(archive.log.snapshot(), batch, "review", [file])
            return
        except Overtaken:
            continue
    raise InputError(f"{archive.storage.uri}: too many others are writing; try again")
