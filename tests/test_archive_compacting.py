"""Compacting: the same rows in fewer files, earlier states readable, leftovers cleared, nothing lost when it fails."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_records import report
from communique.archive import compacting, open_archive
from communique.archive.checking import check_archive
from communique.archive.compacting import SAFE_AGE, compact
from communique.archive.reviews import review
from communique.archive.storage import Storage
from communique.archive.store import Archive
from communique.errors import ArchiveError

RECORDS = [report(f"d{n}", f"2024-01-0{n}") for n in range(1, 6)]


def test_same_rows_in_fewer_files(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    for record in RECORDS:
        archive.add([record])
    archive.add([report("d1", "2024-01-01", stance="support")])  # replaces the first
    review(archive, "events", RECORDS[1].events[0].id, "reject", "ada")
    before = list(archive.records())
    done = compact(archive)
    assert done.after < done.before
    again = open_archive(tmp_path / "a", create=False)
    assert list(again.records()) == before
    assert again.ask("SELECT count(*) FROM events").column(0)[0].as_py() == 4
    assert list(again.at(5).records()) == RECORDS
    assert check_archive(again).damaged == []
    assert check_archive(again).unused == 0
    again.add([report("d2", "2024-01-02", stance="support")])  # a compacted row can be replaced
    assert [p.kind for p in again.record("d2").positions] == ["support"]  # type: ignore[union-attr]
    assert len(list(again.records())) == 5


def test_nothing_to_do_is_no_batch(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    compact(archive)
    assert archive.snapshot().seq == 1


def test_leftovers_go_when_they_are_old(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    for name, age in (("old", 2 * SAFE_AGE), ("new", 0.0)):
        left = tmp_path / "a" / "events" / f"batch={name}" / "part-00000.parquet"
        left.parent.mkdir()
        left.write_bytes(b"PAR1")
        os.utime(left, (time.time() - age,) * 2)
    assert compact(archive).cleared == 1
    assert check_archive(archive).unused == 1


def test_batches_of_like_size_are_merged_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And merged ones when there are many of these; each earlier state stays readable."""
    monkeypatch.setattr(compacting, "MANY", 3)
    archive = open_archive(tmp_path / "a")
    many = [report(f"d{n:02}", f"2024-01-{n + 1:02}") for n in range(27)]
    for n, record in enumerate(many):
        archive.add([record])
        assert list(archive.records()) == many[: n + 1]
    assert len(archive.snapshot().batches) < 9
    added = [b.seq for b in archive.snapshot().history if b.kind == "add"]
    assert [len(list(archive.at(seq).records())) for seq in added] == list(range(1, 28))
    assert check_archive(archive).damaged == []


def _before_positions_are_written(archive: Archive, do: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    """Have something happen each time just before this archive writes positions."""
    write = Storage.write

    def slow(self: Storage, table: str, *rest: object, **more: object) -> object:
        if self is archive.storage and table == "positions":
            do()
        return write(self, table, *rest, **more)  # type: ignore[arg-type]

    patch.setattr(Storage, "write", slow)


def test_what_others_do_while_batches_are_merged_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One document is recoded and another comes while they are written anew."""
    archive, other = open_archive(tmp_path / "a"), open_archive(tmp_path / "a")
    for record in RECORDS:
        archive.add([record])
    both = [report("d1", "2024-01-01", stance="support"), report("d6", "2024-01-06")]
    _before_positions_are_written(archive, lambda: other.add(both), monkeypatch)
    compact(archive)
    again = open_archive(tmp_path / "a", create=False)
    assert [r.document.id for r in again.records()] == ["d1", "d2", "d3", "d4", "d5", "d6"]
    assert [p.kind for p in again.record("d1").positions] == ["support"]  # type: ignore[union-attr]
    assert again.counts()["positions"] == 6
    monkeypatch.undo()
    compact(again)
    assert again.counts()["positions"] == 6 and len(again.snapshot().batches) == 1


def test_two_compact_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, other = open_archive(tmp_path / "a"), open_archive(tmp_path / "a")
    for record in RECORDS:
        archive.add([record])
    _before_positions_are_written(archive, lambda: compact(other), monkeypatch)
    with pytest.raises(ArchiveError, match="compacted meanwhile"):
        compact(archive)
    again = open_archive(tmp_path / "a", create=False)
    assert list(again.records()) == RECORDS and check_archive(again).unused == 0


def test_the_delta_logs_own_checkpoints_are_no_leftovers(tmp_path: Path) -> None:
    """Every hundredth change leaves one, and the log cannot be read without it."""
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    for table in ("documents", "batches"):
        archive.storage.open(table).create_checkpoint()
    for path in (tmp_path / "a").rglob("*.parquet"):
        os.utime(path, (time.time() - 2 * SAFE_AGE,) * 2)
    assert compact(archive).cleared == 0
    again = open_archive(tmp_path / "a", create=False)
    assert check_archive(again).unused == 0
    assert again.add([report("d6", "2024-01-06")]).added == 1


def test_what_a_killed_run_had_named_is_not_named_any_more(tmp_path: Path) -> None:
    """So that other programs that read Delta tables do not look for a file that is gone."""
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    table = archive.ask("SELECT * FROM machine.failures")
    left = archive.storage.write("failures", "killed", table)
    path = tmp_path / "a" / "failures" / left.path
    os.utime(path, (time.time() - 2 * SAFE_AGE,) * 2)
    assert compact(archive).cleared == 1 and not path.exists()
    assert archive.storage.open("failures").file_uris() == []


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(tmp_path / "a")
    for record in RECORDS:
        archive.add([record])
    write = Storage.write

    def full(self: Storage, table: str, *rest: object, **more: object) -> object:
        if table == "positions":
            raise ArchiveError("No space left on device")
        return write(self, table, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Storage, "write", full)
    with pytest.raises(ArchiveError, match="No space"):
        compact(archive)
    monkeypatch.undo()
    again = open_archive(tmp_path / "a", create=False)
    assert list(again.records()) == RECORDS
    assert check_archive(again).unused == 0
