"""The cue lexicon: which words attribute, and in which frames. Checked when it is read."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from communique.data import data_path, parse_yaml
from communique.errors import DataError

FRAMES = frozenset({"clause", "infinitive", "object_infinitive", "object", "about", "charge", "told", "quote"})


@dataclass(frozen=True)
class Lexicon:
    """frames: lemma, or lemma and particle or preposition ("call on"), -> its frames; the other sets hold lemmas."""

    frames: dict[str, frozenset[str]]
    nouns: frozenset[str]
    by_preposition: tuple[tuple[str, ...], ...]
    negative: frozenset[str]
    occasion_prepositions: frozenset[str]
    occasions: frozenset[str]
    response_verbs: frozenset[str]
    response_openers: tuple[tuple[str, ...], ...]
    speech_nouns: frozenset[str]


@cache
def load_lexicon() -> Lexicon:
    """Read the package's lexicon.

    Raises:
        DataError: a file is not as its header says.
    """
    cues = _mapping(data_path("attribution", "cues.yaml"))
    occasions = _mapping(data_path("attribution", "occasions.yaml"))
    responses = _mapping(data_path("attribution", "responses.yaml"))
    frames: dict[str, set[str]] = {}
    for frame, lemmas in cues["frames"].items():
        if frame not in FRAMES:
            raise DataError(f"cues.yaml: unknown frame {frame!r}; use one of {', '.join(sorted(FRAMES))}")
        for lemma in _words("cues.yaml", frame, lemmas):
            frames.setdefault(lemma, set()).add(frame)
    return Lexicon(
        frames={lemma: frozenset(found) for lemma, found in frames.items()},
        nouns=frozenset(_words("cues.yaml", "nouns", cues["nouns"])),
        by_preposition=_sequences("cues.yaml", "sources_by_preposition", cues["sources_by_preposition"]),
        negative=frozenset(_words("cues.yaml", "negative", cues["negative"])),
        occasion_prepositions=frozenset(_words("occasions.yaml", "prepositions", occasions["prepositions"])),
        occasions=frozenset(_words("occasions.yaml", "nouns", occasions["nouns"])),
        response_verbs=frozenset(_words("responses.yaml", "verbs", responses["verbs"])),
        response_openers=_sequences("responses.yaml", "openers", responses["openers"]),
        speech_nouns=frozenset(_words("responses.yaml", "speech", responses["speech"])),
    )


def _mapping(path: Path) -> dict[str, Any]:
    found = parse_yaml(path.read_text(encoding="utf8"))
    if not isinstance(found, dict):
        raise DataError(f"{path.name}: must hold keys and values")
    return found


def _words(file: str, field: str, values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v == v.lower().strip() for v in values):
        raise DataError(f"{file}: {field!r} must be a list of lower-case words")
    return values


def _sequences(file: str, field: str, values: object) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(v.split()) for v in _words(file, field, values))
