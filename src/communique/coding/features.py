"""What the event classifiers see of a sentence: for the encoder the actors between marks, for the linear model hashed
n-grams of words and characters with the actors blanked out.

The same code serves training (training/train_events.py, train_events_encoder.py) and coding, so that both see the same.
"""

import re
from collections.abc import Iterator
from zlib import crc32

from communique.records import Span

SIZE = 1 << 22
SOURCE, TARGET = "SRC", "TGT"
_WORD = re.compile(r"\w+|[^\w\s]")
_ABOUT_MARKS = 210
_AROUND = 260  # characters kept on either side of the actors of a long sentence


def marked(text: str, sources: tuple[Span, ...], targets: tuple[Span, ...]) -> tuple[str, int, int]:
    """The sentence with "@" about its first source and "#" about its first target, and where the two marks begin.

    A long sentence is cut to the part about its marks. Offsets are characters; -1 where there is no such actor.
    """
    spans = [(*chosen[0], mark) for chosen, mark in ((sources, "@"), (targets, "#")) if chosen]
    # at one place what ends comes before what begins, and of two that begin there the longer first
    edges = [(s, 1, s - e, mark, True) for s, e, mark in spans] + [(e, 0, s - e, mark, False) for s, e, mark in spans]
    pieces: list[str] = []
    at = {"@": -1, "#": -1}
    last = length = 0
    for place, _, _, mark, opens in sorted(edges):
        pieces.append(text[last:place])
        length += place - last
        last = place
        if opens:
            at[mark] = length + 1
        pieces.append(f" {mark} ")
        length += 3
    whole = "".join([*pieces, text[last:]])
    if len(whole) > 2 * _ABOUT_MARKS:
        places = [p for p in at.values() if p >= 0] or [0]
        start = max(0, min(places) - _ABOUT_MARKS // 2)
        whole = whole[start : max(start + 2 * _ABOUT_MARKS, min(len(whole), max(places) + _ABOUT_MARKS // 2))]
        at = {mark: p - start if p >= 0 else p for mark, p in at.items()}
    return whole, at["@"], at["#"]


def blanked(text: str, sources: tuple[Span, ...], targets: tuple[Span, ...]) -> str:
    """The sentence with SRC and TGT for its actors, so that no name can stand for a class.

    Args:
        text: a sentence.
        sources: character spans of the source in it; overlapping spans of a target are left out.
        targets: the same of the target.
    """
    marks = sorted([(s, e, SOURCE) for s, e in sources] + [(s, e, TARGET) for s, e in targets])
    pieces, last = [], 0
    for start, end, name in marks:
        if start < last:
            continue
        pieces += [text[last:start], f" {name} "]
        last = end
    found = "".join([*pieces, text[last:]])
    places = [m.start() for m in re.finditer(rf"\b(?:{SOURCE}|{TARGET})\b", found)]
    if len(found) > 2 * _AROUND and places:
        start = max(0, places[0] - _AROUND)
        found = found[start : max(start + 2 * _AROUND, places[-1] + _AROUND)]
    return found


def word_grams(text: str) -> Iterator[str]:
    """One to three words of a blanked sentence, repeats included; those between the actors again by themselves."""
    words = [w if w in {SOURCE, TARGET} else w.lower() for w in _WORD.findall(text)]
    words = ["0" if w.isdigit() else w for w in words]
    for n in (1, 2, 3):
        for i in range(len(words) - n + 1):
            yield f"{n} " + " ".join(words[i : i + n])
    if SOURCE in words and TARGET in words:
        first, second = sorted((words.index(SOURCE), words.index(TARGET)))
        order = "st" if words[first] == SOURCE else "ts"
        between = words[first + 1 : second][:12]
        for n in (1, 2):
            for i in range(len(between) - n + 1):
                yield f"b{order} " + " ".join(between[i : i + n])


def letter_grams(text: str) -> Iterator[str]:
    """Three to five characters within the words of a blanked sentence, repeats included."""
    for word in _WORD.findall(text.replace(SOURCE, " ").replace(TARGET, " ").lower()):
        if not word[0].isalpha():
            continue
        padded = f" {word} "
        for n in (3, 4, 5):
            for i in range(len(padded) - n + 1):
                yield "c" + padded[i : i + n]


def counts(text: str) -> dict[int, int]:
    """Hash of each n-gram -> how often it occurs. Hashes of words are even, of characters odd."""
    found: dict[int, int] = {}
    for odd, grams in ((0, word_grams(text)), (1, letter_grams(text))):
        for gram in grams:
            key = (crc32(gram.encode("utf8")) % SIZE) * 2 + odd
            found[key] = found.get(key, 0) + 1
    return found
