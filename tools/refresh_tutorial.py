"""Puts what the commands of docs/tutorial.md and docs/positions.md print now below them.

A long output stays cut where it was cut, with "…" in its last line.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("tutorial.md", "positions.md")]  # the first makes the archive
WIDTH = "120"


def run(command: str, folder: Path) -> str:
    """What a `communique …` command prints in a folder that holds `src`."""
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, "COLUMNS": WIDTH}, capture_output=True, text=True, check=True
    )
    return done.stdout


def refreshed(text: str, folder: Path) -> str:
    """The tutorial with every output made anew."""
    kept: list[str] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        kept.append(line)
        at += 1
        if not line.startswith("    $ "):
            continue
        shown = at
        while at < len(lines) and lines[at].startswith("    "):
            at += 1
        printed = [f"    {row}".rstrip() for row in run(line[6:], folder).rstrip("\n").split("\n")]
        if at > shown and lines[at - 1].strip() == "…" and len(printed) > at - shown:
            printed = [*printed[: at - shown - 1], "    …"]
        kept += [row for row in printed if row]
    return "\n".join(kept)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "src").symlink_to(ROOT / "src")
        for page in PAGES:
            page.write_text(refreshed(page.read_text(encoding="utf8"), Path(name)), encoding="utf8")
