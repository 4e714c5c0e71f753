"""Tables as CSV, JSON lines or Parquet, with every column. Lists in CSV are JSON, so that nothing is lost."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 10_000


def write_csv(table: pa.Table, file: TextIO) -> None:
    """A header and one line a row, UTF-8, comma, quoted as RFC 4180 has it; empty for null, JSON for lists."""
    out = csv.writer(file, lineterminator="\n")
    out.writerow(table.column_names)
    for row in _rows(table):
        out.writerow([_cell(value) for value in row.values()])


def write_jsonl(table: pa.Table, file: TextIO) -> None:
    """One JSON object a line; dates and moments as ISO 8601."""
    for row in _rows(table):
        file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def write_parquet(table: pa.Table, path: Path) -> None:
    """One Parquet file with the table's types."""
    pq.write_table(table, path, compression="zstd")


def write_table(table: pa.Table, path: Path) -> None:
    """By the ending of the name: .csv, .jsonl or .parquet."""
    if path.suffix == ".parquet":
        write_parquet(table, path)
        return
    writer: Callable[[pa.Table, TextIO], None] = write_jsonl if path.suffix == ".jsonl" else write_csv
    with path.open("w", encoding="utf8", newline="") as file:
        writer(table, file)


def read_csv(path: Path, schema: pa.Schema) -> pa.Table:
    """A table that `write_csv` wrote, with the types of `schema`. CSV has no empty texts: they are none."""
    with path.open(encoding="utf8", newline="") as file:
        rows = [
            {name: _value(cell, schema.field(name).type) for name, cell in row.items()} for row in csv.DictReader(file)
        ]
    return pa.Table.from_pylist(rows, schema=schema)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=ROWS):
        yield from batch.to_pylist()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool):
        return str(value).lower()
    return value


def _value(cell: str, type: pa.DataType) -> Any:
    if cell == "":
        return None
    if pa.types.is_nested(type):
        return json.loads(cell)
    if pa.types.is_boolean(type):
        return cell == "true"
    return cell if pa.types.is_string(type) else pa.scalar(cell).cast(type).as_py()
