"""How well positions are coded: precision, recall and F1 on sentences whose positions a reader has written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from communique.coding.phrases import table_rows
from communique.coding.sides import side_of
from communique.errors import DataError
from communique.records import Document, PositionKind, Record
from communique.scores import Score

KINDS = frozenset(get_args(PositionKind))
MEASURES = ("kind", "actor", "issue", "target", "whole")


@dataclass(frozen=True, slots=True)
class Expected:
    """One position that a sentence states; actor and targets are states, else actor ids."""

    actor: str
    kind: str
    targets: frozenset[str]
    issues: frozenset[str]


@dataclass(frozen=True)
class Evaluation:
    """scores by measure; kinds: scores of each kind; misses: (sentence, expected, found) of the sentences not wholly
    right.
    """

    scores: dict[str, Score]
    kinds: dict[str, Score]
    misses: list[tuple[str, frozenset[Expected], frozenset[Expected]]]


def read_sentences(path: Path) -> list[tuple[str, frozenset[Expected]]]:
    """Sentences and their positions: columns sentence and positions ("actor kind targets issues", separated by ";").

    Raises:
        DataError: the file is not so; the message names the line.
    """
    found: list[tuple[str, frozenset[Expected]]] = []
    for line, row in table_rows(path, ("sentence", "positions")):
        positions: set[Expected] = set()
        for cell in filter(None, row["positions"].split(";")):
            parts = cell.split()
            if len(parts) != 4 or parts[1] not in KINDS:
                raise DataError(
                    f"{path.name}: line {line}: {cell!r} is not 'actor kind targets issues' with a known kind"
                )
            positions |= {Expected(a, parts[1], _listed(parts[2]), _listed(parts[3])) for a in parts[0].split(",")}
        found.append((row["sentence"], frozenset(positions)))
    return found


def _listed(cell: str) -> frozenset[str]:
    return frozenset() if cell == "-" else frozenset(cell.split(","))


def evaluate_positions(
    sentences: Iterable[tuple[str, frozenset[Expected]]], code: Callable[[Document], Record]
) -> Evaluation:
    """Code each sentence as a document of its own and compare.

    Measures: kind: pairs of sentence and kind; actor: sentence, actor and kind; issue and target: sentence and issue or
    target of any of its positions; whole: positions right in all of these.

    Args:
        sentences: as `read_sentences` gives them.
        code: the coder of a document, such as communique.running.pipeline.code_document.
    """
    counts = {measure: [0, 0, 0] for measure in MEASURES}
    kinds = {kind: [0, 0, 0] for kind in sorted(KINDS)}
    misses: list[tuple[str, frozenset[Expected], frozenset[Expected]]] = []
    for number, (sentence, expected) in enumerate(sentences):
        record = code(Document(id=f"sentence-{number}", text=sentence, published="2023-06-01"))
        found = positions_of(record)
        if found != expected:
            misses.append((sentence, expected, found))
        for measure in MEASURES:
            _count(counts[measure], _items(measure, found), _items(measure, expected))
        for kind, counted in kinds.items():
            _count(counted, {kind} & _items("kind", found), {kind} & _items("kind", expected))
    return Evaluation(
        {measure: Score(*counted) for measure, counted in counts.items()},
        {kind: Score(*counted) for kind, counted in kinds.items()},
        misses,
    )


def positions_of(record: Record) -> frozenset[Expected]:
    """A record's positions in the form of the evaluation set: states in place of their bodies and officials."""
    sides = {a.id: side_of(a) for a in record.actors}
    return frozenset(
        Expected(
            sides.get(p.actor or "", p.actor or ""),
            p.kind,
            frozenset(sides.get(t, t) for t in p.targets),
            frozenset(p.issues),
        )
        for p in record.positions
    )


def _items(measure: str, positions: frozenset[Expected]) -> set[object]:
    if measure == "kind":
        return {p.kind for p in positions}
    if measure == "actor":
        return {(p.actor, p.kind) for p in positions}
    if measure == "issue":
        return {issue for p in positions for issue in p.issues}
    if measure == "target":
        return {target for p in positions for target in p.targets}
    return set(positions)


def _count(counted: list[int], found: set[object], expected: set[object]) -> None:
    counted[0] += len(found & expected)
    counted[1] += len(found)
    counted[2] += len(expected)
