"""Data flows one way: a room imports only records, errors, data and the rooms to its left."""

import ast
from pathlib import Path

import pytest

import communique

ROOT = Path(communique.__file__).parent
ROOMS = [
    "reading",
    "parsing",
    "attribution",
    "actors",
    "coding",
    "archive",
    "analysis",
    "exporting",
    "running",
    "web",
    "cli",
]
EVERYWHERE = {"records", "errors", "data", "settings", "models", "scores"}


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = (
                [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
                if node.module == "communique"
                else [node.module]
            )
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("communique.")}
    return found & {*ROOMS, *EVERYWHERE}


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/**/*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_what_lies_to_its_left(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    if room not in ROOMS:
        assert imported_rooms(path) <= EVERYWHERE
        return
    allowed = {*ROOMS[: ROOMS.index(room) + 1], *EVERYWHERE}
    if room == "web":
        allowed.add("web")
    assert imported_rooms(path) <= allowed


def test_records_import_nothing_of_ours_but_to_print_themselves() -> None:
    tree = ast.parse((ROOT / "records.py").read_text(encoding="utf8"))
    top = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not any("communique" in (getattr(n, "module", None) or "") for n in top)
    assert imported_rooms(ROOT / "records.py") <= {"exporting"}
