"""One statement in several reports: which statements are the same, and who changed what.

Two statements are the same when one speaker made them at about the same time and the content words of the shorter are
nearly all in the longer, mostly in the same order. The official transcript, where there is one, is what the others are
held against, else the longest.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from communique.analysis.said import Said, words_of
from communique.coding.formulas import fold

KEPT, ADDED, DROPPED = "kept", "added", "dropped"
_OFFICIAL = {"transcript": 0, "statement": 1, "report": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a word diff. change: "kept", "added" or "dropped"; the words with their marks."""

    change: str
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """One report's version of a statement against the reference: share of the reference's words it keeps, and the
    diff.
    """

    said: Said
    kept: float
    diff: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A statement and its versions. reference: the official text, else the longest; versions: all others."""

    reference: Said
    versions: tuple[Version, ...]


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """What of one text the other keeps, adds and drops, word by word; case, marks and spelling count for nothing."""
    old, new = _words_with_marks(before), _words_with_marks(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(a=[_bare(w) for w in old], b=[_bare(w) for w in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(KEPT, " ".join(new[c:d])))
            continue
        if b > a:
            pieces.append(Piece(DROPPED, " ".join(old[a:b])))
        if d > c:
            pieces.append(Piece(ADDED, " ".join(new[c:d])))
    return tuple(pieces)


def _words_with_marks(text: str) -> list[str]:
    """What stands between blanks; marks that stand alone go with the word before them."""
    found: list[str] = []
    for word in text.split():
        if words_of(word) or not found:
            found.append(word)
        else:
            found[-1] += f" {word}"
    return found if not found or words_of(found[0]) else found[1:]


def _bare(word: str) -> tuple[str, ...]:
    return tuple(fold(w) for w in words_of(word))


def align(statements: Sequence[Said], days: int = 1, likeness: float = 0.6) -> list[Aligned]:
    """Bring together the versions of each statement, in order of time.

    Args:
        statements: of any speakers.
        days: how far apart two versions may be dated.
        likeness: share of the shorter version's words that the longer must have, in order.
    """
    words = [[fold(w) for w in words_of(s.text)] for s in statements]
    by_shingle: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)  # -> first members of groups
    groups: dict[int, list[Said]] = {}
    for i in sorted(range(len(statements)), key=lambda i: (statements[i].day, -len(words[i]), statements[i].id)):
        statement = statements[i]
        shingles = {(statement.actor, tuple(words[i][k : k + 3])) for k in range(max(1, len(words[i]) - 2))}
        near = {j for key in shingles for j in by_shingle[key] if _may_be_one(groups[j], statement, days)}
        likest = max(near, key=lambda j: (_likeness(words[j], words[i]), -j), default=None)
        if likest is not None and _likeness(words[likest], words[i]) >= likeness:
            groups[likest].append(statement)
        else:
            groups[i] = [statement]
            for key in shingles:
                by_shingle[key].append(i)
    return sorted((_aligned(g) for g in groups.values()), key=lambda a: (a.reference.day, a.reference.id))


def _may_be_one(group: list[Said], statement: Said, days: int) -> bool:
    """Whether a statement may be one more version: soon after the first, not in the same document, and not what the
    same publisher has from another day, which is the same thing said again."""
    if statement.day - group[0].day > timedelta(days=days):
        return False
    return not any(
        s.document == statement.document
        or (s.publisher is not None and s.publisher == statement.publisher and s.day != statement.day)
        for s in group
    )


def _likeness(a: list[str], b: list[str]) -> float:
    """Share of the shorter text that stands in the longer in the same order; short texts must agree more."""
    shorter = min(len(a), len(b))
    if shorter < 4:
        return float(a == b)
    common = sum(m.size for m in SequenceMatcher(a=a, b=b, autojunk=False).get_matching_blocks())
    return common / shorter


def _aligned(group: list[Said]) -> Aligned:
    ordered = sorted(group, key=lambda s: (_OFFICIAL.get(s.kind, 2), -len(s.text), s.id))
    reference, others = ordered[0], ordered[1:]
    versions = []
    for said in sorted(others, key=lambda s: (s.day, s.id)):
        diff = word_diff(reference.text, said.text)
        kept = sum(len(words_of(p.words)) for p in diff if p.change == KEPT)
        versions.append(Version(said, kept / max(1, len(words_of(reference.text))), diff))
    return Aligned(reference, tuple(versions))
