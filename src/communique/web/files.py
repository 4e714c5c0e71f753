"""Answers as files to take away."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from communique.archive.store import Archive
from communique.exporting.gdelt import write_gdelt
from communique.exporting.plover import write_plover
from communique.exporting.polecat import write_polecat
from communique.exporting.told import told_events
from communique.web.charts import spreadsheet_safe

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
EVENT_FORMATS = {
    "gdelt": ("tsv", "text/tab-separated-values; charset=utf-8"),
    "polecat": ("tsv", "text/tab-separated-values; charset=utf-8"),
    "plover": ("jsonl", "application/x-ndjson"),
}
"""Layouts of other event data: how the file's name ends, and its type."""
_CHUNK = 500


def written(rows: Sequence[Mapping[str, Any]], format: str) -> Iterator[bytes]:
    """Rows as a file of one of FORMATS, piece by piece. In CSV, lists are joined with "|"."""
    match format:
        case "csv":
            yield from _csv(rows)
        case "jsonl":
            for start in range(0, len(rows), _CHUNK):
                yield "".join(_json(row) + "\n" for row in rows[start : start + _CHUNK]).encode()
        case "json":
            yield ("[" + ",\n".join(_json(row) for row in rows) + "]\n").encode()
        case _:
            sink = io.BytesIO()
            pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), sink)
            yield sink.getvalue()


def told(archive: Archive, rows: Sequence[Mapping[str, Any]], format: str) -> bytes:
    """Event rows in one of EVENT_FORMATS: each event once, by day; undated and undone acts have no place there."""
    file = io.StringIO()
    events = told_events(archive, ids=[row["id"] for row in rows])
    {"gdelt": write_gdelt, "polecat": write_polecat, "plover": write_plover}[format](events, file)
    return file.getvalue().encode()


def _csv(rows: Sequence[Mapping[str, Any]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    if rows:
        writer.writerow(rows[0])
    for n, row in enumerate(rows):
        cells = ("|".join(map(str, v)) if isinstance(v, list | tuple) else v for v in row.values())
        writer.writerow([spreadsheet_safe(c) for c in cells])
        if n % _CHUNK == _CHUNK - 1:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)
