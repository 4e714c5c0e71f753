"""The archive: records come back as they went in, batches are whole or absent, reviews lie over the machine's rows."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from communique.analysis.tables import statements
from communique.archive import open_archive
from communique.archive.checking import check_archive
from communique.archive.reviews import review, reviews, sample
from communique.errors import ArchiveError, InputError
from communique.records import Actor, Coder, Content, Cue, Document, Mention, Record, Source, Statement, derived_id

CODER = Coder(version="1", codebook="a", registry="b")
TEXT = "Norway said that Peru must respect the ban on whaling. " * 3


def record(n: int, text: str = TEXT, url: str | None = None, coder: Coder = CODER) -> Record:
    document = Document(
        id=f"d{n:04d}", text=text + f" Report {n}.", url=url, published=f"2024-01-{n % 28 + 1:02d}T10:00"
    )
    return Record(
        document=document,
        actors=(Actor(id="NOR", name="Norway", kind="state", country="NOR"),),
        mentions=(Mention(actor="NOR", spans=((0, 6),)),),
        statements=(
            Statement(
                id=derived_id(document.id, "s", n),
                source=Source(spans=((0, 6),), actor="NOR"),
                cue=Cue(spans=((7, 11),), lemma="say"),
                content=Content(spans=((12, 53),)),
                kind="indirect",
                addressees=("PER",),
                confidence=0.25 + n % 3 / 4,
            ),
        ),
        coder=coder,
    )


def test_records_come_back_as_they_went_in(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    kept = [record(n) for n in range(5)]
    assert archive.add(kept).added == 5
    assert list(archive.records()) == kept
    assert list(open_archive(tmp_path / "a", create=False).records("id = 'd0003'")) == [kept[3]]


def test_adding_twice_changes_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(1)])
    before = archive.snapshot().seq
    report = archive.add([record(1)])
    assert (report.added, report.unchanged) == (0, 1)
    assert archive.snapshot().seq == before


def test_recoding_replaces_rows_and_the_older_ones_stay_readable(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    first = archive.add([record(1)]).batches[-1]
    newer = record(1, coder=Coder(version="2", codebook="a", registry="b"))
    assert archive.add([newer]).recoded == 1
    assert [r.coder.version for r in archive.records()] == ["2"]
    assert [r.coder.version for r in archive.at(first).records()] == ["1"]


def test_a_changed_page_is_a_new_version(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(1, url="https://example.org/1")])
    report = archive.add([record(2, "Norway said nothing after all. " * 4, url="https://example.org/1")])
    assert report.changed == 1
    assert archive.query("SELECT id, version FROM documents").to_pylist() == [{"id": "d0002", "version": 2}]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE statements",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY documents TO '/tmp/out.csv'",
        "SELECT 1; SELECT 2",
        "ATTACH '/tmp/x.db'",
        "SET enable_external_access=true",
        "SELECT nothing FROM statements",
        "not SQL",
    ],
)
def test_sql_reads_the_tables_and_nothing_else(tmp_path: Path, sql: str) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(1)])
    with pytest.raises(InputError):
        archive.query(sql)


def test_there_is_no_archive_in_a_folder_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        open_archive(tmp_path / "none", create=False)


def test_reviews_lie_over_the_machines_rows(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(n) for n in range(3)])
    rows = archive.query("SELECT id FROM statements ORDER BY document").column(0).to_pylist()
    review(archive, "statements", rows[0], "reject", "ada", reason="no statement")
    review(archive, "statements", rows[1], "correct", "ada", {"source": "PER", "day": "2024-02-03"})
    review(archive, "statements", rows[2], "confirm", "ada")
    review(archive, "statements", "d0002", "add", "ben", {"source": "PER", "content": "nothing", "kind": "indirect"})
    found = archive.query("SELECT source, day FROM statements ORDER BY document, source").to_pylist()
    assert [r["source"] for r in found] == ["PER", "NOR", "PER"]
    assert str(found[0]["day"]) == "2024-02-03"
    machine = open_archive(tmp_path / "a", machine_only=True)
    assert machine.query("SELECT count(*) FROM statements").column(0)[0].as_py() == 3
    assert [r.decision for r in reviews(archive, rows[0])] == ["reject"]
    review(archive, "statements", rows[0], "confirm", "ben")  # the newest counts; both stay
    assert archive.query("SELECT count(*) FROM statements").column(0)[0].as_py() == 4
    assert [r.reviewer for r in reviews(archive, rows[0])] == ["ada", "ben"]


def test_a_corrected_actor_counts_for_its_own_country(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(1)])
    (row,) = archive.query("SELECT id FROM statements").column(0).to_pylist()
    review(archive, "statements", row, "correct", "ada", {"source": "FJI/mfa", "addressees": ["NOR"]})
    said = [
        statements(archive, actor=a, target=t).num_rows for a, t in (("FJI", "NOR"), ("NOR", "PER"), ("FJI", "PER"))
    ]
    assert said == [1, 0, 0]


@pytest.mark.parametrize(
    ("table", "row", "decision", "corrections"),
    [
        ("phrases", "x", "confirm", None),
        ("statements", "nowhere", "confirm", None),
        ("statements", "ROW", "perhaps", None),
        ("statements", "ROW", "correct", None),
        ("statements", "ROW", "correct", {"colour": "red"}),
        ("statements", "ROW", "correct", {"id": "other"}),
        ("statements", "ROW", "correct", {"confidence": "high"}),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(tmp_path: Path, table, row, decision, corrections) -> None:  # type: ignore[no-untyped-def]
    archive = open_archive(tmp_path / "a")
    archive.add([record(1)])
    row = row.replace("ROW", record(1).statements[0].id)
    with pytest.raises(InputError):
        review(archive, table, row, decision, "ada", corrections)


def test_a_sample_is_of_rows_nobody_reviewed_and_can_be_drawn_again(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(n) for n in range(9)])
    doubtful = sample(archive, "statements", 3, by="confidence")
    assert [r["confidence"] for r in doubtful] == [0.25] * 3
    assert sample(archive, "statements", 5, seed=7) == sample(archive, "statements", 5, seed=7)
    review(archive, "statements", doubtful[0]["id"], "confirm", "ada")
    assert doubtful[0]["id"] not in {r["id"] for r in sample(archive, "statements", 9)}


ADDER = """
import sys
sys.path.insert(0, sys.argv[2])
from test_archive_store import record
from communique.analysis.tables import statements
from communique.archive import open_archive
archive = open_archive(sys.argv[1])
print("ready", flush=True)
for batch in range(100):
    archive.add([record(batch * 10 + n) for n in range(10)])
"""


@pytest.mark.parametrize("seed", range(3))
def test_killed_while_adding(tmp_path: Path, seed: int) -> None:
    """Whatever the moment of kill -9, batches of ten are there whole or not at all, and adding can go on."""
    where = tmp_path / "a"
    adder = subprocess.Popen(
        [sys.executable, "-c", ADDER, str(where), str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    )
    assert adder.stdout is not None and adder.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.05, 1.0))
    os.kill(adder.pid, signal.SIGKILL)
    adder.wait()
    archive = open_archive(where, create=False)
    for table in ("documents", "statements"):
        assert archive.query(f"SELECT count(*) FROM {table}").column(0)[0].as_py() % 10 == 0
    assert check_archive(archive).damaged == []
    there = archive.counts()["documents"]
    report = archive.add([record(n) for n in range(there + 10)])
    assert (report.unchanged, report.added) == (there, 10)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([record(1)])
    path = next((tmp_path / "a" / "statements").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:50])
    found = check_archive(archive)
    assert len(found.damaged) == 1 and path.name in found.damaged[0]
    with pytest.raises(ArchiveError, match="archive check"):
        open_archive(tmp_path / "a").query("SELECT * FROM statements")
