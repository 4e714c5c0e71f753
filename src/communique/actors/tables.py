"""The registry's files: tab-separated tables with `# ` comment lines on top, then a header row."""

from calendar import monthrange
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from communique.errors import DataError

# Which columns each file may have, in the order the files are read; those with a star must be there.
COLUMNS: dict[str, tuple[str, ...]] = {
    "sectors": ("code*", "kind*", "cameo*", "name*"),
    "cameo_roles": ("cameo*", "sector*", "name*"),
    "states": (
        *("id*", "alpha2", "name*", "kind*", "country*", "sector", "names*", "adjectives*", "demonyms*", "capitals*"),
        *("metonyms*", "article", "from", "to", "wikidata"),
    ),
    "regions": ("id*", "name*", "names*", "country*", "kind*", "from", "to"),
    "organisations": (
        *("id*", "name*", "names*", "kind*", "sector*", "cameo", "members", "country", "wikidata", "metonyms"),
        *("from", "to"),
    ),
    "agencies": ("id*", "state*", "name*", "names*", "sector*", "kind*", "from", "to", "wikidata"),
    "groups": ("id*", "name*", "country*", "sector*", "kind*", "names*", "from", "to", "cameo", "wikidata"),
    "bodies": ("slug*", "name*", "sector*", "nouns*", "forms*"),
    "roles": ("name*", "plural*", "sector*", "body*", "kind*"),
    "offices": ("office_id*", "state_or_org*", "title*", "sector*", "body*", "names*", "holders"),
    "persons": ("id*", "name*", "other_names*", "country*", "sector*", "from", "to", "wikidata", "source", "as_of"),
    "terms": ("person_id*", "name*", "office_id*", "start*", "end*", "other_names*", "source*", "as_of*"),
}

_MONTHS = {f"{month:02}" for month in range(1, 13)}


class Dated(NamedTuple):
    """A value as written in a table: `name@from..to` holds on these days only, `name^` is matched as written."""

    surface: str
    start: str
    end: str
    cased: bool


def dated(cell: str) -> Dated:
    """Read one item of a list, such as "Zaire@..1997-05-17", "Turkey^" or "ETA^@..2018-05-02"."""
    start = end = ""
    if "@" in cell and ".." in cell:
        cell, _, period = cell.rpartition("@")
        first, _, last = period.partition("..")
        start, end = first_day(first), last_day(last)
    if cell.endswith("^"):
        return Dated(cell[:-1], start, end, True)
    return Dated(cell, start, end, in_capitals(cell))


def in_capitals(cell: str) -> bool:
    """Whether case matters of itself: an acronym that ignores it would make "us" the United States, "who" the WHO."""
    return len(cell) < 8 and cell.upper() == cell


def first_day(date: str) -> str:
    """The first day of a year, month or day in ISO form; "" stays "" (no limit)."""
    return date if len(date) in (0, 10) else f"{date}-01-01"[:10]


def last_day(date: str) -> str:
    """The last day of a year, month or day in ISO form; "" stays "" (no limit)."""
    if len(date) == 7 and date[:4].isdigit() and date[5:] in _MONTHS:
        return f"{date}-{monthrange(int(date[:4]), int(date[5:]))[1]}"
    return f"{date}-12-31" if len(date) == 4 else date


def split_list(cell: str) -> list[str]:
    """The items of a cell separated by |."""
    return cell.split("|") if cell else []


def read_table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a registry file with their line numbers (from 1); columns that are absent read as "".

    Raises:
        DataError: the file has an unknown name or column, lacks a column, or a row has too many or empty cells.
    """
    if path.stem not in COLUMNS:
        raise DataError(f"{path}: not a registry file; the files are {', '.join(f'{k}.tsv' for k in COLUMNS)}")
    known = [column.rstrip("*") for column in COLUMNS[path.stem]]
    header: list[str] | None = None
    blank = dict.fromkeys(known, "")
    try:
        text = path.read_text(encoding="utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.rstrip("\r").split("\t")
        if header is None:
            header = cells
            _check_header(path, number, header, known)
            continue
        if len(cells) > len(header):
            raise DataError(f"{path}:{number}: {len(cells)} cells, but the header has {len(header)} columns")
        if not cells[0]:
            raise DataError(f"{path}:{number}: {header[0]!r} is empty; every row needs one")
        row = dict(zip(header, cells, strict=False))
        yield number, row if len(row) == len(blank) else blank | row
    if header is None:
        raise DataError(f"{path}: no header row; it should hold {', '.join(known)}")


def _check_header(path: Path, number: int, header: list[str], known: list[str]) -> None:
    for column in header:
        if column not in known:
            raise DataError(f"{path}:{number}: unknown column {column!r}; known are {', '.join(known)}")
    for column in COLUMNS[path.stem]:
        if column.endswith("*") and column[:-1] not in header:
            raise DataError(f"{path}:{number}: column {column[:-1]!r} is missing")
