"""The condition that is stated with a position: "if sanctions are lifted", "pending an end to the blockade"."""

from dataclasses import dataclass

from communique.coding.stance_lexicon import StanceLexicon
from communique.parsing.parse import Parse

_BOTH = ("while", "at the same time", "hoping for")


@dataclass(frozen=True, slots=True)
class Condition:
    """tokens: from the word that opens it to its end; mark: that word or words."""

    mark: str
    tokens: tuple[int, ...]


def find_condition(parse: Parse, head: int, lexicon: StanceLexicon) -> Condition | None:
    """The condition under which the clause headed by token `head` holds, where its sentence states one.

    The condition is an adverbial clause or phrase that hangs on the head, on a verb above it that it is the
    complement of, or on its own complement; "cannot A while B" is one too.
    """
    tokens = parse.tokens
    heads = [head]
    heads += [j for j in parse.children[head] if tokens[j].dep in {"xcomp", "ccomp", "acomp", "attr", "prep", "advmod"}]
    inner = [g for h in heads[1:] for g in parse.children[h] if tokens[g].dep in {"xcomp", "conj"}]
    ready = [
        g for g in inner if tokens[g].dep == "xcomp" and tokens[tokens[g].head].dep == "acomp"
    ]  # "ready to talk if"
    for h in (*heads, *inner):
        for j in parse.children[h]:
            token = tokens[j]
            below = parse.subtree(j)
            first = below[0]
            if token.dep not in {"advcl", "prep", "advmod", "mark", "ccomp", "npadvmod", "relcl", "pcomp", "acl"}:
                continue
            mark = _opened(parse, below, lexicon)
            if (
                mark is None
                or (h in inner and h not in ready and mark not in _BOTH)
                or (mark == "should" and tokens[first].tag != "MD")
            ):
                continue
            if mark in {"when", "after", "only", "without", "should", "before", "where", *_BOTH} and not _counts(
                parse, head, below, mark
            ):
                continue
            while len(below) > 1 and tokens[below[-1]].pos == "PUNCT":
                below.pop()
            return Condition(mark, tuple(below))
    return None


def _opened(parse: Parse, below: list[int], lexicon: StanceLexicon) -> str | None:
    """The mark with which the words open, an adverb such as "only" or a conjunction before it let in."""
    first = below[0]
    found = [m for m in lexicon.conditions.find(parse, first, min(below[-1] + 1, first + 6)) if m[1][0] - first <= 1]
    if not found:
        return None
    mark, indices = max(found, key=lambda m: (m[1][0] == first, len(m[1])))
    if indices[0] != first and parse.tokens[first].lower not in {"but", "and", "only", "even", "not", ","}:
        return None
    return mark


def _counts(parse: Parse, head: int, below: list[int], mark: str) -> bool:
    """Whether an ambiguous mark opens a condition here: "without" under a negation, "when" after "only", and so on."""
    tokens = parse.tokens
    around = {tokens[j].lower for j in parse.subtree(head)}
    denied = not around.isdisjoint({"not", "n't", "no", "never", "cannot", "neither", "nothing"})
    modal = not around.isdisjoint({"will", "would", "can", "could", "'ll", "may", "cannot", "ca"})
    if mark in _BOTH:
        return denied and modal
    if mark in {"before", "where"}:
        return denied and modal and any(tokens[j].pos in {"VERB", "AUX"} for j in below)
    if mark == "without":
        return denied and (modal or "there" in around)
    if mark == "only":
        return any(tokens[j].lower in {"if", "when", "after", "once"} for j in below[:3])
    if mark in {"when", "after"}:
        return "only" in around
    return tokens[below[0]].tag == "MD" and modal
