"""Faults of the place an archive lies in: a full disk, half of a folder, damaged files; and several at work at once."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from archive_records import report
from communique.archive import open_archive
from communique.archive.checking import check_archive
from communique.archive.compacting import compact
from communique.archive.reviews import review, reviews
from communique.archive.schema import TABLES
from communique.archive.storage import Storage, first_line
from communique.errors import ArchiveError

RECORDS = [report(f"d{n}", f"2024-01-0{n}") for n in range(1, 6)]

FULL = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from archive_records import report
from communique.archive import open_archive
from communique.errors import ArchiveError
archive = open_archive(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))  # the system refuses whatever goes beyond
try:
    archive.add([report(f"x{n}", "2024-02-01", text="{name} said " + f"{n} " * 3000 + ". On.") for n in range(20)])
except ArchiveError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 1500, 8000])
def test_a_disk_without_room_keeps_nothing_of_the_batch_and_all_before(tmp_path: Path, room: int) -> None:
    """The operating system itself refuses to write, at the first file or a later one."""
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    command = [sys.executable, "-c", FULL, str(tmp_path / "a"), str(Path(__file__).parent), str(room)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, "cannot be written" in done.stdout) == (0, True), done.stdout + done.stderr
    again = open_archive(tmp_path / "a", create=False)
    assert list(again.records()) == RECORDS
    assert check_archive(again).damaged == []
    assert again.add([report("d6", "2024-01-06")]).added == 1


def test_half_a_folder_is_no_archive_and_is_made_whole(tmp_path: Path) -> None:
    """As a process leaves it that is killed while it makes the archive: the log of batches comes last."""
    archive = open_archive(tmp_path / "a")
    for log in (tmp_path / "a" / "batches" / "_delta_log", tmp_path / "a" / "phrases" / "_delta_log"):
        for file in log.iterdir():
            file.unlink()
        log.rmdir()
    with pytest.raises(ArchiveError, match="no archive here"):
        open_archive(tmp_path / "a", create=False)
    archive = open_archive(tmp_path / "a")
    assert archive.add(RECORDS).added == 5
    assert list(open_archive(tmp_path / "a", create=False).records()) == RECORDS


def test_a_half_written_batch_is_not_read(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    whole = next((tmp_path / "a" / "statements").rglob("*.parquet"))
    half = tmp_path / "a" / "statements" / "batch=20240101T000000-half" / "part-00000.parquet"
    half.parent.mkdir()
    half.write_bytes(whole.read_bytes()[:100])
    (half.parent.parent / "_delta_log" / ".tmp-half.json").write_text('{"add": {"pa')
    again = open_archive(tmp_path / "a", create=False)
    assert list(again.records()) == RECORDS
    assert (check_archive(again).damaged, check_archive(again).unused) == ([], 1)


@pytest.mark.parametrize("fault", ["cut", "overwritten", "empty", "gone"])
def test_a_damaged_file_is_named_and_the_rest_can_be_read(tmp_path: Path, fault: str) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    path = next((tmp_path / "a" / "statements").rglob("*.parquet"))
    raw = path.read_bytes()
    broken = {"cut": raw[: len(raw) // 2], "overwritten": raw[:80] + b"\xff" * 200 + raw[280:], "empty": b""}
    if fault == "gone":
        path.unlink()
    else:
        path.write_bytes(broken[fault])
    again = open_archive(tmp_path / "a", create=False)
    (said,) = check_archive(again).damaged
    assert path.name in said and path.parent.name in said
    assert len(check_archive(again).damaged) == 1
    with pytest.raises(ArchiveError, match="archive check"):
        again.query("SELECT * FROM statements")


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from archive_records import report
from communique.archive import open_archive
archive = open_archive(sys.argv[1])
for n in range(4):
    archive.add([report(f"{sys.argv[3]}{n}", "2024-02-01"), report(f"both{n}", "2024-02-02")])
"""


def test_several_write_and_read_at_once(tmp_path: Path) -> None:
    """Three processes add, each its own and the same four documents, while this one reads and reviews."""
    archive = open_archive(tmp_path / "a")
    archive.add(RECORDS)
    command = [sys.executable, "-c", WRITER, str(tmp_path / "a"), str(Path(__file__).parent)]
    writers = [subprocess.Popen([*command, name]) for name in "xyz"]
    seen: list[int] = []
    while any(w.poll() is None for w in writers):
        seen.append(archive.query("SELECT count(*) FROM documents").column(0)[0].as_py())
        if len(seen) <= 5:
            review(archive, "statements", RECORDS[0].statements[0].id, "confirm", f"reader {len(seen)}")
        time.sleep(0.1)
    assert [w.wait() for w in writers] == [0, 0, 0]
    assert seen == sorted(seen)
    rows = archive.query("SELECT count(*), count(DISTINCT id) FROM documents").to_pylist()[0]
    assert list(rows.values()) == [5 + 3 * 4 + 4] * 2
    assert len(reviews(archive)) == min(5, len(seen))
    assert check_archive(archive).damaged == []


def test_a_change_of_a_table_that_another_came_before_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One writer takes back a batch just as another names its own to Delta."""
    archive, other = open_archive(tmp_path / "a"), open_archive(tmp_path / "a")
    archive.add(RECORDS)
    taken_back = archive.snapshot().files("events")[0].path.partition("/")[0].removeprefix("batch=")
    opened: list[str] = []

    def late(self: Storage, table: str) -> DeltaTable:
        found = Storage.open(self, table)
        if table == "events" and not opened:
            opened.append(table)
            other.storage.drop("events", [taken_back])
        return found

    monkeypatch.setattr(archive.storage, "open", late.__get__(archive.storage))
    rows = archive.ask("SELECT * FROM machine.events")
    archive.storage.write("events", "mine", rows.select(TABLES["events"].names))
    assert opened and [u.split("/")[-2] for u in other.storage.open("events").file_uris()] == ["batch=mine"]


def test_two_make_an_archive_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create = DeltaTable.create

    def overtaken(*given: object, **more: object) -> None:
        create(*given, **more)  # type: ignore[arg-type]
        raise CommitFailedError("Protocol changed since last commit")

    monkeypatch.setattr(DeltaTable, "create", overtaken)
    assert open_archive(tmp_path / "a").add(RECORDS).added == 5


def test_an_archive_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an object store: every file is read and written through Delta's own file system, none by its path."""
    monkeypatch.setattr(Storage, "local", None)
    archive = open_archive((tmp_path / "a").as_uri())
    assert archive.add(RECORDS[:3]).added == 3
    assert archive.add(RECORDS).added == 2
    assert archive.add([report("d1", "2024-01-01", stance="support")]).recoded == 1
    archive.mark_duplicates([RECORDS[0].document])
    review(archive, "events", RECORDS[1].events[0].id, "reject", "ada")
    for _ in range(2):
        again = open_archive((tmp_path / "a").as_uri(), create=False)
        assert again.query("SELECT count(*) FROM events").column(0)[0].as_py() == 4
        assert list(again.at(2).records()) == RECORDS
        checked = check_archive(again)
        assert (checked.damaged, checked.unused) == ([], 0)
        compact(again)
    assert len(again.snapshot().files("documents")) == 1


def test_object_stores_tell_the_cause_last() -> None:
    error = OSError("Generic S3 error\n  \x1b[31m↳\x1b[0m Error performing GET\n   \x1b[31m↳\x1b[0m 403 Forbidden\n")
    assert first_line(error) == "Generic S3 error: 403 Forbidden"
    assert first_line(OSError("One line.\nMore.")) == "One line."
