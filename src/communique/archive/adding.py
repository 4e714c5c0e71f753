"""One batch of records into the archive: what is new, what replaces what, and all of it at once."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from communique.archive.duplicates import signature
from communique.archive.log import Overtaken, Snapshot, new_batch
from communique.archive.rows import Row, document_digest, record_digest, record_key, rows_of
from communique.archive.schema import TABLES
from communique.archive.storage import DataFile
from communique.errors import ArchiveError
from communique.reading.source import Failure
from communique.records import Coder, Record

if TYPE_CHECKING:
    from communique.archive.store import Archive

TRIES = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A document that is in the archive. digest: see `communique.archive.rows.document_digest`."""

    digest: str
    coder: Coder


@dataclass
class AddReport:
    """What adding did, in documents. `changed` are new versions of a page, `recoded` the same words coded anew."""

    added: int = 0
    changed: int = 0
    recoded: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: int = 0
    batches: list[int] = field(default_factory=list)

    def __add__(self, other: "AddReport") -> "AddReport":
        return AddReport(
            self.added + other.added,
            self.changed + other.changed,
            self.recoded + other.recoded,
            self.unchanged + other.unchanged,
            self.duplicates + other.duplicates,
            self.failed + other.failed,
            [*self.batches, *other.batches],
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a batch writes. rows: by table; replaces: batch -> its records that these replace."""

    batch: str
    rows: dict[str, list[Row]]
    replaces: dict[str, tuple[int, ...]]
    report: AddReport

    def same_as(self, other: "_Plan") -> bool:
        """Whether files written for one would do for the other."""
        return self.report == other.report and self.replaces == other.replaces


def known_documents(archive: "Archive", documents: Iterable[str]) -> dict[str, Known]:
    """See `communique.archive.store.Archive.known`."""
    rows = archive.ask(
        "SELECT id, digest, coder_version, codebook, registry FROM machine.documents WHERE id IN (SELECT unnest(?))",
        [list(documents)],
    )
    return {
        row["id"]: Known(
            row["digest"], Coder(version=row["coder_version"], codebook=row["codebook"], registry=row["registry"])
        )
        for row in rows.to_pylist()
    }


def add_batch(archive: "Archive", records: Sequence[Record], failures: Sequence[Failure] = ()) -> AddReport:
    """Add records, each document once, and failures as one batch; see `communique.archive.store.Archive.add`."""
    archive.check_writable()
    plan: _Plan | None = None
    files: list[DataFile] = []
    try:
        for attempt in range(TRIES):
            snapshot = archive.log.snapshot()
            new = _plan(archive, snapshot, records, failures, plan.batch if plan else new_batch())
            if plan is None or not plan.same_as(new):
                if plan is not None:
                    _undo(archive, plan.batch, files)
                    new = _plan(archive, snapshot, records, failures, new_batch())
                plan, files = new, []
                for table, rows in plan.rows.items():
                    files.append(archive.storage.write(table, plan.batch, _table(rows, TABLES[table])))
            if not files:
                return plan.report
            try:
                done = archive.log.commit(snapshot, plan.batch, "add", files, dead=plan.replaces)
            except Overtaken:
                time.sleep(random.uniform(0, 0.02 * min(attempt + 1, 10)))
                continue
            plan.report.batches.append(done.seq)
            return plan.report
    except BaseException:
        if plan is not None:
            _undo(archive, plan.batch, files)
        raise
    raise ArchiveError(f"{archive.storage.uri}: too many others are writing; try again")


def _plan(
    archive: "Archive", snapshot: Snapshot, records: Sequence[Record], failures: Sequence[Failure], batch: str
) -> _Plan:
    rows: dict[str, list[Row]] = {}
    replaces: dict[str, list[int]] = {}
    report = AddReport()
    now = datetime.now(UTC)
    stored = _stored(archive, snapshot, records)
    for record in records:
        document = record.document
        there = stored.get(document.id, []) + (stored.get("\x1f" + document.url, []) if document.url else [])
        digest = document_digest(document)
        if any(row["record_digest"] == record_digest(record) or digest in row["earlier"] for row in there):
            report.unchanged += 1
            continue
        version, earlier, family = 1, [], None
        if there:
            newest = max(there, key=lambda row: row["version"])
            same_words = newest["digest"] == digest
            version = newest["version"] + (not same_words)
            # A page that changes is still the report of its family; its copies stay with it.
            family = newest["family"] if newest["duplicate_of"] is None else None
            earlier = list(dict.fromkeys(d for row in there for d in [*row["earlier"], row["digest"]] if d != digest))
            report.recoded += same_words
            report.changed += not same_words
            for row in there:
                replaces.setdefault(row["batch"], []).append(row["record"])
        else:
            report.added += 1
        report.duplicates += document.duplicate_of is not None
        key = record_key(document.id, batch)
        for table, row in rows_of(record, key=key, version=version, earlier=earlier, added=now, family=family):
            rows.setdefault(table, []).append(row)
        rows.setdefault("signatures", []).append(
            {
                "record": key,
                "document": document.id,
                "runs": signature(document.text).tolist(),
            }
        )
    fresh = {_failure_id(f): f for f in failures}
    if fresh:
        known = archive.ask("SELECT id FROM machine.failures WHERE id IN (SELECT unnest(?))", [list(fresh)])
        for failure_id in known.column(0).to_pylist():
            fresh.pop(failure_id)
        report.failed = len(fresh)
        if fresh:
            rows["failures"] = [
                {"id": id, "source": f.source, "reason": f.reason, "at": now} for id, f in fresh.items()
            ]
    return _Plan(batch, rows, {b: tuple(dict.fromkeys(r)) for b, r in replaces.items()}, report)


def _stored(archive: "Archive", snapshot: Snapshot, records: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    """Documents in the archive under the same id, or (keys that begin with \x1f) at the same address."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not snapshot.files("documents") or not records:
        return found
    rows = archive.ask(
        "SELECT record, batch, id, url, version, digest, record_digest, earlier, family, duplicate_of "
        "FROM internal.stored_documents WHERE id IN (SELECT unnest(?)) OR url IN (SELECT unnest(?))",
        [[r.document.id for r in records], [r.document.url for r in records if r.document.url]],
    )
    ids = {r.document.id for r in records}
    for row in rows.to_pylist():
        if row["id"] in ids:
            found.setdefault(row["id"], []).append(row)
        if row["url"]:
            found.setdefault("\x1f" + row["url"], []).append(row)
    return found


def _table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)


def _undo(archive: "Archive", batch: str, files: Sequence[DataFile]) -> None:
    """Take away what a batch wrote that will never count; what stays behind is never read, and compact clears it."""
    for file in files:
        try:
            archive.storage.drop(file.table, [batch])
            archive.storage.delete(file.table, [file.path])
        except Exception:
            continue


def _failure_id(failure: Failure) -> str:
    return "f" + sha256(f"{failure.source}\x1f{failure.reason}".encode("utf8", "replace")).hexdigest()[:16]
