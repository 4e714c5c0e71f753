"""How far reviewers agree with each other and with the machine: Krippendorff's alpha for nominal data.

Krippendorff, K. (2019), Content Analysis, 4th ed., ch. 12. A unit is a row that somebody reviewed; its value for a
reviewer is what that reviewer would have there: the machine's where it was confirmed, the corrected one where it was
corrected, and "rejected" where the row should not be there.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from communique.archive.reviews import Review, reviews
from communique.archive.store import Archive
from communique.errors import MissingPartError

COLUMNS = {
    "statements": ("source", "addressees", "kind"),
    "events": ("plover", "sources", "targets"),
    "positions": ("kind", "actor", "targets"),
}
"""What is compared, by table."""
_MACHINE = "machine"
_REJECTED = '"rejected"'


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha of one column. units: rows with two values or more; alpha: None where it is undefined, because all values
    are the same or there are no units; same: share of pairs of values that are equal."""

    table: str
    column: str
    between: str
    units: int
    alpha: float | None
    same: float | None


def agreement(archive: Archive) -> list[Agreement]:
    """Agreement between reviewers, and between reviewers and the machine, by table and column.

    Args:
        archive: whose reviews; a reviewer's newest decision on a row counts.

    Raises:
        MissingPartError: the package krippendorff is not installed.
    """
    newest: dict[tuple[str, str, str], Review] = {}
    for review in reviews(archive):
        if review.decision != "add":
            newest[review.table, review.row, review.reviewer] = review
    found = []
    for table, columns in COLUMNS.items():
        decided = [r for (of, _, _), r in newest.items() if of == table]
        if not decided:
            continue
        coded = _coded(archive, table, columns, sorted({r.row for r in decided}))
        decided = [r for r in decided if r.row in coded]  # a document coded anew has other rows
        for column in columns:
            people = [(r.row, r.reviewer, _value(r, column, coded[r.row])) for r in decided]
            machine = [(row, _MACHINE, _text(values[column])) for row, values in coded.items()]
            found.append(_agreement(table, column, "reviewers", people))
            found.append(_agreement(table, column, "reviewers and machine", people + machine))
    return found


def _coded(archive: Archive, table: str, columns: tuple[str, ...], rows: list[str]) -> dict[str, dict[str, Any]]:
    found = archive.ask(f"SELECT id, {', '.join(columns)} FROM machine.{table} WHERE id IN (SELECT unnest(?))", [rows])
    return {row["id"]: row for row in found.to_pylist()}


def _value(review: Review, column: str, coded: Mapping[str, Any]) -> str:
    if review.decision == "reject":
        return _REJECTED
    return _text(review.corrections.get(column, coded[column]))


def _text(value: Any) -> str:
    return json.dumps(sorted(map(str, value)) if isinstance(value, list | tuple) else value, default=str)


def _agreement(table: str, column: str, between: str, values: list[tuple[str, str, str]]) -> Agreement:
    by_unit: dict[str, dict[str, str]] = {}
    for unit, coder, value in values:
        by_unit.setdefault(unit, {})[coder] = value
    units = [given for given in by_unit.values() if len(given) > 1]
    pairs = [a == b for given in units for n, a in enumerate(given.values()) for b in list(given.values())[n + 1 :]]
    same = sum(pairs) / len(pairs) if pairs else None
    return Agreement(table, column, between, len(units), _alpha(units), same)


def _alpha(units: list[dict[str, str]]) -> float | None:
    try:
        import krippendorff
    except ImportError as error:
        raise MissingPartError("agreement needs krippendorff: pip install 'communique[analysis]'") from error
    codes = {value: n for n, value in enumerate(sorted({v for given in units for v in given.values()}))}
    if len(codes) < 2:
        return None
    coders = sorted({coder for given in units for coder in given})
    data = np.array([[codes[given[c]] if c in given else math.nan for given in units] for c in coders])
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
