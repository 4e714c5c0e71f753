"""`communique review` and `agreement`: decisions are kept beside the machine's rows, and measured."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive_records import report
from communique.analysis.agreement import agreement
from communique.archive import Archive, open_archive
from communique.archive.reviews import review
from communique.cli.main import app
from communique.errors import InputError


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    kept = open_archive(tmp_path / "a")
    kept.add(report(f"d{n}", f"2024-01-0{n}", event="ACCUSE" if n < 4 else "AGREE") for n in range(1, 7))
    return kept


def events(archive: Archive) -> list[str]:
    return [str(i) for i in archive.ask("SELECT id FROM machine.events ORDER BY document").column(0).to_pylist()]


def run(archive: Archive, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--archive", archive.storage.uri])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_decisions_lie_over_the_machines_rows(archive: Archive) -> None:
    first, second, third, *_ = events(archive)
    run(archive, "review", "correct", first, "plover=THREATEN", 'targets=["FJI"]', "--by", "ada", "--why", "read it")
    run(archive, "review", "reject", second, "--by", "ada")
    run(archive, "review", "confirm", third, "--by", "ada")
    kept = open_archive(archive.storage.uri, create=False)
    rows = {r["id"]: (r["plover"], r["targets"]) for r in kept.ask("SELECT * FROM events").to_pylist()}
    assert rows[first] == ("THREATEN", ["FJI"])
    assert second not in rows
    assert rows[third] == ("ACCUSE", ["PER"])
    assert kept.ask("SELECT count(*) FROM machine.events").column(0)[0].as_py() == 6
    assert "read it" in run(archive, "review", "list", "--format", "csv")


def test_a_further_correction_and_a_confirmation_keep_the_earlier_one(archive: Archive) -> None:
    first, second, *_ = events(archive)
    run(archive, "review", "correct", first, "plover=THREATEN", "--by", "ada")
    run(archive, "review", "correct", first, 'targets=["FJI"]', "--by", "bo")
    run(archive, "review", "correct", second, "modality=denied", "--by", "ada")
    run(archive, "review", "confirm", second, "--by", "bo")
    kept = open_archive(archive.storage.uri, create=False)
    rows = {r["id"]: r for r in kept.ask("SELECT * FROM events").to_pylist()}
    assert (rows[first]["plover"], rows[first]["targets"]) == ("THREATEN", ["FJI"])
    assert rows[second]["modality"] == "denied"
    same = {(a.column, a.between): a.same for a in agreement(kept)}
    assert (same["plover", "reviewers"], same["targets", "reviewers"]) == (1.0, 0.5)
    run(archive, "review", "reject", second, "--by", "cy")
    run(archive, "review", "confirm", second, "--by", "ada")  # of what the machine found
    rows = {r["id"]: r for r in kept.ask("SELECT * FROM events").to_pylist()}
    assert rows[second]["modality"] == "past"


def test_a_row_that_people_added_is_confirmed_corrected_and_taken_back(archive: Archive) -> None:
    added = review(archive, "statements", "d1", "add", "ada", {"source": "PER", "content": "a", "kind": "direct"}).row

    def row() -> list[tuple[str, str]]:
        found = archive.ask("SELECT source, kind FROM statements WHERE id = ?", [added]).to_pylist()
        return [(r["source"], r["kind"]) for r in found]

    run(archive, "review", "confirm", added, "--by", "bo")
    assert row() == [("PER", "direct")]
    run(archive, "review", "correct", added, "kind=mixed", "--by", "bo")
    assert row() == [("PER", "mixed")]
    run(archive, "review", "reject", added, "--by", "cy")
    assert row() == []
    run(archive, "review", "confirm", added, "--by", "ada")
    assert row() == [("PER", "mixed")]


def test_sample_leaves_out_what_was_reviewed(archive: Archive) -> None:
    first, *rest = events(archive)
    run(archive, "review", "confirm", first, "--by", "ada")
    drawn = run(archive, "review", "sample", "--table", "events", "--number", "9", "--format", "csv")
    assert first not in drawn
    assert all(id in drawn for id in rest)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["confirm", "zz"], "no id of"),
        (["confirm", "s000000000000"], "no such row"),
        (["correct", "e1", "plover"], "column=value"),
    ],
)
def test_clear_errors(words: list[str], says: str, archive: Archive) -> None:
    with pytest.raises(InputError, match=says):
        run(archive, "review", *words)


def test_agreement_is_krippendorffs(archive: Archive) -> None:
    with pytest.raises(InputError, match="nothing is reviewed"):
        run(archive, "agreement")
    ids = events(archive)
    for id in ids:
        run(archive, "review", "confirm", id, "--by", "ada")
    for id in ids[1:]:
        run(archive, "review", "confirm", id, "--by", "bo")
    run(archive, "review", "correct", ids[0], "plover=AGREE", "--by", "bo")
    found = {(a.column, a.between): a for a in agreement(open_archive(archive.storage.uri)) if a.table == "events"}
    people = found["plover", "reviewers"]
    # 6 units, values ada AAAGGG, bo GAAGGG: observed disagreement 1/6, expected 2*5*7/(12*11)
    assert people.units == 6
    assert people.same == pytest.approx(5 / 6)
    assert people.alpha == pytest.approx(1 - (1 / 6) / (70 / 132))
    assert found["targets", "reviewers"].alpha is None  # all the same: undefined
