"""Parquet files and Delta logs under one folder or object-store address: writing, naming and dropping files.

A file is written whole, then named in its table's Delta log; whether it counts is for the log of batches to say
(`communique.archive.log`).
"""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction, RemoveAction

from communique.archive.schema import BATCHES, TABLES
from communique.errors import ArchiveError

ROW_GROUP = 131_072
_TRIES = 50
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table. `path` is relative to the table's folder."""

    table: str
    path: str
    rows: int
    bytes: int


@dataclass
class Storage:
    """Where an archive lies. `options` go to deltalake as they are (keys of an object store, for example)."""

    uri: str
    options: dict[str, str] = field(default_factory=dict)
    _tables: dict[str, DeltaTable] = field(default_factory=dict, repr=False)

    @property
    def local(self) -> Path | None:
        """The folder, where the archive is one."""
        if "://" not in self.uri:
            return Path(self.uri)
        return Path(self.uri.removeprefix("file://")) if self.uri.startswith("file://") else None

    def address(self, table: str) -> str:
        """Address of a table."""
        folder = self.local
        return str(folder / table) if folder else f"{self.uri.rstrip('/')}/{table}"

    def files(self, table: str) -> pyarrow.fs.FileSystem:
        """A file system whose root is the table's folder."""
        folder = self.local
        if folder is not None:
            return pyarrow.fs.SubTreeFileSystem(str(folder / table), pyarrow.fs.LocalFileSystem())
        return pyarrow.fs.PyFileSystem(DeltaStorageHandler(self.address(table), self.options or None))

    def exists(self) -> bool:
        """Whether there is an archive here."""
        try:
            return DeltaTable.is_deltatable(self.address("batches"), self.options or None)
        except (DeltaError, OSError, ValueError) as error:
            raise ArchiveError(
                f"{self.uri}: cannot be reached ({first_line(error)}); check the address and its keys"
            ) from None

    def create(self) -> None:
        """Make every table that is not there yet; the log of batches last, so that half an archive is none.

        Raises:
            ArchiveError: the place cannot be written.
        """
        for table, schema in [*TABLES.items(), ("batches", BATCHES)]:
            where = self.address(table)
            try:
                DeltaTable.create(
                    where,
                    schema=schema if table == "batches" else with_batch(schema),
                    mode="ignore",
                    partition_by=None if table == "batches" else ["batch"],
                    storage_options=self.options or None,
                    description=f"communique archive: {table}",
                )
            except (DeltaError, OSError, ValueError) as error:
                if isinstance(error, CommitFailedError) and DeltaTable.is_deltatable(where, self.options or None):
                    continue  # another has just made it
                raise ArchiveError(f"{self.uri}: cannot make an archive here ({first_line(error)})") from None

    def widen(self) -> None:
        """Give every table's Delta log the columns of this layout that it lacks.

        Raises:
            ArchiveError: the place cannot be written.
        """
        for table, schema in TABLES.items():
            log = self.open(table)
            there = {f.name for f in log.schema().fields}
            if lacking := [f for f in DeltaSchema.from_arrow(schema).fields if f.name not in there]:
                try:
                    log.alter.add_columns(lacking)
                except (DeltaError, OSError) as error:
                    raise ArchiveError(
                        f"{self.address(table)}: cannot be given new columns ({first_line(error)})"
                    ) from None

    def open(self, table: str) -> DeltaTable:
        """A table's Delta log as it is now; kept and brought up to date between calls."""
        try:
            if table not in self._tables:
                self._tables[table] = DeltaTable(self.address(table), storage_options=self.options or None)
            else:
                self._tables[table].update_incremental()
        except TableNotFoundError:
            raise ArchiveError(f"{self.uri}: the table {table!r} is missing; run communique archive check") from None
        except (DeltaError, OSError, ValueError) as error:
            self._tables.pop(table, None)
            raise ArchiveError(
                f"{self.address(table)}: its log cannot be read ({first_line(error)}); run communique archive check"
            ) from None
        return self._tables[table]

    def forget(self) -> None:
        """Read every log anew next time."""
        self._tables.clear()

    def write(self, table: str, batch: str, rows: pa.Table, part: int = 0, group: int = ROW_GROUP) -> DataFile:
        """Write rows of one batch as one Parquet file, on disk before this returns, and name it in the Delta log.

        Args:
            table: which table.
            batch: which batch.
            rows: what to write.
            part: number of the file, where a batch has several.
            group: rows that are compressed together and can be passed over together.

        Raises:
            ArchiveError: no room on the disk, or no right to write.
        """
        path = f"batch={batch}/part-{part:05d}.parquet"
        files = self.files(table)
        try:
            files.create_dir(f"batch={batch}", recursive=True)
            pq.write_table(
                rows,
                path,
                filesystem=files,
                compression="zstd",
                row_group_size=group,
                write_statistics=True,
                write_page_checksum=True,
            )
            if self.local is not None:
                _to_disk(self.local / table / path)
            size = files.get_file_info(path).size
            written = DataFile(table, path, rows.num_rows, size)
            self.name(table, batch, [written])
        except (DeltaError, OSError) as error:
            raise ArchiveError(
                f"{self.address(table)}: cannot be written ({first_line(error)}); nothing of this batch was kept"
            ) from None
        return written

    def name(self, table: str, batch: str, written: Iterable[DataFile]) -> None:
        """Name files in the table's Delta log."""
        now = int(time.time() * 1000)
        actions: list[AddAction | RemoveAction] = [
            AddAction(f.path, f.bytes, {"batch": batch}, now, True, json.dumps({"numRecords": f.rows})) for f in written
        ]
        self._change(
            table,
            lambda log: log.create_write_transaction(
                actions, mode="append", schema=log.schema(), partition_by=["batch"]
            ),
        )

    def drop(self, table: str, batches: Iterable[str]) -> None:
        """Take the files of batches out of the table's Delta log; the files themselves stay."""
        listed = ", ".join(f"'{b}'" for b in batches)
        if listed:
            self._change(table, lambda log: log.delete(f"batch IN ({listed})"))

    def _change(self, table: str, change: Callable[[DeltaTable], object]) -> None:
        """Change a table's Delta log, again where another writer's change came between: batches never meet there."""
        for attempt in range(1, _TRIES + 1):
            try:
                change(self.open(table))
                return
            except CommitFailedError:
                self._tables.pop(table, None)
                if attempt == _TRIES:
                    raise
                time.sleep(random.uniform(0, 0.02 * min(attempt, 10)))

    def present(self, table: str) -> dict[str, float]:
        """Files with rows that lie in the table's folder, whether they count or not, and when each was written (seconds
        since 1970). The Delta log and its checkpoints, which are Parquet too, are none of them.
        """
        found = self.files(table).get_file_info(pyarrow.fs.FileSelector("", allow_not_found=True, recursive=True))
        return {
            f.path: f.mtime.timestamp() if f.mtime else time.time()
            for f in found
            if f.type == pyarrow.fs.FileType.File and f.path.startswith("batch=") and f.path.endswith(".parquet")
        }

    def delete(self, table: str, paths: Iterable[str]) -> None:
        """Delete files; those that are gone already are passed over."""
        files = self.files(table)
        for path in paths:
            try:
                files.delete_file(path)
            except FileNotFoundError:
                continue
            folder = path.rpartition("/")[0]
            if self.local is not None and folder and not any((self.local / table / folder).iterdir()):
                (self.local / table / folder).rmdir()


def with_batch(schema: pa.Schema) -> pa.Schema:
    """A table's columns as Delta knows them: with the batch, which is in the file's path and not in the file."""
    return schema.append(pa.field("batch", pa.string()))


def first_line(error: BaseException) -> str:
    """What an exception says, without the rest of its story; object stores tell the cause last."""
    said = _COLOUR.sub("", str(error)).strip() or type(error).__name__
    first, *rest = (line.strip(" ↳") for line in said.splitlines())
    causes = [line for line in rest if len(line) > 1] if "↳" in said else []
    return (f"{first}: {causes[-1]}" if causes else first)[:300]


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage_at(path: str | Path, options: Mapping[str, Any] | None = None) -> Storage:
    """The storage for a folder or an address such as s3://bucket/archive."""
    where = str(path)
    return Storage(where if "://" in where else str(Path(where).absolute()), dict(options or {}))
