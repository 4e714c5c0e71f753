"""Patterns over lemmas, and the automaton that finds thousands of them in one pass over a parse.

A pattern is words separated by spaces, all in lower case, each a lemma or a word form:
  a/b        either word
  word?      may be missing (a comma may always be)
  {actor}    one to five words that belong to somebody else and are no part of the match; {words} likewise
  NATO       a word with a capital matches only when written so
Hyphens and quotation marks are left out on both sides, British spelling is folded into American, and a plural or an
"-s" matches its stem, because taggers read headlines badly. A match never crosses a sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, product
from typing import Any

from communique.parsing.parse import Parse, Token

SLOTS = frozenset({"{actor}", "{words}"})
SLOT_LENGTH = 5
_SKIPPED = frozenset("-‐‑–—\"'“”‘’`«»") | {"''", "``", "--"}
_WORD = re.compile(r"^(\{(actor|words)\}|[^\s{}|;]+?)(\?)?$")
_STOP_SLOT = frozenset({".", ",", ";", ":", "?", "!", "(", ")", "..."})
_SLOT, _END, _SPELLED = "\0slot", "\0end", "\0="
_OUR = re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|al|er|ers|ful|hood|ly)?$")
_ISE = re.compile(r"(?<=[a-z]{3})is(e|es|ed|ing|ation|ations|er|ers)$")
_FOLDED = {
    "defence": "defense",
    "offence": "offense",
    "licence": "license",
    "programme": "program",
    "programmes": "programs",
    "centre": "center",
    "centres": "centers",
    "manoeuvre": "maneuver",
    "manoeuvres": "maneuvers",
    "judgement": "judgment",
    "artefact": "artifact",
    "unshakeable": "unshakable",
    "totalling": "totaling",
    "fulfil": "fulfill",
    "fuelling": "fueling",
    "n't": "not",
    "fertiliser": "fertilizer",
    "tranquillity": "tranquility",
    "grey": "gray",
}


class FormulaError(ValueError):
    """A pattern that cannot be read."""


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Lower case, American spelling, straight apostrophes."""
    word = word.lower().replace("’", "'")
    if word in _FOLDED:
        return _FOLDED[word]
    if len(word) > 5:
        word = _ISE.sub(lambda m: "iz" + m[1], word)
        word = _OUR.sub(lambda m: "or" + (m[1] or ""), word)
    return word


@lru_cache(maxsize=200_000)
def _keys(text: str, lemma: str) -> tuple[str, ...]:
    lower = fold(text)
    found = {lower: None, fold(lemma): None}
    if len(lower) > 3 and lower.endswith("s") and not lower.endswith("ss"):
        found[lower[:-1]] = None
        if lower.endswith("ies"):
            found[lower[:-3] + "y"] = None
        elif lower.endswith(("ches", "shes", "xes", "sses", "zes")):
            found[lower[:-2]] = None
    if text[:1].isupper() or text.isupper():
        found[_SPELLED + text] = None
    return tuple(found)


def keys(token: Token) -> tuple[str, ...]:
    """The forms under which a token can match: word form, lemma, stem, and the spelling of a capitalised word."""
    return _keys(token.text, token.lemma)


@lru_cache(maxsize=100_000)
def read_pattern(pattern: str) -> tuple[tuple[str, ...], ...]:
    """All sequences of keys that a pattern stands for.

    Raises:
        FormulaError: the pattern is empty, begins or ends with a slot, or holds a word that cannot be read.
    """
    if "-" in pattern:
        # taggers split "win-win" but not "COVID-19"
        joined = read_pattern(pattern.replace("-", "‐")) if "‐" not in pattern else ()
        split = read_pattern(pattern.replace("-", " "))
        return (*split, *(tuple(key.replace("‐", "-") for key in sequence) for sequence in joined))
    choices = [_options(word) for word in pattern.split()]
    sequences = tuple(dict.fromkeys(tuple(chain.from_iterable(parts)) for parts in product(*choices)))
    for sequence in sequences:
        if not sequence or sequence[0] == _SLOT or sequence[-1] == _SLOT:
            raise FormulaError(f"{pattern!r} must begin and end with a word that cannot be missing")
    return sequences


def key_of(word: str) -> str:
    """The key that a word of a pattern stands for: its spelling where it has a capital, else folded."""
    return _SPELLED + word if word != word.lower() else fold(word)


@lru_cache(maxsize=100_000)
def _options(word: str) -> tuple[tuple[str, ...], ...]:
    """The keys that a word of a pattern stands for; () where it may be missing."""
    found = _WORD.match(word)
    if found is None:
        raise FormulaError(f"{word!r} is no word of a pattern; use a/b, word?, {{actor}} or {{words}}")
    body = found[1]
    options: tuple[tuple[str, ...], ...] = ((_SLOT,),)
    if body not in SLOTS:
        options = tuple((key_of(w),) for w in body.split("/") if w)
    return (*options, ()) if found[3] or body == "," else options


def _first_keys(pattern: str) -> Iterable[str]:
    """The keys that sequences of a pattern begin with, found without reading all of it where that can be."""
    word = pattern.partition(" ")[0]
    if "-" in word or word in SLOTS or not word or word[-1] in "?,":
        return {sequence[0] for sequence in read_pattern(pattern)}
    return {option[0] for option in _options(word)}


class Automaton:
    """A trie of patterns. Feed it (pattern, value) pairs; `find` gives each match's value and token indices.

    Patterns are read when their first word is first met: a document meets few of the thousands that there are.
    """

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._root: dict[str, dict[str, Any]] = {}
        self._unread: dict[str, list[tuple[str, str]]] = {}
        for pattern, value in patterns:
            for key in _first_keys(pattern):
                self._unread.setdefault(key, []).append((pattern, value))

    def _below(self, key: str) -> dict[str, Any] | None:
        """What follows a first word; None where no pattern begins with it."""
        if key not in self._unread:
            return self._root.get(key)
        top: dict[str, Any] = {}
        for pattern, value in self._unread[key]:
            for sequence in read_pattern(pattern):
                if sequence[0] == key:
                    node = top
                    for word in sequence[1:]:
                        node = node.setdefault(word, {})
                    values = node.setdefault(_END, [])
                    if value not in values:
                        values.append(value)
        # in this order, so that another thread finds it in one place or the other
        self._root[key] = top
        self._unread.pop(key, None)
        return top

    def find(
        self,
        parse: Parse,
        first: int = 0,
        end: int | None = None,
        accept: Callable[[str, tuple[int, ...]], bool] | None = None,
        hides: Callable[[str, str], bool] = lambda longer, shorter: True,
    ) -> list[tuple[str, tuple[int, ...]]]:
        """All matches that lie in tokens [first, end), the longest for each value and starting place, in order.

        Args:
            parse: the parsed document.
            first: index of the first token to look at.
            end: index after the last; None for all.
            accept: tells of a match whether it counts; one that does not hides no shorter one.
            hides: tells of two values whether a longer match of the first hides one of the second that lies in it.
        """
        tokens = parse.tokens[first:end]
        stream = [t for t in tokens if t.text not in _SKIPPED]
        found: list[tuple[str, tuple[int, ...]]] = []
        for place, token in enumerate(stream):
            for key in _keys(token.text, token.lemma):
                node = self._below(key)
                if node is not None:
                    best: dict[str, tuple[int, ...]] = {}
                    for value, indices in _walk(node, stream, place + 1, (token.i,), token.sentence):
                        if len(indices) > len(best.get(value, ())):
                            best[value] = indices
                    found.extend(best.items())
        if accept is not None:
            found = [m for m in found if accept(*m)]
        return _longest(found, parse.tokens, hides)


def _walk(
    node: Mapping[str, Any], stream: list[Token], place: int, path: tuple[int, ...], sentence: int
) -> Iterator[tuple[str, tuple[int, ...]]]:
    values = node.get(_END, ())
    for value in values:
        yield value, path
    if len(node) == bool(values) or place >= len(stream) or stream[place].sentence != sentence:
        return  # a leaf, or the end of the sentence
    token = stream[place]
    for key in _keys(token.text, token.lemma):
        below = node.get(key)
        if below is not None:
            yield from _walk(below, stream, place + 1, (*path, token.i), sentence)
    # "sovereignty, security, and development": a comma before "and" or "or" that the pattern does not have
    if token.text == "," and place + 1 < len(stream) and stream[place + 1].lower in {"and", "or"}:
        yield from _walk(node, stream, place + 1, path, sentence)
    below = node.get(_SLOT)
    if below is not None:
        for length in range(1, SLOT_LENGTH + 1):
            last = place + length
            if last > len(stream) or stream[last - 1].sentence != sentence or stream[last - 1].text in _STOP_SLOT:
                break
            yield from _walk(below, stream, last, path, sentence)


def _longest(
    found: list[tuple[str, tuple[int, ...]]], tokens: tuple[Token, ...], hides: Callable[[str, str], bool]
) -> list[tuple[str, tuple[int, ...]]]:
    """Drop a match that lies inside a longer one without a gap ("win-win" in "win-win cooperation"), and all but the
    longest of overlapping ones of the same value."""
    kept: list[tuple[str, tuple[int, ...]]] = []
    at: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
    for value, indices in sorted(found, key=lambda m: (-len(m[1]), m[1][-1] - m[1][0], m[1], m[0])):
        own = set(indices)
        over = (match for i in indices for match in at.get(i, ()))
        if any(value == known or (_covers(other, own, tokens) and hides(known, value)) for known, other in over):
            continue
        kept.append((value, indices))
        for i in indices:
            at.setdefault(i, []).append((value, indices))
    return sorted(kept, key=lambda m: (m[1], m[0]))


def _covers(other: tuple[int, ...], own: set[int], tokens: tuple[Token, ...]) -> bool:
    gaps = set(range(other[0], other[-1])) - set(other)
    return own < set(other) and all(tokens[i].text in _SKIPPED or tokens[i].text == "," for i in gaps)
