"""Layouts: an older one can be asked but not added to, and is migrated; a newer one is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from archive_records import report
from communique.archive import open_archive
from communique.archive.checking import check_archive
from communique.archive.compacting import compact
from communique.archive.log import new_batch
from communique.archive.migrations import STEPS, migrate
from communique.archive.rows import record_key, rows_of
from communique.archive.schema import SCHEMA, TABLES
from communique.archive.store import Archive
from communique.errors import ArchiveError

SIGNATURES_1 = pa.schema(
    [
        ("record", pa.int64()),
        ("document", pa.string()),
        ("family", pa.string()),
        ("bands", pa.list_(pa.int64())),
        ("minhash", pa.list_(pa.uint32())),
    ]
)
RECORDS = [
    report(f"d{n}", f"2024-01-0{n}", text="{name} said the ban on whaling must hold. " + f"Round {n} went on. " * 9)
    for n in range(1, 4)
]


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive as the first layout had it: two batches, the second replaces a record of the first."""
    with monkeypatch.context() as patched:
        patched.setitem(TABLES, "signatures", SIGNATURES_1)
        archive = open_archive(tmp_path / "a")
        first = _write_layout_1(archive, [*RECORDS[:2], report("d3", "2024-01-03", stance="demand")], {})
        dead = {first: [record_key("d3", first)]}
        _write_layout_1(archive, [RECORDS[2]], dead)
    return open_archive(tmp_path / "a")


def _write_layout_1(archive: Archive, records: list, dead: dict[str, list[int]]) -> str:  # type: ignore[type-arg]
    batch, rows = new_batch(), {}
    for record in records:
        key = record_key(record.document.id, batch)
        for table, row in rows_of(record, key=key, version=1, added=datetime.now(UTC)):
            rows.setdefault(table, []).append(row)
        old = {"record": key, "document": record.document.id, "family": record.document.id}
        rows.setdefault("signatures", []).append({**old, "bands": [1, 2], "minhash": [3, 4]})
    files = [
        archive.storage.write(t, batch, pa.Table.from_pylist(r, schema=TABLES[t]))
        for t, r in rows.items()
    ]  # fmt: skip
    archive.log.commit(archive.log.snapshot(), batch, "add", files, dead=dead, schema=1)
    return batch


def test_there_is_a_step_from_every_layout_before() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA))


def test_an_older_archive_can_be_asked_and_says_what_to_do_before_it_is_changed(older: Archive) -> None:
    assert list(older.records()) == RECORDS
    assert older.query("SELECT count(*) FROM statements").column(0)[0].as_py() == 3
    for change in (
        lambda: older.add([report("d9", "2024-01-09")]),
        lambda: older.mark_duplicates([RECORDS[0].document]),
        lambda: compact(older),
    ):
        with pytest.raises(ArchiveError, match=r"layout 1.*run communique archive migrate"):
            change()
    assert older.snapshot().seq == 2


def test_migrated_it_holds_the_same_and_takes_more(older: Archive, tmp_path: Path) -> None:
    assert migrate(older).layout == 1
    archive = open_archive(tmp_path / "a", create=False)
    assert list(archive.records()) == RECORDS
    assert archive.snapshot().oldest == SCHEMA
    assert check_archive(archive).damaged == []
    (copy,) = archive.mark_duplicates([RECORDS[1].document.model_copy(update={"id": "copy"})])
    assert copy.duplicate_of == "d2"
    assert archive.add([report("d9", "2024-01-09")]).added == 1
    assert archive.add([report("d3", "2024-01-03", stance="support")]).changed == 1
    assert len(list(archive.records())) == 4
    assert list(archive.at(2).records()) == RECORDS
    assert migrate(archive).files == 0


def test_a_migration_that_fails_leaves_everything_as_it_was(older: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.archive.migrations.signature", lambda text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(older)
    monkeypatch.undo()
    assert (older.snapshot().oldest, check_archive(older).unused) == (1, 0)
    assert list(older.records()) == RECORDS
    assert migrate(older).files > 0


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS[:1])
    archive.log.commit(archive.log.snapshot(), new_batch(), "add", [], schema=SCHEMA + 1)
    again = open_archive(tmp_path / "a")
    for change in (lambda: again.query("SELECT 1"), lambda: again.add(RECORDS[1:]), lambda: migrate(again)):
        with pytest.raises(ArchiveError, match=f"layout {SCHEMA + 1}.*update communique"):
            change()
