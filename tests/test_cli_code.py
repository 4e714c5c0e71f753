"""`communique code` and `schema` as a user runs them, with good input and bad."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from communique.data import data_path
from communique.records import Record

REPORT = data_path("samples", "2024-03-11-briefing-report.txt")


def run(*args: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "communique", *args], input=stdin, capture_output=True, text=True, encoding="utf8"
    )


def test_json_reads_back_as_the_same_record() -> None:
    done = run("code", str(REPORT), "--published", "2024-03-11", "--format", "json")
    assert done.returncode == 0, done.stderr
    record = Record.model_validate_json(done.stdout)
    assert record.document.text == REPORT.read_text(encoding="utf8")
    assert json.loads(done.stdout) == record.model_dump(mode="json")
    again = run("code", str(REPORT), "--published", "2024-03-11", "--format", "json")
    assert again.stdout == done.stdout


def test_the_table_names_who_said_what() -> None:
    done = run("code", str(REPORT), "--published", "2024-03-11")
    assert done.returncode == 0, done.stderr
    assert "Hartono" in done.stdout
    assert "urged" in done.stdout


def test_html_is_one_page_that_loads_nothing() -> None:
    done = run("code", "-", "--format", "html", stdin='He said <script>alert("x")</script> that the talks failed.')
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!doctype html>")
    assert 'alert("x")' not in done.stdout
    assert "http://" not in done.stdout and "https://" not in done.stdout and "src=" not in done.stdout


def test_standard_input_and_lines_of_json() -> None:
    done = run("code", "-", str(REPORT), "--format", "jsonl", stdin="The minister said that the talks had failed.")
    assert done.returncode == 0, done.stderr
    first, second = [Record.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [s.cue.lemma for s in first.statements] == ["say"]
    assert second.document.text.startswith("Foreign ministry")


def test_the_schema_is_the_records() -> None:
    assert json.loads(run("schema").stdout) == Record.model_json_schema()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (bytes(range(256)) * 20, "binary"),
        ("Der Minister sprach über Öl.".encode("latin-1"), "UTF-8"),
        (b"word " * 10_000_000, "2,000,000"),
    ],
    ids=["empty", "blank", "binary", "latin-1", "50 MB on one line"],
)
def test_a_bad_file_gets_one_clear_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    done = run("code", str(tmp_path / "bad.txt"))
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_missing_file_and_a_date_that_is_none(tmp_path: Path) -> None:
    done = run("code", str(tmp_path / "missing.txt"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "missing.txt" in done.stderr
    done = run("code", str(REPORT), "--published", "soon")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "soon" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("He said so.")
    (tmp_path / "secret.txt").chmod(0)
    done = run("code", str(tmp_path / "secret.txt"))
    assert done.returncode == 2
    assert "permission" in done.stderr.lower()


def test_the_others_of_a_batch_go_on(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    done = run("code", str(tmp_path / "bad.txt"), str(REPORT), "--format", "jsonl")
    assert done.returncode == 2
    assert "bad.txt" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_help_shows_examples() -> None:
    for command in ((), ("code",), ("schema",), ("evaluate", "attribution")):
        done = run(*command, "--help")
        assert done.returncode == 0
        assert "Example: communique" in " ".join(done.stdout.split())
