"""Kinds that formulas settle ("over our dead body"): those whose words the clause itself holds, the longest first."""

from communique.coding.stance_lexicon import StanceLexicon
from communique.parsing.parse import Parse


def kinds_of_wording(parse: Parse, head: int, below: list[int], lexicon: StanceLexicon, stated: bool) -> list[str]:
    """Kinds of the formulas in a clause: of the longest, then of those in other coordinated parts.

    Args:
        parse: the parsed document.
        head: head of the clause.
        below: tokens of the clause.
        lexicon: the words of stance.
        stated: whether the head is a verb of stance, whose infinitives are clauses of their own.
    """
    inside = set(below)
    hits = [
        (kind, indices)
        for kind, indices in lexicon.wording.find(parse, below[0], below[-1] + 1)
        if set(indices) <= inside and any(_holds(parse, head, i, stated) for i in indices)
    ]
    if not hits:
        return []
    best = max(hits, key=lambda h: (h[0] == "red_line", len(h[1]), -h[1][0]))
    part = _part(parse, head, best[1][0])
    more = [kind for kind, indices in hits if _part(parse, head, indices[0]) != part]
    return list(dict.fromkeys([best[0], *more]))


def _part(parse: Parse, head: int, i: int) -> int:
    """Head of the coordinated part of the clause ("the core of …, and a red line") in which token `i` stands."""
    tokens = parse.tokens
    while i != head and tokens[i].head != i:
        if tokens[i].dep == "conj":
            return i
        i = tokens[i].head
    return head


def _holds(parse: Parse, head: int, i: int, stated: bool) -> bool:
    """Whether this clause, not one below it, is the one that holds token `i`."""
    tokens = parse.tokens
    while i != head and tokens[i].head != i and not _clausal(parse, i, stated):
        i = tokens[i].head
    return i == head


def _clausal(parse: Parse, i: int, stated: bool) -> bool:
    """Whether token `i` heads a clause of its own; an infinitive does under a verb of stance ("urged X to …")."""
    token = parse.tokens[i]
    if token.dep == "xcomp":
        return stated
    return token.pos in {"VERB", "AUX"} and token.dep in {"ccomp", "relcl", "advcl", "acl", "conj", "csubj"}
