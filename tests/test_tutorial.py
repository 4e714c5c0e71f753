"""The commands and the Python of the tutorial and of docs/positions.md run as they stand, in order, on the samples."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from communique.cli.main import app

ROOT = Path(__file__).parents[1]
TEXT = "\n".join((ROOT / "docs" / name).read_text(encoding="utf8") for name in ("tutorial.md", "positions.md"))
COMMANDS = re.findall(r"^    \$ (communique .*)\n((?:    .*\n)*)", TEXT, re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tutorial")
    (path / "src").symlink_to(ROOT / "src")
    return path


def test_tutorial_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(COMMANDS) >= 9
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "120")
    for command, shown in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, (command, result.output)
        words = re.findall(r"\w+", shown)
        assert not words or words[0] in result.stdout, (command, result.stdout)  # the head of what is shown there
    for block in PYTHON:
        exec(block, {})
