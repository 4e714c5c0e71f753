"""Which tokens belong to a clause, and to which verb a coordinated one belongs."""

from communique.coding.sides import Sides
from communique.parsing.parse import Parse


def tokens_of_clause(parse: Parse, sides: Sides, head: int) -> list[int]:
    """The clause: everything below `head` but what others say in it and coordinated predicates that have their own
    subject or say more."""
    found = [head]
    for i in found:
        for j in parse.children[i]:
            token = parse.tokens[j]
            if token.dep in {"conj", "parataxis"} and token.pos in {"VERB", "AUX"}:
                above = governor(parse, j)
                if above == head or above not in found:
                    continue
            if i == head and token.dep == "ccomp" and j < head and _spoken(sides, head, j):
                continue
            if i == head and token.dep == "advcl" and _spoken(sides, head, j) and not _conditional(parse, j):
                continue
            found.append(j)
    return sorted(found)


def governor(parse: Parse, j: int) -> int:
    """The verb that a coordinated verb really goes with. The parser hangs it on the nearest word; here it is the
    nearest one of the same form: "is committed to seeking peace and opposes …" goes with "is"."""
    form = _form(parse, j)
    above = parse.tokens[j].head
    if form == "other" or _form(parse, above) == form:
        return above
    return next((i for i in parse.ancestors(j) if _form(parse, i) == form), above)


def _form(parse: Parse, i: int) -> str:
    tag = parse.tokens[i].tag
    if tag in {"VBZ", "VBP", "VBD"} or any(parse.tokens[j].tag == "MD" for j in parse.children[i]):
        return "finite"
    return {"VBG": "gerund", "VB": "base"}.get(tag, "other")


def _spoken(sides: Sides, head: int, j: int) -> bool:
    """Whether token `j` stands in another statement than the head, so that it is no part of this clause."""
    cued, here, there = sides.cued_by(head), sides.statement_at(head), sides.statement_at(j)
    if there is not None and cued is not None and there.id == cued.id:
        return False
    return (there.id if there else None) != (here.id if here else None) or sides.cued_by(j) is not None


def _conditional(parse: Parse, j: int) -> bool:
    return any(parse.tokens[g].lower in {"if", "unless", "until", "once"} for g in parse.children[j])
