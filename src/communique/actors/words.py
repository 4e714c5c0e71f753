"""The words that resolution goes by, read from data/registry/words.yaml and ambiguous.yaml and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from communique.data import data_path, parse_yaml
from communique.errors import DataError


@dataclass(frozen=True)
class Reading:
    """One meaning of an ambiguous name.

    id: of the registry, or "" for a place or a person; place: the state it lies in (ISO alpha-3) where it is a place
    and no actor; person: it is a person's name; near, before, after: words that speak for it; needed: without one of
    them it is not meant.
    """

    id: str = ""
    place: str = ""
    person: bool = False
    near: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    needed: bool = False


@dataclass(frozen=True)
class Words:
    """Sets of lower-case words and the tables of words.yaml; `readings` by the name in lower case.

    kinds: pronouns and nouns that stand for an actor named elsewhere, with how to find it; families: last word of a
    function -> the functions and bodies of persons whom it can mean ("diplomat": an ambassador, a foreign minister);
    sole: offices that one state alone has ("Taoiseach") -> that state.
    """

    sets: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    heads: Mapping[str, str]
    prefixes: Mapping[str, str]
    bearers: Mapping[str, frozenset[str]]
    readings: Mapping[str, tuple[Reading, ...]]
    kinds: Mapping[str, str]
    families: Mapping[str, frozenset[str]]
    sole: Mapping[str, str]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.sets[name]


_SETS = (
    *("former", "office_modifiers", "he_titles", "she_titles", "other_titles", "he_roles", "she_roles", "particles"),
    *("family_name_first", "place_prepositions", "direction", "not_place_heads", "motion", "place_verbs"),
    *("place_nouns", "relational", "prefix_signs", "accredited", "owning_prepositions", "sides", "countries"),
    *("pairs", "two", "couples", "duos", "pointing", "not_between", "named_bodies", "ministries", "faceless"),
    *("determiners", "asking", "papers"),
)


@cache
def load_words() -> Words:
    """Read both files.

    Raises:
        DataError: a file is not YAML, a list is missing or a reading has an unknown field.
    """
    path = data_path("registry", "words.yaml")
    raw = _read(path)
    for key in (*_SETS, "titles", "heads", "prefixes", "bearers", "pronouns", "families", "sole"):
        if not raw.get(key):
            raise DataError(f"{path}: {key} is missing or empty")
    sets = {key: _strings(path, key, raw[key]) for key in _SETS}
    bearers = {noun: _strings(path, f"bearers.{noun}", sectors) for noun, sectors in raw["bearers"].items()}
    path = data_path("registry", "ambiguous.yaml")
    readings = {
        str(name).lower(): tuple(_reading(path, str(name), row) for row in rows) for name, rows in _read(path).items()
    }
    families = {noun: _strings(data_path("registry", "words.yaml"), noun, v) for noun, v in raw["families"].items()}
    kinds = {pronoun: kind for kind, pronouns in raw["pronouns"].items() for pronoun in pronouns}
    for kind in ("sides", "countries"):
        kinds |= dict.fromkeys(sets[kind], kind)
    kinds |= dict.fromkeys(sets["duos"], "duo")
    kinds |= dict.fromkeys(bearers, "bearer") | dict.fromkeys(sets["pairs"], "pair")
    return Words(sets, raw["titles"], raw["heads"], raw["prefixes"], bearers, readings, kinds, families, raw["sole"])


def _read(path: Path) -> dict[str, Any]:
    try:
        found = parse_yaml(path.read_text(encoding="utf8"))
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not YAML: {error}") from error
    if not isinstance(found, dict):
        raise DataError(f"{path}: expected a table at the top")
    return found


def _strings(path: Path, key: str, values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise DataError(f"{path}: {key} must be a list of words")
    return frozenset(values)


def _reading(path: Path, name: str, row: Any) -> Reading:
    if not isinstance(row, dict):
        raise DataError(f"{path}: {name}: each reading is a table such as {{is: GEO, near: [Tbilisi]}}")
    unknown = set(row) - {"is", "place", "person", "near", "before", "after", "needed"}
    if unknown:
        raise DataError(f"{path}: {name}: unknown field {sorted(unknown)[0]!r}")

    def lowered(values: Iterable[str]) -> frozenset[str]:
        return frozenset(str(v).lower() for v in values)

    return Reading(
        id=row.get("is", ""),
        place=row.get("place", ""),
        person=bool(row.get("person")),
        near=lowered(row.get("near", ())),
        before=lowered(row.get("before", ())),
        after=lowered(row.get("after", ())),
        needed=bool(row.get("needed")),
    )
