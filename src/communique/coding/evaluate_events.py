"""`communique evaluate events`: how well event classes are found in sentences whose source and target are marked.

With the actors given, each sentence is coded with its two marked phrases as the only actors. With our own actors found,
the sentence is coded as a document of its own, and a row is right when one event has its class and the states of its
source and target. The states of the marked phrases are those that the actors room finds in them; rows in which it finds
none for either are left out of the second measure.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from communique.actors.resolution import Resolution
from communique.coding.classifier import load_classifier
from communique.coding.codebook import Codebook, load_codebook
from communique.coding.deciding import LEXICON_BONUS, UNSURE_BONUS, learned_scores
from communique.coding.events import narrated
from communique.coding.participants import Participants
from communique.errors import InputError
from communique.parsing.parse import Parse
from communique.records import Actor, Document, Event, Mention, Span

_COLUMNS = ("marked_sentence", "plover")


@dataclass(frozen=True)
class MarkedSentence:
    """text without marks; sources, targets: character spans of the marked phrases."""

    id: str
    text: str
    sources: tuple[Span, ...]
    targets: tuple[Span, ...]
    label: str


@dataclass
class Scores:
    """said: the class found for each sentence; f1: by class; confusion: (gold, said) -> number."""

    said: list[str] = field(default_factory=list)
    accuracy: float = 0.0
    macro_f1: float = 0.0
    quad_f1: float = 0.0
    quad_accuracy: float = 0.0
    f1: dict[str, float] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass
class EndToEnd:
    """rows: sentences with a state on both sides; found: with an event between them; right: of the right class."""

    rows: int = 0
    found: int = 0
    right: int = 0
    events: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.rows if self.rows else 0.0


def read_marked(path: Path) -> list[MarkedSentence]:
    """Read a table of marked sentences.

    Args:
        path: TSV with columns marked_sentence (<s>source</s>, <t>target</t>), plover and, if wanted, id.

    Raises:
        InputError: the file cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if rows and (missing := [c for c in _COLUMNS if c not in rows[0]]):
        raise InputError(f"{path}: lacks the column {missing[0]!r}; columns must be id, {', '.join(_COLUMNS)}")
    return [_unmarked(str(row.get("id") or n), row["marked_sentence"], row["plover"]) for n, row in enumerate(rows, 1)]


def _unmarked(name: str, marked: str, label: str) -> MarkedSentence:
    text, last = "", 0
    spans: dict[str, list[Span]] = {"s": [], "t": []}
    opened: dict[str, int] = {}
    for match in re.finditer(r"</?([st])>", marked):
        text += marked[last : match.start()]
        last = match.end()
        if match[0][1] != "/":
            opened[match[1]] = len(text)
        elif match[1] in opened:
            start = opened.pop(match[1])
            words = text[start:]
            start += len(words) - len(words.lstrip())
            if words.strip():
                spans[match[1]].append((start, start + len(words.strip())))
    return MarkedSentence(name, text + marked[last:], tuple(spans["s"]), tuple(spans["t"]), label)


def given_actors(sentence: MarkedSentence) -> Resolution:
    """A resolution that knows only the two marked phrases, as two states."""
    actors: dict[str, Actor] = {}
    mentions = []
    for name, spans in (("source", sentence.sources), ("target", sentence.targets)):
        if spans:
            actors[name] = Actor(id=name, name=name, kind="state", country=name, sector="GOV")
            mentions.append(Mention(actor=name, spans=tuple(sorted(spans))))
    return Resolution(actors, tuple(mentions), ())


def classify_given(sentences: list[MarkedSentence], parses: Iterable[Parse], book: Codebook | None = None) -> list[str]:
    """Class of each sentence with its actors given: lexicon and classifier together, as the coder weighs them."""
    book = book or load_codebook()
    model = load_classifier() if book.learned else None
    labels = list(model.classes) if model is not None else list(book.classes)
    scores = np.zeros((len(sentences), len(labels)))
    if model is not None:
        scores += learned_scores([(s.text, s.sources, s.targets) for s in sentences], model)
    for row, (sentence, parse) in enumerate(zip(sentences, parses, strict=True)):
        for name, bonus in _votes(parse, given_actors(sentence), book).items():
            scores[row, labels.index(name)] += bonus
    groups = {c.name: c.group or c.name for c in book.classes.values()}
    wide = sorted(set(groups.values()))
    summed = np.stack(
        [np.logaddexp.reduce(scores[:, [labels.index(c) for c in groups if groups[c] == w]], axis=1) for w in wide], 1
    )
    known = {s.label for s in sentences}
    if known & {c for c in groups if groups[c] != c}:  # the data tells the narrow classes apart
        narrow = [c for c in labels if c in groups]
        return [narrow[i] for i in scores[:, [labels.index(c) for c in narrow]].argmax(1)]
    return [wide[i] for i in summed.argmax(1)]


def _votes(parse: Parse, resolution: Resolution, book: Codebook) -> dict[str, float]:
    """What the lexicon's deeds between the given actors add to each class, in log probability."""
    found = narrated(parse, resolution, Participants(parse, resolution), book)
    both = {c.name: LEXICON_BONUS for c in found if "source" in c.sources and "target" in c.targets}
    return both or {c.name: UNSURE_BONUS for c in found}


def score(sentences: list[MarkedSentence], said: list[str], book: Codebook | None = None) -> Scores:
    """Accuracy, macro F1 over the classes of the gold, and the same over quad classes."""
    book = book or load_codebook()
    gold = [s.label for s in sentences]
    found = Scores(said=said, confusion=Counter(zip(gold, said, strict=True)))
    found.accuracy = sum(g == s for g, s in zip(gold, said, strict=True)) / max(1, len(gold))
    found.f1 = _f1(gold, said)
    found.macro_f1 = sum(found.f1.values()) / max(1, len(found.f1))
    quads = quad_of(book)
    gold_quads, said_quads = [quads.get(g, g) for g in gold], [quads.get(s, s) for s in said]
    by_quad = _f1(gold_quads, said_quads)
    found.quad_f1 = sum(by_quad.values()) / max(1, len(by_quad))
    found.quad_accuracy = sum(g == s for g, s in zip(gold_quads, said_quads, strict=True)) / max(1, len(gold))
    return found


def quad_of(book: Codebook) -> dict[str, str]:
    """Quad class of each class; an older wide class is material where one of its parts is."""
    found = {c.name: c.quad for c in book.classes.values()}
    for c in book.classes.values():
        if c.group and c.quad.startswith("MATERIAL"):
            found[c.group] = c.quad
    return found


def _f1(gold: list[str], said: list[str]) -> dict[str, float]:
    right = Counter(g for g, s in zip(gold, said, strict=True) if g == s)
    true, claimed = Counter(gold), Counter(said)
    return {name: 2 * right[name] / (true[name] + claimed[name]) for name in sorted(true)}


def end_to_end(
    sentences: Iterable[MarkedSentence],
    code: Callable[[Document], tuple[Resolution, list[Event]]],
    book: Codebook | None = None,
) -> EndToEnd:
    """How often the whole pipeline finds the right class between the right states.

    Args:
        sentences: marked sentences.
        code: the pipeline on one document: its resolution and its events.
    """
    book = book or load_codebook()
    groups = {c.name: c.group for c in book.classes.values()}
    found = EndToEnd()
    for sentence in sentences:
        resolution, events = code(Document(id=sentence.id, text=sentence.text))
        sources = set(_states(resolution, sentence.sources))
        targets = set(_states(resolution, sentence.targets))
        if not sources or not targets:
            continue
        found.rows += 1
        found.events += len(events)
        between = [
            e
            for e in events
            if sources & set(_countries(resolution, e.sources)) and targets & set(_countries(resolution, e.targets))
        ]
        found.found += bool(between)
        if any(sentence.label in {e.plover, groups.get(e.plover)} for e in between):
            found.right += 1
        else:
            found.missed.append((sentence.id, ", ".join(sorted({e.plover for e in between})) or "nothing"))
    return found


def _states(resolution: Resolution, spans: tuple[Span, ...]) -> Iterator[str]:
    """States of the actors and places named in a marked phrase: those of its first actor that has one."""
    for start, end in spans:
        named = list(_countries(resolution, tuple(resolution.actors_in(start, end))))
        named += [state for (s, e), state in resolution.places if s < end and e > start]
        yield from named[:1]


def _countries(resolution: Resolution, actors: tuple[str, ...]) -> Iterator[str]:
    for actor in actors:
        if actor in resolution.actors:
            country = resolution.actors[actor].country
            if country is not None:
                yield country
