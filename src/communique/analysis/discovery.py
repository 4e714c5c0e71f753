"""Formulas nobody listed: word sequences that one actor uses far more than others, new ones, and ones that are gone.

Keyness is the weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
Words", Political Analysis 16): the prior is the whole corpus, so that rare sequences need more evidence. Spread over
documents is the deviation of proportions (Gries 2008, "Dispersions and adjusted frequencies in corpora").
"""

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache

from communique.analysis.said import Said, bare_parse, sentences_of, words_of
from communique.coding.formulas import Automaton, fold
from communique.coding.phrases import load_phrases
from communique.data import data_path, parse_yaml
from communique.errors import InputError

Ngram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A word sequence of an actor.

    z: weighted log-odds divided by its standard deviation; above 1.96 is unlikely by chance. count, others: how
    often the actor and all others use it. documents: in how many of the actor's documents. unevenness: deviation of
    proportions, 0 spread like the actor's words, 1 in one place. listed: the codebook's name for it, where it holds it.
    """

    words: str
    z: float
    count: int
    others: int
    documents: int
    unevenness: float
    first: date
    last: date
    listed: str | None
    example: str


@cache
def _edges() -> frozenset[str]:
    raw = parse_yaml(data_path("analysis", "discovery.yaml").read_text(encoding="utf8"), plain=True)
    return frozenset(raw["edges"])


def discover(
    statements: Sequence[Said],
    actor: str,
    *,
    longest: int = 5,
    least: int = 3,
    least_documents: int = 3,
    least_z: float = 1.96,
    prior: float = 0.2,
) -> list[Found]:
    """Word sequences that an actor uses far more than all others, surest first.

    Args:
        statements: those of the actor and of others.
        actor: whose formulas to find.
        longest: words of the longest sequence looked for; the shortest has two. Those that overlap in the same places
            are put together afterwards.
        least: how often it must occur; least_documents: in how many documents.
        least_z: how sure it must be.
        prior: weight of the prior, as a share of the whole corpus; more asks for more evidence.

    Raises:
        InputError: there are no statements of the actor, or none of others.
    """
    mine = [s for s in statements if s.actor == actor]
    theirs = [s for s in statements if s.actor != actor]
    if not mine or not theirs:
        raise InputError(f"statements of {actor} and of others are needed; there are {len(mine)} and {len(theirs)}")
    own, totals = _counts(mine, longest)
    own = Counter({g: n for g, n in own.items() if n >= least})
    other, other_totals = _counts(theirs, longest, own)
    scores = {g: _log_odds(own[g], totals[len(g)], other[g], other_totals[len(g)], prior) for g in own}
    uses = _uses(mine, {g for g, z in scores.items() if z >= least_z}, longest)
    kept = {g for g, places in uses.items() if len({s.document for s in places}) >= least_documents}
    return _told(kept, scores, own, other, mine, uses)


def new_since(
    statements: Sequence[Said], actor: str, day: date, *, longest: int = 5, least_documents: int = 3
) -> list[Found]:
    """Word sequences of an actor that it never used before a day and used in several documents since.

    z: the same measure, the actor's later words against its earlier ones.
    """
    return _between(statements, actor, day, longest, least_documents, later=True)


def gone_since(
    statements: Sequence[Said], actor: str, day: date, *, longest: int = 5, least_documents: int = 3
) -> list[Found]:
    """Word sequences of an actor that it used in several documents before a day and never since.

    Left out are those whose absence is no wonder: with their earlier rate, chance alone would leave them out of the
    later documents once in twenty times or more.
    """
    return _between(statements, actor, day, longest, least_documents, later=False)


def _between(
    statements: Sequence[Said], actor: str, day: date, longest: int, least_documents: int, later: bool
) -> list[Found]:
    mine = [s for s in statements if s.actor == actor]
    here = [s for s in mine if (s.day >= day) == later]
    there = [s for s in mine if (s.day >= day) != later]
    if not here or not there:
        raise InputError(
            f"{actor} has no statements {'before' if later == bool(here) else 'since'} {day}; choose another day"
        )
    own, totals = _counts(here, longest)
    own = Counter({g: n for g, n in own.items() if n >= least_documents})
    other, other_totals = _counts(there, longest, own)
    uses = _uses(here, {g for g in own if not other[g]}, longest)
    documents = len({s.document for s in here})
    absent = len({s.document for s in there})
    kept = set()
    for gram, places in uses.items():
        spread = len({s.document for s in places})
        # a rate of `spread` in `documents` leaves `absent` documents empty by chance with this probability
        if spread >= least_documents and math.exp(-spread * absent / documents) < 0.05:
            kept.add(gram)
    scores = {g: _log_odds(own[g], totals[len(g)], 0, other_totals[len(g)], 0.2) for g in kept}
    return _told(kept, scores, own, other, here, uses)


def _grams(statement: Said, longest: int) -> Iterator[tuple[Ngram, str]]:
    """Sequences of two to `longest` words that neither begin nor end with a function word, and their sentences."""
    edges = _edges()
    for sentence in sentences_of(statement.text):
        words = [fold(w) for w in words_of(sentence)]
        for start, word in enumerate(words):
            if word in edges:
                continue
            for end in range(start + 2, min(start + longest, len(words)) + 1):
                if words[end - 1] not in edges:
                    yield tuple(words[start:end]), sentence


def _counts(
    statements: Iterable[Said], longest: int, among: Container[Ngram] | None = None
) -> tuple[Counter[Ngram], Counter[int]]:
    """How often each sequence occurs, those in `among` alone if given, and how many there are of each length."""
    found: Counter[Ngram] = Counter()
    totals: Counter[int] = Counter()
    for statement in statements:
        for gram, _ in _grams(statement, longest):
            totals[len(gram)] += 1
            if among is None or gram in among:
                found[gram] += 1
    return found, totals


def _uses(statements: Iterable[Said], grams: Container[Ngram], longest: int) -> dict[Ngram, list[Said]]:
    """The statements that hold each sequence, once for each time."""
    found: dict[Ngram, list[Said]] = defaultdict(list)
    for statement in statements:
        for gram, _ in _grams(statement, longest):
            if gram in grams:
                found[gram].append(statement)
    return found


def _log_odds(a: int, n: int, b: int, m: int, prior: float) -> float:
    """z of the log-odds ratio of a sequence that stands `a` times among n of one side and `b` times among m of another
    (Monroe, Colaresi and Quinn 2008, equations 15 to 22)."""
    alpha = prior * (a + b)
    rest = prior * (n + m) - alpha
    # an actor that says nothing else still has half a sequence left to say
    delta = math.log((a + alpha) / max(0.5, n - a + rest)) - math.log((b + alpha) / max(0.5, m - b + rest))
    return delta / math.sqrt(1 / (a + alpha) + 1 / (b + alpha))


def _joined(
    kept: Set[Ngram], counts: dict[Ngram, int], scores: dict[Ngram, float], uses: dict[Ngram, list[Said]]
) -> set[Ngram]:
    """What is kept, and the longer sequences of which two are the overlapping halves nearly everywhere; a longer one is
    as sure as its less sure half."""
    beginning: dict[Ngram, list[Ngram]] = defaultdict(list)
    for gram in kept:
        beginning[gram[:2]].append(gram)
    found, waiting = set(kept), sorted(kept)
    while waiting:
        first = waiting.pop()
        for at in range(1, len(first) - 1):
            shared = first[at:]
            for second in beginning[shared[:2]]:
                whole = first + second[len(shared) :]
                if second[: len(shared)] != shared or whole == first or whole in found:
                    continue
                places = [s for s in uses[first] if _holds(s, whole)]
                if len(places) >= 0.8 * max(counts[first], counts[second]):
                    found.add(whole)
                    waiting.append(whole)
                    counts[whole], scores[whole], uses[whole] = len(places), min(scores[first], scores[second]), places
    return found


def _holds(statement: Said, gram: Ngram) -> bool:
    return any(_within(gram, tuple(fold(w) for w in words_of(t))) for t in sentences_of(statement.text))


def _explained(gram: Ngram, counts: Mapping[Ngram, int], kept: Iterable[Ngram]) -> bool:
    """Whether a sequence nearly always stands inside one longer sequence that is kept too, or is a far commoner one
    with a chance neighbour."""
    return any(
        (len(other) > len(gram) and counts[other] >= 0.8 * counts[gram] and _within(gram, other))
        or (len(other) < len(gram) and counts[gram] <= 0.2 * counts[other] and _within(other, gram))
        for other in kept
    )


def _within(short: Ngram, long: Ngram) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _told(
    kept: Set[Ngram],
    scores: Mapping[Ngram, float],
    counts: Mapping[Ngram, int],
    others: Counter[Ngram],
    statements: Iterable[Said],
    uses: Mapping[Ngram, list[Said]],
) -> list[Found]:
    """What is kept, surest first, without what another sequence explains."""
    counts, scores, uses = dict(counts), dict(scores), dict(uses)
    kept = _joined(kept, counts, scores, uses)
    sizes: Counter[str] = Counter()
    for statement in statements:
        sizes[statement.document] += len(words_of(statement.text))
    total = sum(sizes.values())
    found = []
    for gram in sorted(kept, key=lambda g: (-scores[g], g)):
        if _explained(gram, counts, kept):
            continue
        places = Counter(s.document for s in uses[gram])
        words = " ".join(gram)
        found.append(
            Found(
                words,
                scores[gram],
                counts[gram],
                others[gram],
                len(places),
                0.5 * sum(abs(places[d] / counts[gram] - size / total) for d, size in sizes.items()),
                min(s.day for s in uses[gram]),
                max(s.day for s in uses[gram]),
                listed_as(words),
                next(sentence for g, sentence in _grams(uses[gram][0], len(gram)) if g == gram),
            )
        )
    return found


def listed_as(words: str) -> str | None:
    """Name of the codebook's formula that the words hold, or None."""
    found = load_phrases().automaton.find(bare_parse(words))
    return found[0][0] if found else None


def formulas_in(text: str, automaton: Automaton | None = None) -> list[str]:
    """Names of the codebook's formulas in a plain text, in order, each once; found without a parser."""
    found = (automaton or load_phrases().automaton).find(bare_parse(text))
    return list(dict.fromkeys(name for name, _ in found))
