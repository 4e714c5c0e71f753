"""`communique actors` and the examples in docs/actors.md."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from communique.cli.actors import app
from communique.errors import InputError

DOCS = (Path(__file__).parents[1] / "docs" / "actors.md").read_text(encoding="utf8")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_check_counts_and_is_content() -> None:
    status, output = run("check", "--ambiguous")
    assert status == 0
    assert re.search(r"200\s+states", output) and "congo: COD, COG" in output


def test_check_of_a_faulty_overlay(tmp_path: Path) -> None:
    (tmp_path / "groups.tsv").write_text("id\tname\tcountry\tsector\tkind\tnames\tfrom\tto\ng\tG\tFRA\tREB\tx\t\t\t\n")
    status, output = run("check", "--registry", str(tmp_path))
    assert status == 1 and "groups.tsv:2: id 'g'" in output


def test_find_as_json() -> None:
    status, output = run("find", "Foreign Minister", "--on", "2023-01-30", "--country", "chn", "--json")
    assert status == 0
    assert json.loads(output)[0]["id"] == "person/qin-gang"


def test_find_nothing() -> None:
    status, output = run("find", "Nobody of that Name")
    assert status == 1 and "nobody and nothing" in output


def test_import_then_clash(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("name,kind,country,sector\nHamas,group,PSE,GOV\n,group,,\n", encoding="utf8")
    status, output = run("import", str(table), "--to", str(tmp_path / "overlay"))
    assert status == 0
    assert "mine.csv:3: set aside: no name" in output
    assert "clash over group/hamas: ours sector REB" in output
    assert "1 rows taken, 1 set aside, 1 clashes" in output
    with pytest.raises(InputError, match="is there already"):
        run("import", str(table), "--to", str(tmp_path / "overlay"))


@pytest.mark.parametrize("command", re.findall(r"^\$ communique actors (find .*)$", DOCS, re.MULTILINE))
def test_commands_in_the_docs(command: str) -> None:
    status, output = run(*shlex.split(command))
    assert status == 0 and output.strip()


def test_python_in_the_docs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert blocks
    for block in blocks:
        names: dict[str, object] = {}
        exec(block, names)
        assert "registry" in names
