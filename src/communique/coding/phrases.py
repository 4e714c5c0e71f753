"""Official formulas ("meet halfway", "win-win cooperation") wherever they occur, headlines included."""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from communique.actors.resolution import Resolution
from communique.coding.formulas import Automaton, FormulaError, read_pattern
from communique.data import data_path
from communique.errors import DataError
from communique.parsing.parse import Parse
from communique.records import Phrase, Statement
from communique.settings import load_settings

Register = Literal["routine", "firm", "severe", "last_warning"]
REGISTERS: tuple[Register, ...] = get_args(Register)
COLUMNS = ("phrase", "patterns", "owners", "register", "signals", "source")


@dataclass(frozen=True, slots=True)
class Formula:
    """One row of the phrase codebook.

    owners: ids of the actors known for it, or "any". source: who wrote of this rung of the ladder; empty: our reading.
    """

    phrase: str
    patterns: tuple[str, ...]
    owners: tuple[str, ...]
    register: Register
    signals: str
    source: str


@dataclass(frozen=True)
class PhraseBook:
    formulas: dict[str, Formula]
    automaton: Automaton


@cache
def load_phrases(*extra: Path) -> PhraseBook:
    """Read the package's phrase codebook and a user's own tables with the same columns; a user's row replaces ours.

    Args:
        extra: the user's tables; by default those that COMMUNIQUE_PHRASES names.

    Raises:
        DataError: a file cannot be read; the message names file and line.
    """
    formulas: dict[str, Formula] = {}
    own = extra or load_settings().phrases
    for path in (data_path("codebooks", "phrases.tsv"), *own):
        for line, row in table_rows(path, COLUMNS):
            where = f"{path.name}: line {line}"
            if row["register"] not in REGISTERS:
                raise DataError(f"{where}: register {row['register']!r} is not one of {', '.join(REGISTERS)}")
            formulas[row["phrase"]] = Formula(
                row["phrase"],
                checked_patterns(where, row["patterns"]) if path in own else split_patterns(row["patterns"]),
                tuple(row["owners"].split(",")),
                row["register"],
                row["signals"],
                row["source"],
            )
    return PhraseBook(formulas, Automaton((p, f.phrase) for f in formulas.values() for p in f.patterns))


def table_rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a tab-separated codebook with comment lines, each with its line number.

    Raises:
        DataError: the file is missing, its header is another, or a row has a cell too few or too many.
    """
    (number, header), *rows = _cells(path) or [(1, [])]
    if tuple(header) != columns:
        raise DataError(f"{path.name}: line {number}: the columns, separated by tabs, must be {', '.join(columns)}")
    for number, cells in rows:
        if len(cells) != len(columns) or not cells[0]:
            wrong = f"{len(cells)} cells, separated by tabs, where {len(columns)} are needed"
            raise DataError(f"{path.name}: line {number}: {wrong if cells[0] else f'{columns[0]} is empty'}")
    return [(number, dict(zip(columns, cells, strict=True))) for number, cells in rows]


def table_header(path: Path) -> tuple[str, ...]:
    """Names of a codebook's columns.

    Raises:
        DataError: the file is missing or not in UTF-8.
    """
    return tuple(next((cells for _, cells in _cells(path)), ()))


def _cells(path: Path) -> list[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"{path}: cannot be read ({reason}); give a tab-separated file in UTF-8") from error
    numbered = enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1)
    return [(number, cells) for number, cells in numbered if "".join(cells).strip() and not cells[0].startswith("#")]


def split_patterns(cell: str) -> tuple[str, ...]:
    """Patterns of a cell, separated by semicolons; unread."""
    return tuple(p.strip() for p in cell.split(";") if p.strip())


def checked_patterns(where: str, cell: str) -> tuple[str, ...]:
    """Patterns of a cell, separated by semicolons.

    Raises:
        DataError: there is none, or one cannot be read.
    """
    patterns = split_patterns(cell)
    if not patterns:
        raise DataError(f"{where}: has no pattern")
    for pattern in patterns:
        try:
            read_pattern(pattern)
        except FormulaError as error:
            raise DataError(f"{where}: {error}") from error
    return patterns


def find_phrases(parse: Parse, resolution: Resolution, book: PhraseBook | None = None) -> list[Phrase]:
    """Formulas of the document, each with the innermost statement whose words hold it.

    Args:
        parse: the parsed document.
        resolution: its statements.
        book: the codebook; without one the package's own.
    """
    book = book or load_phrases()
    return [
        Phrase(phrase=value, statement=innermost(resolution.statements, spans[0][0], spans[-1][1]), spans=spans)
        for value, indices in book.automaton.find(parse)
        for spans in [parse.spans(_with_marks(parse, indices))]
    ]


def _with_marks(parse: Parse, indices: tuple[int, ...]) -> list[int]:
    """The matched tokens and the hyphens or commas between neighbours among them, so that "win-win" is one span."""
    found = list(indices)
    for before, after in pairwise(indices):
        between = range(before + 1, after)
        if all(not any(c.isalnum() for c in parse.tokens[i].text) for i in between):
            found.extend(between)
    return sorted(found)


def innermost(statements: tuple[Statement, ...], start: int, end: int) -> str | None:
    """Id of the statement with the shortest content that covers characters [start, end); None if there is none."""
    best: tuple[int, str] | None = None
    for statement in statements:
        spans = statement.content.spans
        if any(s < end and e > start for s, e in spans) and spans[0][0] <= start and end <= spans[-1][1]:
            length = sum(e - s for s, e in spans)
            if best is None or length < best[0]:
                best = length, statement.id
    return best[1] if best else None
