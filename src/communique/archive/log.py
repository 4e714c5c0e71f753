"""The log of batches: which files count, in which order they came, and which records later ones replaced.

A batch writes its files first and its row in the `batches` table last. The row is put there by one atomic step that
fails if anybody else came first, so a batch is visible whole or not at all, and two writers cannot both add a document.
Readers need this table alone: it names every file.
"""

import os
import socket
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from communique.archive.schema import BATCHES, SCHEMA
from communique.archive.storage import DataFile, Storage, first_line
from communique.errors import ArchiveError

COMPACT_LOG_AT = 64
"""The log is one small file a batch; at so many, whoever comes next makes them one."""


class Overtaken(Exception):
    """Somebody else's batch came first: look again, then try again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One row of the log.

    kind: "add", "review", "compact" or "migrate"; schema: layout of its files; replaces: batches it stands for;
    dead: batch -> records of that batch which this one replaces.
    """

    seq: int
    batch: str
    kind: str
    at: datetime
    by: str
    schema: int
    files: tuple[DataFile, ...]
    replaces: tuple[str, ...] = ()
    dead: dict[str, tuple[int, ...]] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What counts after batch number `seq`: batches in order, and in each the records that are replaced."""

    seq: int
    batches: dict[str, Batch]
    dead: dict[str, frozenset[int]]
    history: tuple[Batch, ...]

    def files(self, table: str) -> list[DataFile]:
        """Files of a table that count."""
        return [f for b in self.batches.values() for f in b.files if f.table == table]

    @property
    def schema(self) -> int:
        """Newest layout in use."""
        return max((b.schema for b in self.history), default=SCHEMA)

    @property
    def oldest(self) -> int:
        """Oldest layout among the batches that count."""
        return min((b.schema for b in self.batches.values()), default=SCHEMA)


@dataclass
class Log:
    """The log of an archive in `storage`."""

    storage: Storage
    _read: tuple[int, list[Batch]] | None = None
    _files: dict[str, list[Batch]] = field(default_factory=dict)

    def read(self) -> list[Batch]:
        """All batches in order; read anew only when there are new ones.

        Raises:
            ArchiveError: the log is damaged.
        """
        return self._read_with(self.storage.open("batches"))

    def _read_with(self, table: DeltaTable) -> list[Batch]:
        if self._read is not None and self._read[0] == table.version():
            return self._read[1]
        try:
            place = self.storage.files("batches")
            paths: list[str] = pa.table(table.get_add_actions())["path"].to_pylist()
            self._files = {path: self._files.get(path) or _batches_in(place, path) for path in paths}
        except (DeltaError, OSError, pa.ArrowException) as error:
            raise ArchiveError(
                f"{self.storage.address('batches')}: the archive's log is damaged ({first_line(error)}); "
                "restore this folder from a copy, then run communique archive check"
            ) from None
        batches = sorted((batch for found in self._files.values() for batch in found), key=lambda b: b.seq)
        self._read = (table.version(), batches)
        return batches

    def snapshot(self, as_of: int | datetime | None = None) -> Snapshot:
        """What counts now, or counted after batch number `as_of` or at that moment."""
        history = self.read()
        if isinstance(as_of, datetime):
            moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
            history = [b for b in history if b.at <= moment]
        elif as_of is not None:
            history = [b for b in history if b.seq <= as_of]
        return fold(history)

    def commit(
        self,
        after: Snapshot,
        batch: str,
        kind: str,
        files: Sequence[DataFile],
        replaces: Iterable[str] = (),
        dead: Mapping[str, Iterable[int]] | None = None,
        note: str | None = None,
        schema: int = SCHEMA,
    ) -> Batch:
        """Make a batch count, right after `after`.

        Raises:
            Overtaken: another batch was committed since `after` was read.
            ArchiveError: the log cannot be written.
        """
        table = self.storage.open("batches")
        latest = self._read_with(table)
        if (latest[-1].seq if latest else 0) != after.seq:
            raise Overtaken
        row: dict[str, Any] = {
            "seq": after.seq + 1,
            "batch": batch,
            "kind": kind,
            "at": datetime.now(UTC),
            "by": f"{socket.gethostname()}:{os.getpid()}",
            "schema": schema,
            "files": [{"table": f.table, "path": f.path, "rows": f.rows, "bytes": f.bytes} for f in files],
            "replaces": list(replaces),
            "dead": [{"batch": b, "records": list(r)} for b, r in (dead or {}).items()],
            "note": note,
        }
        try:
            write_deltalake(
                table,
                pa.Table.from_pylist([row], schema=BATCHES),
                mode="append",
                commit_properties=CommitProperties(max_commit_retries=0),
            )
        except CommitFailedError:
            self.storage.forget()
            raise Overtaken from None
        except (DeltaError, OSError) as error:
            self.storage.forget()
            raise ArchiveError(f"{self.storage.address('batches')}: cannot be written ({first_line(error)})") from None
        self._shorten(table)
        return _batch(row)

    def _shorten(self, table: DeltaTable) -> None:
        if len(table.file_uris()) >= COMPACT_LOG_AT:
            try:
                table.optimize.compact()
            except (DeltaError, OSError):
                self.storage.forget()  # another writer is at it


def fold(history: Sequence[Batch]) -> Snapshot:
    """What counts after a run of batches."""
    live: dict[str, Batch] = {}
    dead: dict[str, set[int]] = {}
    for batch in history:
        for replaced in batch.replaces:
            live.pop(replaced, None)
            dead.pop(replaced, None)
        live[batch.batch] = batch
        for name, records in batch.dead.items():
            dead.setdefault(name, set()).update(records)
    return Snapshot(
        seq=history[-1].seq if history else 0,
        batches=live,
        dead={name: frozenset(records) for name, records in dead.items() if name in live},
        history=tuple(history),
    )


def new_batch() -> str:
    """A name for a batch: sorts by time, and nobody else has it."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"


def _batches_in(place: pyarrow.fs.FileSystem, path: str) -> list[Batch]:
    # Read here and now: Arrow's own threads may still hold the file when the process ends, and take it down.
    with place.open_input_file(path) as file:
        raw = file.read_buffer()
    return [_batch(row) for row in pq.read_table(pa.BufferReader(raw), use_threads=False).to_pylist()]


def _batch(row: dict[str, Any]) -> Batch:
    return Batch(
        seq=row["seq"],
        batch=row["batch"],
        kind=row["kind"],
        at=row["at"],
        by=row["by"],
        schema=row["schema"],
        files=tuple(DataFile(f["table"], f["path"], f["rows"], f["bytes"]) for f in row["files"] or ()),
        replaces=tuple(row["replaces"] or ()),
        dead={d["batch"]: tuple(d["records"]) for d in row["dead"] or ()},
        note=row["note"],
    )
