"""Formulas nobody listed: word sequences that one actor uses far more than others, new ones, and ones that are gone.

Keyness is the weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
Words", Political Analysis 16): the prior is the whole corpus, so that rare sequences need more evidence. Spread over
documents is the deviation of proportions (Gries 2008, "Dispersions and adjusted frequencies in corpora").
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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
        longest: words of the longest sequence; the shortest has two.
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
    own, places = _counts(mine, longest)
    other, _ = _counts(theirs, longest)
    scores = _log_odds(own, other, prior)
    kept = {g: z for g, z in scores.items() if z >= least_z and own[g] >= least and len(places[g]) >= least_documents}
    kept = {g: z for g, z in kept.items() if not _part_of_longer(g, own, kept)}
    sizes = Counter[str]()
    for statement in mine:
        sizes[statement.document] += len(words_of(statement.text))
    return [
        _found(g, z, own[g], other[g], mine, places[g], sizes)
        for g, z in sorted(kept.items(), key=lambda k: (-k[1], k[0]))
    ]


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
    own, places = _counts(here, longest)
    other, _ = _counts(there, longest)
    scores = _log_odds(own, other, 0.2)
    documents = len({s.document for s in here})
    absent = len({s.document for s in there})
    kept = {}
    for gram, count in own.items():
        spread = len(places[gram])
        if other[gram] or spread < least_documents or count < least_documents:
            continue
        # a rate of `spread` in `documents` leaves `absent` documents empty by chance with this probability
        if math.exp(-spread * absent / documents) < 0.05:
            kept[gram] = scores[gram]
    kept = {g: z for g, z in kept.items() if not _part_of_longer(g, own, kept)}
    sizes = Counter[str]()
    for statement in here:
        sizes[statement.document] += len(words_of(statement.text))
    return [
        _found(g, z, own[g], 0, here, places[g], sizes) for g, z in sorted(kept.items(), key=lambda k: (-k[1], k[0]))
    ]


def _counts(statements: Iterable[Said], longest: int) -> tuple[Counter[Ngram], dict[Ngram, Counter[str]]]:
    """How often each sequence of two to `longest` words occurs, and how often in each document."""
    edges = _edges()
    found: Counter[Ngram] = Counter()
    places: dict[Ngram, Counter[str]] = defaultdict(Counter)
    for statement in statements:
        for sentence in sentences_of(statement.text):
            words = [fold(w) for w in words_of(sentence)]
            for start in range(len(words)):
                if words[start] in edges:
                    continue
                for end in range(start + 2, min(start + longest, len(words)) + 1):
                    if words[end - 1] not in edges:
                        gram = tuple(words[start:end])
                        found[gram] += 1
                        places[gram][statement.document] += 1
    return found, places


def _log_odds(own: Counter[Ngram], other: Counter[Ngram], prior: float) -> dict[Ngram, float]:
    """z of the log-odds ratio of each sequence of `own`, against all sequences of the same length."""
    totals: dict[int, tuple[int, int]] = {}
    for length in {len(g) for g in own}:
        mine = sum(n for g, n in own.items() if len(g) == length)
        totals[length] = mine, sum(n for g, n in other.items() if len(g) == length)
    scores = {}
    for gram, a in own.items():
        b = other[gram]
        n, m = totals[len(gram)]
        alpha = prior * (a + b)
        rest = prior * (n + m) - alpha
        # an actor that says nothing else still has half a sequence left to say
        delta = math.log((a + alpha) / max(0.5, n - a + rest)) - math.log((b + alpha) / max(0.5, m - b + rest))
        scores[gram] = delta / math.sqrt(1 / (a + alpha) + 1 / (b + alpha))
    return scores


def _part_of_longer(gram: Ngram, counts: Counter[Ngram], kept: dict[Ngram, float]) -> bool:
    """Whether a sequence nearly always stands inside one longer sequence that is kept too."""
    return any(
        len(other) > len(gram)
        and counts[other] >= 0.8 * counts[gram]
        and any(other[i : i + len(gram)] == gram for i in range(len(other) - len(gram) + 1))
        for other in kept
    )


def _found(
    gram: Ngram, z: float, count: int, others: int, statements: list[Said], places: Counter[str], sizes: Counter[str]
) -> Found:
    holding = [s for s in statements if s.document in places and " ".join(gram) in _plain(s.text)]
    total = sum(sizes.values())
    uneven = 0.5 * sum(abs(places[d] / count - size / total) for d, size in sizes.items())
    example = next((t for s in holding for t in sentences_of(s.text) if " ".join(gram) in _plain(t)), "")
    return Found(
        " ".join(gram),
        z,
        count,
        others,
        len(places),
        uneven,
        min(s.day for s in holding),
        max(s.day for s in holding),
        listed_as(" ".join(gram)),
        example,
    )


def _plain(text: str) -> str:
    return " ".join(fold(w) for w in words_of(text))


def listed_as(words: str) -> str | None:
    """Name of the codebook's formula that the words hold, or None."""
    found = load_phrases().automaton.find(bare_parse(words))
    return found[0][0] if found else None


def formulas_in(text: str, automaton: Automaton | None = None) -> list[str]:
    """Names of the codebook's formulas in a plain text, in order, each once; found without a parser."""
    found = (automaton or load_phrases().automaton).find(bare_parse(text))
    return list(dict.fromkeys(name for name, _ in found))
