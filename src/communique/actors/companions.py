"""Actors named together: "China and Australia … They", "the two sides", "the pair"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from communique.parsing import Parse
from communique.records import Actor

# Sectors of groups that are a side of their own; soldiers and reporters are on that of their state.
_SIDES = frozenset({"REB", "PRM", "OPP", "PTY", "CRM", "PRE", "IMG"})


@dataclass(slots=True)
class Ref:
    """A mention made: of whom, at which token (its head), in which sentence, how prominent."""

    actor: str
    token: int
    sentence: int
    weight: float
    plural: bool


def partner(actors: Mapping[str, Actor], ref: Ref, persons: bool) -> str | None:
    """Whom a mention names as one of two: a person, or a state, group or the state of anybody else."""
    actor = actors.get(ref.actor)
    if actor is None or (persons and actor.kind != "person"):
        return None
    if persons or actor.kind == "state" or actor.sector in _SIDES:
        return actor.id
    return actor.country or (None if actor.kind == "person" else actor.id)


def with_it(refs: Sequence[Ref], actor: str, i: int) -> list[str]:
    """An actor and those whom the last plural mention of it before token `i` meant too: "the two sides", "they"."""
    last = max((r.token for r in refs if r.actor == actor and r.token < i and r.plural), default=None)
    return [actor] if last is None else list(dict.fromkeys(r.actor for r in refs if r.token == last))


def together(parse: Parse, refs: Sequence[Ref], i: int, back: int = 2) -> list[str]:
    """Everybody that "and" and commas join, in the nearest sentence before token `i` that joins some."""
    last = parse.tokens[i].sentence
    for sentence in range(last, max(-1, last - back - 1), -1):
        named = {r.token: r.actor for r in refs if r.sentence == sentence and r.token < i}
        for token in named:
            row, added = {token}, True
            while added:
                more = {t for t in named if parse.tokens[t].dep == "conj" and parse.tokens[t].head in row}
                added = not more <= row
                row |= more
            if len(row) > 1:
                return list(dict.fromkeys(named[t] for t in sorted(row)))
    return []


def joined(
    parse: Parse, actors: Mapping[str, Actor], refs: Sequence[Ref], i: int, persons: bool, back: int
) -> list[str]:
    """Two states (or persons) that "and" joins, in the nearest sentence before token `i` that names two at all.

    Args:
        back: how many sentences back to look.
    """
    tokens = parse.tokens
    last = tokens[i].sentence
    for sentence in range(last, max(-1, last - back - 1), -1):
        named = [r for r in refs if r.sentence == sentence and r.token < i and partner(actors, r, persons) is not None]
        if len({partner(actors, r, persons) for r in named}) < 2:
            continue
        for a, b in pairwise(named):
            if tokens[b.token].dep != "conj" or tokens[b.token].head not in {a.token, tokens[a.token].head}:
                continue
            pair = [actors[a.actor], actors[b.actor]]
            if len({x.country for x in pair}) == 1:  # two of one state: its army and its rebels
                return [x.id for x in pair]
            return [id for r in (a, b) if (id := partner(actors, r, persons)) is not None]
        return []
    return []
