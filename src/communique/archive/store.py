"""An archive of records: `open_archive`, then add, ask, read back.

archive = open_archive("my-archive")
archive.add(records)
archive.query("SELECT day, source, content FROM statements WHERE source_country = 'CHN'")
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pyarrow as pa

from communique.archive import views
from communique.archive.adding import AddReport, Known, add_batch, known_documents
from communique.archive.compacting import merge_alike
from communique.archive.log import Log, Snapshot
from communique.archive.rows import record_of
from communique.archive.schema import CODED, SCHEMA, TABLES
from communique.archive.storage import Storage, storage_at
from communique.errors import ArchiveError, InputError
from communique.reading.source import Failure
from communique.records import Document, Record

BATCH = 500


@dataclass
class Archive:
    """A folder, or an address in an object store, that keeps records. Several processes may add and ask at once."""

    storage: Storage
    machine_only: bool = False
    as_of: int | datetime | None = None
    seconds: float = views.SECONDS
    memory: str = views.MEMORY
    log: Log = field(init=False, repr=False)
    _open: dict[tuple[int, bool], duckdb.DuckDBPyConnection] = field(default_factory=dict, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.log = Log(self.storage)

    def add(self, records: Iterable[Record], failures: Iterable[Failure] = (), batch: int = BATCH) -> AddReport:
        """Keep records, `batch` of them at a time; each batch is visible whole or not at all.

        A document that is there already, coded the same, is passed over; coded otherwise, it replaces what was there.
        A document with the same address and other words is a new version of that document. Earlier ones stay
        readable with `as_of`.

        Args:
            records: any number; held `batch` at a time.
            failures: inputs that could not be read or coded, kept in the table of failures.

        Raises:
            ArchiveError: the archive cannot be written. Batches before are kept, this one is not.
        """
        report = AddReport()
        held: list[Record] = []
        for record in records:
            held.append(record)
            if len(held) >= batch:
                report += add_batch(self, held)
                held = []
        failed = list(failures)
        if held or failed:
            report += add_batch(self, held, failed)
        if report.batches:
            # What was added is kept; whoever comes next will find the same to merge.
            with suppress(ArchiveError):
                merge_alike(self)
        return report

    def known(self, documents: Iterable[str]) -> dict[str, Known]:
        """What is there already of these documents' ids: which words and metadata, coded by which coder.

        A document need not be coded again where `known.get(d.id) == Known(document_digest(d), coder)`.
        """
        return known_documents(self, documents)

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
        """The answer to one SELECT over documents, statements, events, positions, phrases, mentions, actors, reviews,
        failures and batches.

        Raises:
            InputError: not a SELECT, wrong, too long or too large.
            ArchiveError: the archive is damaged.
        """
        views.check_sql(sql)
        return self.ask(sql, parameters)

    def ask(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
        """As `query`, for SQL of our own: not checked again."""
        return views.run(self.connection(), sql, parameters, self.seconds)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A locked-down DuckDB over what counts now."""
        snapshot = self.snapshot()
        with self._lock:
            key = (snapshot.seq, self.machine_only)
            if key not in self._open:
                from communique.archive.reviews import create_reviewed_views

                self.check_known(snapshot)
                connection = views.open_views(self.storage, snapshot, self.memory)
                create_reviewed_views(connection, self.machine_only)
                views.lock(connection)
                # Readers of the one before may still be at it: it goes when the last of them lets go.
                self._open = {key: connection}
            return self._open[key]

    def snapshot(self) -> Snapshot:
        """Which batches count: now, or at `as_of`."""
        return self.log.snapshot(self.as_of)

    def check_known(self, snapshot: Snapshot) -> None:
        """Refuse an archive of a newer version.

        Raises:
            ArchiveError: it is one.
        """
        if snapshot.schema > SCHEMA:
            raise ArchiveError(
                f"{self.storage.uri}: written by a newer communique (layout {snapshot.schema}, this one knows "
                f"{SCHEMA}); update communique"
            )

    def check_writable(self) -> None:
        """Refuse to add to what is opened as it was, or is of another layout than this version writes.

        Raises:
            ArchiveError: so it is; an older layout can be asked, and added to after `communique archive migrate`.
        """
        if self.as_of is not None:
            raise ArchiveError(f"{self.storage.uri}: opened as it was; open it without --as-of to change it")
        snapshot = self.snapshot()
        self.check_known(snapshot)
        if snapshot.oldest < SCHEMA:
            raise ArchiveError(
                f"{self.storage.uri}: written by an older communique (layout {snapshot.oldest}, this one writes "
                f"{SCHEMA}); run communique archive migrate --archive {self.storage.uri}"
            )

    def at(self, as_of: int | datetime) -> "Archive":
        """The archive as it was after batch number `as_of`, or at that moment."""
        return Archive(self.storage, self.machine_only, as_of, self.seconds, self.memory)

    def records(
        self, where: str = "true", parameters: Sequence[Any] | None = None, chunk: int = 200
    ) -> Iterator[Record]:
        """Records as the machine coded them, equal to those added, in order of their documents' ids.

        Args:
            where: a condition on the table of documents, such as "published >= '2024-01-01'".
            chunk: how many records are held at once.
        """
        connection = self.connection()

        def ask(sql: str, given: Sequence[Any] | None = None) -> pa.Table:
            return views.run(connection, sql, given, self.seconds)

        found = ask(f"SELECT record FROM machine.documents WHERE {where} ORDER BY id", parameters).column(0).to_pylist()
        for start in range(0, len(found), chunk):
            keys = found[start : start + chunk]
            documents = ask("SELECT * FROM machine.documents WHERE record IN (SELECT unnest(?)) ORDER BY id", [keys])
            parts: dict[int, dict[str, list[dict[str, Any]]]] = {key: {} for key in keys}
            for table in CODED:
                rows = ask(
                    f"SELECT * FROM machine.{table} WHERE record IN (SELECT unnest(?)) ORDER BY record, n", [keys]
                )
                for row in rows.to_pylist():
                    parts[row["record"]].setdefault(table, []).append(row)
            for document in documents.to_pylist():
                yield record_of(document, parts[document["record"]])

    def record(self, document: str) -> Record | None:
        """The record of one document, by id."""
        return next(self.records("id = ?", [document]), None)

    def mark_duplicates(self, documents: Sequence[Document]) -> list[Document]:
        """The documents, those that are near copies of another here or in the archive with `duplicate_of` set."""
        from communique.archive.duplicates import mark_duplicates

        return mark_duplicates(self, documents)

    def counts(self) -> dict[str, int]:
        """Rows that count, by table."""
        return {
            table: self.ask(f"SELECT count(*) FROM machine.{table}").column(0)[0].as_py()
            for table in TABLES
            if table not in views.HIDDEN
        }


def open_archive(
    path: str | Path,
    create: bool = True,
    *,
    machine_only: bool = False,
    as_of: int | datetime | None = None,
    storage_options: Mapping[str, str] | None = None,
) -> Archive:
    """Open the archive at a folder or an object-store address, making it where there is none.

    Args:
        path: a folder, or an address that deltalake knows (s3://, gs://, az://).
        create: make a new archive where there is none.
        machine_only: leave reviews out of all answers.
        as_of: read the archive as it was after this batch number, or at this moment.
        storage_options: keys of the object store, as deltalake names them.

    Raises:
        ArchiveError: there is none and `create` is false, or the place cannot be read or written.
    """
    storage = storage_at(path, storage_options)
    if not storage.exists():
        if not create:
            raise ArchiveError(f"{path}: no archive here; make one with communique add FILES --archive {path}")
        folder = storage.local
        if folder is not None and folder.exists() and not folder.is_dir():
            raise ArchiveError(f"{path}: is a file; name a folder for the archive")
        storage.create()
    return Archive(storage, machine_only=machine_only, as_of=as_of)


def moment_or_number(value: str | None) -> int | datetime | None:
    """What `as_of` takes, from text: a batch's number, or a day (to its end) or moment in ISO 8601, UTC by default.

    Raises:
        InputError: neither.
    """
    if value is None:
        return None
    if value.isdigit():
        return int(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(
            f"--as-of {value}: give a batch's number, a day or a moment, such as 2025-06-30T12:00"
        ) from None
    if len(value) == 10:
        moment += timedelta(days=1, microseconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
