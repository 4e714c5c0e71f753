"""How the wording of an actor on an issue changes: each occasion against the one before it.

An occasion is what an actor says on the issue on one day, several reports of the same words taken as one
(alignment.py). Its sentences are paired with the most similar ones of the last occasion; what has no partner was
added or dropped.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from communique.analysis.alignment import ADDED, DROPPED, KEPT, Piece, align, word_diff
from communique.analysis.discovery import formulas_in
from communique.analysis.said import Said, issues_named, sentences_of, words_of
from communique.coding.formulas import fold
from communique.errors import InputError

_PAIRED = 0.3  # likeness from which two sentences count as one that was changed


@dataclass(frozen=True, slots=True)
class Occasion:
    """What was said on one day: its sentences, each once, and the statements that they come from."""

    day: date
    sentences: tuple[str, ...]
    formulas: tuple[str, ...]
    statements: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An occasion against the one before.

    diff: word diff, sentence after sentence. size: 0 nothing new, 1 no word kept; words that the actor always uses
    weigh more when dropped, words it never used before more when added. unusual: share of this actor's changes that
    are smaller, None where there are fewer than five. formulas_added, formulas_dropped: of the phrase codebook.
    left_out: formulas of at least half of the earlier occasions that are missing now.
    """

    before: Occasion
    after: Occasion
    diff: tuple[Piece, ...]
    size: float
    unusual: float | None
    formulas_added: tuple[str, ...]
    formulas_dropped: tuple[str, ...]
    left_out: tuple[str, ...]


def occasions(statements: Sequence[Said], issue: str | None = None) -> list[Occasion]:
    """Statements of one actor brought together by day, the same words of several reports counted once.

    Args:
        statements: of one actor.
        issue: sentences that name other issues and not this one are left out.
    """
    by_day: dict[date, list[Said]] = {}
    for aligned in align(statements):
        first = min([aligned.reference, *(v.said for v in aligned.versions)], key=lambda s: s.day)
        by_day.setdefault(first.day, []).append(aligned.reference)
    found = []
    for day in sorted(by_day):
        sentences = _once([t for s in by_day[day] for t in _on_issue(sentences_of(s.text), issue)])
        formulas = dict.fromkeys(f for t in sentences for f in formulas_in(t))
        found.append(Occasion(day, tuple(sentences), tuple(formulas), tuple(by_day[day])))
    return found


def changes(statements: Sequence[Said], actor: str, issue: str) -> list[Change]:
    """Changes of an actor's wording on an issue, in order of time.

    Args:
        statements: any; those of the actor are compared, and its changes on all issues are the measure of what is
            usual.
        actor: the side.
        issue: id of the issue.

    Raises:
        InputError: the actor has spoken on the issue on fewer than two days.
    """
    mine = [s for s in statements if s.actor == actor]
    found = _compare(occasions([s for s in mine if issue in s.issues], issue))
    if not found:
        raise InputError(f"{actor} has statements on {issue!r} on fewer than two days; there is nothing to compare")
    elsewhere = {i for s in mine for i in s.issues} - {issue}
    sizes = [c.size for c in found]
    for other in sorted(elsewhere):
        sizes += [c.size for c in _compare(occasions([s for s in mine if other in s.issues], other))]
    sizes.sort()
    if len(sizes) < 5:
        return found
    return [
        Change(
            c.before,
            c.after,
            c.diff,
            c.size,
            (bisect_left(sizes, c.size) + bisect_right(sizes, c.size) - 1) / 2 / (len(sizes) - 1),
            c.formulas_added,
            c.formulas_dropped,
            c.left_out,
        )
        for c in found
    ]


def _compare(found: list[Occasion]) -> list[Change]:
    result = []
    used: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for number, occasion in enumerate(found):
        if number:
            before = found[number - 1]
            diff = _diff(before, occasion)
            habitual = [f for f, n in known.items() if n >= max(2, number / 2) and f not in occasion.formulas]
            result.append(
                Change(
                    before,
                    occasion,
                    diff,
                    _size(diff, used, number),
                    None,
                    tuple(f for f in occasion.formulas if f not in before.formulas),
                    tuple(f for f in before.formulas if f not in occasion.formulas),
                    tuple(sorted(habitual)),
                )
            )
        used.update({fold(w) for t in occasion.sentences for w in words_of(t)})
        known.update(occasion.formulas)
    return result


def _diff(before: Occasion, after: Occasion) -> tuple[Piece, ...]:
    """Word diff of two occasions: sentences paired by likeness, best pairs first, shown in the later one's order."""
    old = [Counter(fold(w) for w in words_of(t)) for t in before.sentences]
    new = [Counter(fold(w) for w in words_of(t)) for t in after.sentences]
    likenesses = sorted(
        ((_overlap(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new)),
        key=lambda p: (-p[0], p[1], p[2]),
    )
    partner: dict[int, int] = {}
    for likeness, i, j in likenesses:
        if likeness >= _PAIRED and i not in partner.values() and j not in partner:
            partner[j] = i
    pieces: list[Piece] = []
    for j, sentence in enumerate(after.sentences):
        if j in partner:
            pieces += word_diff(before.sentences[partner[j]], sentence)
        else:
            pieces.append(Piece(ADDED, sentence))
    pieces += [Piece(DROPPED, sentence) for i, sentence in enumerate(before.sentences) if i not in partner.values()]
    return tuple(p for p in pieces if p.words)


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    """Dice coefficient of two bags of words."""
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def _size(diff: Sequence[Piece], used: Counter[str], earlier: int) -> float:
    """Weighted share of changed words. used: in how many of the `earlier` occasions each word stood."""
    changed = kept = 0.0
    for piece in diff:
        for word in map(fold, words_of(piece.words)):
            habit = used[word] / earlier
            if piece.change == KEPT:
                kept += 1
            else:
                changed += habit if piece.change == DROPPED else 1 - habit
    return changed / (changed + kept) if changed + kept else 0.0


def _on_issue(sentences: list[str], issue: str | None) -> list[str]:
    """Sentences of a statement without those that name only other issues."""
    if issue is None:
        return sentences
    kept = [t for t in sentences if not (named := issues_named(t)) or issue in named]
    return kept or sentences


def _once(sentences: list[str]) -> list[str]:
    seen: dict[str, str] = {}
    for sentence in sentences:
        seen.setdefault(" ".join(fold(w) for w in words_of(sentence)), sentence)
    return list(seen.values())
