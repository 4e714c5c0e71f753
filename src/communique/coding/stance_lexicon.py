"""The lexicon of positions, data/codebooks/positions.yaml: which words put which kind of position; checked on load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import yaml

from communique.coding.formulas import Automaton, FormulaError, read_pattern
from communique.data import data_path, parse_yaml
from communique.errors import DataError
from communique.records import PositionKind

KINDS: frozenset[str] = frozenset(get_args(PositionKind))
_WORD_LISTS = (
    "light",
    "affirming",
    "telling",
    "calling",
    "charges",
    "offers",
    "dealings",
    "charge_verbs",
    "modal_demand",
    "own_modal",
    "concession_stop",
    "answers",
    "answer_nouns",
    "acts",
    "harms",
    "weak_harms",
    "bad",
    "blame",
    "merit",
    "inclusive_nouns",
    "topic_nouns",
    "routine_verbs",
    "roles",
    "receiving",
    "truths",
    "agents",
    "binding_marks",
    "done_to",
    "state_wrongs",
    "joining",
    "keeping",
    "envoys",
    "reports",
    "disposing",
    "trade_marks",
    "topic_openers",
)


@dataclass(frozen=True)
class StanceLexicon:
    """verbs: lemma, or lemma and particle -> kinds; adjectives, prepositions, nouns: lemma -> kind; words: named lists.

    complements: (kind, verb) -> the complements it must have, any of them. wording: automaton that gives kinds.
    """

    verbs: dict[str, tuple[str, ...]]
    adjectives: dict[str, str]
    prepositions: dict[str, str]
    nouns: dict[str, str]
    complements: dict[tuple[str, str], frozenset[str]]
    judgements: dict[str, str]
    wording: Automaton
    endorsing: Automaton
    conditions: Automaton
    words: dict[str, frozenset[str]]

    @cached_property
    def known(self) -> frozenset[str]:
        """First words of all verbs of the lexicon."""
        lists = (self.words[name] for name in ("harms", "answers", "light", "calling", "routine_verbs"))
        return self.verbs_alone | frozenset().union(*lists)

    @cached_property
    def verbs_alone(self) -> frozenset[str]:
        """Verbs of the lexicon and the first words of those with a particle: "side" of "side with"."""
        return frozenset(v.split()[0] for v in self.verbs)


@cache
def load_stances(path: Path | None = None) -> StanceLexicon:
    """Read a lexicon of positions; without a path the package's own.

    Raises:
        DataError: the file is not as its header says; the message names the field.
    """
    own = path is None
    path = path or data_path("codebooks", "positions.yaml")
    try:
        raw = parse_yaml(path.read_text(encoding="utf8"), plain=True)
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise DataError(f"{path.name}: must hold keys and values")
    verbs: dict[str, list[str]] = {}
    tables: dict[str, dict[str, str]] = {"adjectives": {}, "prepositions": {}, "nouns": {}}
    for kind, parts in _mapping(path.name, raw, "stances").items():
        _check_kind(path.name, "stances", kind)
        for part, words in parts.items():
            if part != "verbs" and part not in tables:
                raise DataError(f"{path.name}: stances: {kind}: unknown part {part!r}; use verbs, {', '.join(tables)}")
            for word in _words(path.name, f"stances: {kind}: {part}", words):
                if part == "verbs":
                    verbs.setdefault(word, [])
                    if kind not in verbs[word]:
                        verbs[word].append(kind)
                else:
                    tables[part].setdefault(word, kind)
    complements: dict[tuple[str, str], frozenset[str]] = {}
    for kind, table in _mapping(path.name, raw, "complements").items():
        for verb, needs in table.items():
            if kind not in verbs.get(verb, ()):
                raise DataError(f"{path.name}: complements: {verb!r} is no verb of {kind}; add it under stances first")
            complements[kind, verb] = frozenset(needs)
    judgements: dict[str, str] = {}
    for kind, words in _mapping(path.name, raw, "judgements").items():
        _check_kind(path.name, "judgements", kind)
        for word in _words(path.name, f"judgements: {kind}", words):
            judgements.setdefault(word, kind)
    wording = _mapping(path.name, raw, "wording")
    for kind in wording:
        _check_kind(path.name, "wording", kind)
    endorsing = _words(path.name, "endorsing", raw.get("endorsing"))
    conditions = _words(path.name, "condition_marks", raw.get("condition_marks"))
    if not own:
        try:
            for pattern in chain(*wording.values(), endorsing, conditions):
                read_pattern(pattern)
        except FormulaError as error:
            raise DataError(f"{path.name}: {error}") from error
    return StanceLexicon(
        verbs={verb: tuple(kinds) for verb, kinds in verbs.items()},
        adjectives=tables["adjectives"],
        prepositions=tables["prepositions"],
        nouns=tables["nouns"],
        complements=complements,
        judgements=judgements,
        wording=Automaton((p, kind) for kind, patterns in wording.items() for p in patterns),
        endorsing=Automaton((p, "support") for p in endorsing),
        conditions=Automaton((p, p) for p in conditions),
        words={name: frozenset(_words(path.name, name, raw.get(name))) for name in _WORD_LISTS},
    )


def _mapping(file: str, raw: Mapping[str, Any], field: str) -> dict[str, Any]:
    found = raw.get(field)
    if not isinstance(found, dict):
        raise DataError(f"{file}: {field!r} must hold kinds of position")
    return found


def _words(file: str, field: str, values: object) -> list[str]:
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v == v.strip() for v in values):
        raise DataError(
            f'{file}: {field!r} must be a list of words; quote those that YAML reads otherwise, such as "on"'
        )
    return values


def _check_kind(file: str, field: str, kind: str) -> None:
    if kind not in KINDS:
        raise DataError(f"{file}: {field}: {kind!r} is no kind of position; use {', '.join(sorted(KINDS))}")
