"""CSV, TSV, JSON lines, JSON and Parquet -> Documents: a row a document, fields by the names of columns.

Columns are looked for under the names in `FIELDS`; other names are told with `columns` ({"text": "body"}). A row that
holds no document is set aside by its number; the others are read.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from communique.errors import InputError, MissingPartError
from communique.reading.source import (
    LARGEST_FILE,
    LONGEST_TEXT,
    Failure,
    Item,
    Options,
    open_bytes,
    read_bytes,
    unpacked,
)
from communique.reading.text import decode, document_from_text
from communique.records import DocumentKind

FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "fulltext", "full_text", "maintext"),
    "id": ("id", "doc_id", "document_id"),
    "title": ("title", "headline"),
    "url": ("url", "link", "source_url"),
    "published": ("published", "date", "date_publish", "publication_date", "pubdate", "published_at", "timestamp"),
    "publisher": ("publisher", "source", "outlet", "newspaper", "sitename", "source_domain"),
    "author": ("author", "authors", "byline"),
    "language": ("language", "lang"),
    "kind": ("kind",),
}
_LONGEST_LINE = 16 * LONGEST_TEXT
_BATCH = 64
# Keys of an object -> which of them holds which field.
_Known = dict[tuple[str, ...], dict[str, str]]


def read_csv(path: Path, options: Options) -> Iterator[Item]:
    """Rows of a CSV or TSV file (also gzipped); the first row names the columns.

    Raises:
        InputError: no such file, no header, or no column of texts.
    """
    csv.field_size_limit(_LONGEST_LINE)
    rows = csv.reader(_lines(path, options.encoding), delimiter="\t" if ".tsv" in path.name.lower() else ",")
    header = next(rows, None)
    if header is None:
        raise InputError(f"{path}: empty, there is nothing to read")
    places = _places([name.strip().lstrip("\ufeff") for name in header], options, str(path))
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Failure(f"{path} row {number}", f"{path} row {number}: not CSV ({error})")
            continue
        if row:
            named = {name: row[i] for name, i in places.items() if i < len(row)}
            yield row_document(named, f"{path} row {number}", options)


def read_jsonl(path: Path, options: Options) -> Iterator[Item]:
    """Lines of a JSON lines file (also gzipped), each an object; a record of our own gives its document."""
    known: _Known = {}
    for number, line in enumerate(_lines(path, options.encoding), 1):
        name = f"{path} line {number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Failure(name, f"{name}: not JSON ({error})")
            continue
        yield _object(row, known, name, options)


def read_json(path: Path, options: Options) -> Iterator[Item]:
    """The object, or the list of objects, of a JSON file."""
    try:
        rows = json.loads(decode(read_bytes(path), str(path), options.encoding))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error})") from None
    known: _Known = {}
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        yield _object(row, known, f"{path} item {number}", options)


def read_parquet(path: Path, options: Options) -> Iterator[Item]:
    """Rows of a Parquet file, a few at a time."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingPartError(f"reading Parquet needs pyarrow: pip install pyarrow ({error})") from error
    with open_bytes(path) as file:
        try:
            table = pq.ParquetFile(file)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{path}: not a Parquet file, or a damaged one ({error})") from None
        names = list(table.schema_arrow.names)
        places = _places(names, options, str(path))
        number = 0
        try:
            for batch in table.iter_batches(batch_size=_BATCH, columns=[names[i] for i in places.values()]):
                for row in batch.to_pylist():
                    number += 1
                    named = {field: row[names[i]] for field, i in places.items()}
                    yield row_document(named, f"{path} row {number}", options)
        except (pa.ArrowException, OSError) as error:
            yield Failure(str(path), f"{path}: damaged after row {number:,} ({error}); the rows before it were read")


def row_document(row: Mapping[str, Any], name: str, options: Options) -> Item:
    """A document of one row whose keys are fields of a document; a Failure where it holds none."""
    text = row.get("text")
    if not isinstance(text, str):
        return Failure(name, f"{name}: no text")
    values = {field: _plain(row.get(field)) for field in FIELDS if field not in ("text", "kind")}
    kind = row.get("kind")
    try:
        return document_from_text(
            text,
            published=values.pop("published") or options.published,
            kind=kind if kind in get_args(DocumentKind) else None,
            name=name,
            detect=options.detect,
            **values,
        )
    except InputError as error:
        return Failure(name, str(error))


def _object(row: Any, known: _Known, name: str, options: Options) -> Item:
    if not isinstance(row, dict):
        return Failure(name, f"{name}: an object expected, got {type(row).__name__}")
    if isinstance(row.get("document"), dict):
        row = row["document"]
    keys = tuple(row)
    if keys not in known:
        try:
            known[keys] = {field: keys[i] for field, i in _places(list(keys), options, name).items()}
        except InputError as error:
            return Failure(name, str(error))
    return row_document({field: row[key] for field, key in known[keys].items()}, name, options)


def _places(header: list[str], options: Options, name: str) -> dict[str, int]:
    """Field -> number of its column."""
    for field, wanted in options.columns.items():
        if field not in FIELDS:
            raise InputError(f"--column {field}={wanted}: no such field; fields are {', '.join(FIELDS)}")
        if wanted not in header:
            raise InputError(f"{name}: no column {wanted!r}; it has {_listed(header)}")
    lower = [column.lower() for column in header]
    places = {}
    for field, usual in FIELDS.items():
        if field in options.columns:
            places[field] = header.index(options.columns[field])
        else:
            found = [lower.index(column) for column in usual if column in lower]
            if found:
                places[field] = found[0]
    if "text" not in places:
        raise InputError(f"{name}: no column of texts; it has {_listed(header)}; name it with --column text=NAME")
    return places


def _listed(header: list[str]) -> str:
    return ", ".join(header[:12]) + (" …" if len(header) > 12 else "")


def _plain(value: Any) -> str | None:
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or None
    return str(value).strip() or None


def _lines(path: Path, encoding: str | None) -> Iterator[str]:
    """Lines of a text file with their ends, never more than a chunk and a line held."""
    name = str(path)
    with open_bytes(path) as file:
        reader = io.TextIOWrapper(io.BufferedReader(_Chunks(unpacked(file, name))), encoding or "utf-8-sig", newline="")
        while True:
            try:
                line = reader.readline(_LONGEST_LINE)
            except (UnicodeDecodeError, LookupError) as error:
                raise InputError(
                    f"{name}: not {encoding or 'UTF-8'} ({error}); name its encoding with --encoding"
                ) from None
            if not line:
                return
            if len(line) >= _LONGEST_LINE:
                raise InputError(f"{name}: a line of more than {LARGEST_FILE // 2**20} MB")
            yield line


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a stream."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
