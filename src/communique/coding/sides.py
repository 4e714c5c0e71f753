"""Whose words are these, and whom do they name: the side (state, else actor) of speakers and of words in the text."""

import re
from functools import cached_property

from communique.actors.registry import OF_ORGANISATIONS, load_registry
from communique.actors.resolution import Resolution
from communique.parsing.parse import Parse
from communique.records import Actor, Statement

STATE_SECTORS = frozenset({"GOV", "MIL", "SPY", "COP", "LEG", "", None})
_ORGANS = frozenset({"LEG", "JUD"})
_HOLY_SEE = "VAT"
_CIVILIANS = "CVL"
_PEOPLE = frozenset({"civ", "bus", "media", "edu"})
_STATE = re.compile(r"[A-Z]{3}$")
# owners in whose place no state may stand: "the alliance's secretary general"
_BODIES = frozenset(
    {"alliance", "bloc", "agency", "organisation", "organization", "union", "council", "commission", "court"}
)
OWN = "own"  # the side that speaks, where it speaks of itself: "we", "our"
_FIRST = frozenset({"we", "us", "i", "me", "ourselves", "myself"})
_FIRST_POSSESSIVE = frozenset({"our", "my"})
_THIRD_POSSESSIVE = frozenset({"its", "their", "his", "her"})
_MODIFIERS = frozenset({"poss", "compound", "amod", "nmod", "nummod"})
_OWNERS = frozenset({"of", "by", "from"})


def side_of(actor: Actor) -> str:
    """The state that an actor speaks for, else its own id: ministries, parliaments and officials speak for their state,
    a party, an armed group, a court or a company for itself."""
    within = "/".join(actor.id.split("/")[:2])
    if actor.country and within.startswith(f"{actor.country}/") and _own_state(within):
        return within  # Somaliland, Abkhazia and their governments
    if actor.country and (actor.kind in {"state", "place"} or actor.sector in STATE_SECTORS):
        return actor.country
    if actor.country == _HOLY_SEE:
        return actor.country  # the pope and the Curia are its government
    if actor.id.startswith(("IGO/", "group/", "NGO/", "company/")):
        return "/".join(actor.id.split("/")[:2])  # its secretary-general, its spokesman
    return actor.id


def _own_state(id: str) -> bool:
    """Whether an id within a state is that of a state of its own, recognised or not."""
    entry = load_registry().entries.get(id)
    return entry is not None and entry.kind == "state"


def is_state(side: str) -> bool:
    """Whether a side is a state: its alpha-3 code."""
    return _STATE.match(side) is not None


class Sides:
    """Looks up sides in one document."""

    def __init__(
        self,
        parse: Parse,
        resolution: Resolution,
        inclusive: frozenset[str],
        topics: frozenset[str] = frozenset(),
        roles: frozenset[str] = frozenset(),
        done_to: frozenset[str] = frozenset(),
    ) -> None:
        self.parse = parse
        self.resolution = resolution
        self.inclusive = inclusive
        self.topics = topics
        self.roles = roles
        self.done_to = done_to
        self._source_sides: dict[str, str | None] = {}
        self._actor_at: dict[int, str] = {}  # a bare place ("Europe", "the Nile") is nobody's side
        mentions = [(end - start, start, end, m.actor) for m in resolution.mentions for start, end in m.spans]
        mentions += [(end - start, start, end, place) for (start, end), place in resolution.places]
        for _, start, end, actor in sorted(m for m in mentions if not m[3].startswith("place/")):
            for i in parse.tokens_in(start, end):
                self._actor_at[i] = actor  # the longest mention wins: it comes last
        self.statements = {s.id: s for s in resolution.statements}

    def side(self, actor: str | None) -> str | None:
        """The state that an actor speaks for; its own id where it speaks for none."""
        if actor is None:
            return None
        known = self.resolution.actors.get(actor)
        if known is None:
            return actor
        of = self._organisation(actor) if known.kind == "person" and known.sector in OF_ORGANISATIONS else None
        return of or side_of(known)

    def source(self, statement: Statement | None) -> str | None:
        """Side of whoever makes a statement. An official without a state of his own ("the power minister said") speaks
        for the state whose name stands before his title, else the first that his sentence names."""
        if statement is None:
            return None
        if statement.id not in self._source_sides:
            self._source_sides[statement.id] = self._source(statement)
        return self._source_sides[statement.id]

    def _source(self, statement: Statement) -> str | None:
        tokens = self.parse.tokens
        side = self.side(statement.source.actor)
        words = [i for start, end in statement.source.spans for i in self.parse.tokens_in(start, end)]
        owner = next((s for i in words if tokens[i].dep == "poss" and (s := self.actor_at(i)) is not None), None)
        if owner is not None and is_state(owner) and side is not None and side.startswith("IGO/"):
            return owner  # "Britain's UN envoy"
        if side is not None and not side.startswith("group/") and not self.nameless(side):
            return side
        known = side is not None and side in load_registry().entries
        heads = [i for i in words if tokens[i].head not in words]
        if known or not heads or tokens[heads[0]].lemma.lower() not in self.roles:
            return side
        if any(tokens[i].lower in _BODIES for i in words):
            return side
        first, end = self.parse.sentences[tokens[words[0]].sentence]
        states = [s for i in range(first, end) if (s := self.actor_at(i)) is not None and is_state(s)]
        return states[0] if states else side

    def sources(self, statement: Statement | None) -> list[str]:
        """Sides of all who make a statement together: "Tokyo and Washington said"."""
        side = self.source(statement)
        if statement is None or side is None:
            return []
        found = [side]
        for start, end in statement.source.spans:
            for i in self.parse.tokens_in(start, end):
                if self.parse.tokens[i].dep == "conj" and (more := self.of(i)) is not None and is_state(more):
                    found.append(more)
        return list(dict.fromkeys(found))

    def _organisation(self, person: str) -> str | None:
        """The organisation that a person heads or speaks for on the document's day."""
        found = load_registry().organisation_of(person, self.parse.document.published)
        return found if found in self.resolution.actors else None

    def nameless(self, side: str) -> bool:
        """Whether a side is people without a name ("voters", "most Germans", "analysts"): nobody's position."""
        known = self.resolution.actors.get(side)
        if known is None or known.kind != "group":
            return False
        if known.sector == _CIVILIANS and side not in load_registry().entries:
            return True
        return known.country is None and known.name[1:].islower() and side not in load_registry().entries

    @cached_property
    def _said_at(self) -> list[Statement | None]:
        """For each token the innermost statement whose content holds it."""
        found: list[Statement | None] = [None] * len(self.parse.tokens)
        tokens = self.parse.tokens
        for statement in reversed(self._by_length()):
            for start, end in statement.content.spans:
                for i in self.parse.tokens_in(start, end):
                    if start <= tokens[i].start and tokens[i].end <= end:
                        found[i] = statement
        return found

    @cached_property
    def _cued_at(self) -> list[Statement | None]:
        """For each token the statement whose cue holds it, the one with the shortest content if several do."""
        found: list[Statement | None] = [None] * len(self.parse.tokens)
        for statement in reversed(self._by_length()):
            for start, end in statement.cue.spans:
                for i in self.parse.tokens_in(start, end):
                    found[i] = statement
        return found

    def _by_length(self) -> list[Statement]:
        return sorted(self.resolution.statements, key=lambda t: sum(e - s for s, e in t.content.spans))

    def statement_at(self, i: int) -> Statement | None:
        """The innermost statement whose content holds token `i`."""
        return self._said_at[i]

    def cued_by(self, i: int) -> Statement | None:
        """The statement whose cue holds token `i`."""
        return self._cued_at[i]

    def spoken(self, tokens: range) -> bool:
        """Whether any of the tokens is said by somebody or tells who says it."""
        return any(self._said_at[i] is not None or self._cued_at[i] is not None for i in tokens)

    def speaker(self, i: int) -> str | None:
        """Side of whoever says token `i`; None in the reporter's own words."""
        statement = self.statement_at(i)
        return self.source(statement)

    def actor_at(self, i: int) -> str | None:
        """Side named by token `i` itself."""
        return self.side(self._actor_at.get(i))

    def of(self, i: int) -> str | None:
        """Side that the noun phrase with head `i` stands for: OWN for "we", "our government"."""
        token = self.parse.tokens[i]
        if token.lower in _FIRST:
            return OWN
        found = self.actor_at(i)
        if found is not None:
            return found
        for j in self.parse.children[i]:
            child = self.parse.tokens[j]
            if token.lemma.lower() in self.inclusive and child.dep in _MODIFIERS:
                side = self._possessor(j)
                if side is not None:
                    return side
            if child.dep == "appos" and (side := self.actor_at(j)) is not None:
                return side  # "its ally the Philippines"
        return None

    def _possessor(self, j: int) -> str | None:
        """Side of a modifier; "its" without an antecedent is the speaker's in indirect speech."""
        child = self.parse.tokens[j]
        if child.dep == "poss" and child.lower in _FIRST_POSSESSIVE:
            return OWN
        side = self.actor_at(j)
        if side is None and child.dep == "poss" and child.lower in _THIRD_POSSESSIVE:
            statement = self.statement_at(j)
            return OWN if statement is not None and statement.kind == "indirect" else None
        return side

    def owners(self, i: int, of: bool = True) -> list[str]:
        """Sides that own or make what the noun `i` names: "U.S. sanctions", "the decision by Canada". Those after "of"
        only where `of` is set, and not those to whom a deed is done ("the invasion of Kuwait")."""
        found: list[str] = []
        token = self.parse.tokens[i]
        of = of and token.lemma.lower() not in self.done_to
        for j in self.parse.children[i]:
            child = self.parse.tokens[j]
            if child.dep in _MODIFIERS:
                # in "the Taiwan question" the name says what about, not whose
                if child.dep in {"compound", "nmod"} and token.lemma.lower() in self.topics:
                    continue
                for g in (j, *(g for g in self.parse.children[j] if self.parse.tokens[g].dep == "conj")):
                    side = self._possessor(g)  # "Chinese and Russian bombers"
                    found += [side] if side is not None else self.owners(g)
            elif child.dep in {"prep", "agent"} and child.lower in _OWNERS and (of or child.lower != "of"):
                for g in self.parse.children[j]:
                    found += self.named(g)
        return list(dict.fromkeys(found))

    def of_sentence(self, sentence: int) -> set[str]:
        """Sides that a sentence names or is said by."""
        first, end = self.parse.sentences[sentence]
        found = set(self.below(range(first, end)))
        return found | {s for i in (first, end - 1) if (s := self.speaker(i)) is not None}

    def target(self, side: str, i: int | None = None) -> str | None:
        """What a side counts as when something is directed at it: the state for its parliament and courts and for its
        people; nothing for people without a name ("the hostages", "workers") or whom nobody knows."""
        parts = side.split("/")
        if parts[0] == "person" and side not in load_registry().entries:
            return None
        if len(parts[0]) != 3 or not parts[0].isupper() or parts[0] in {"IGO", "NGO"} or len(parts) == 1:
            return side
        known = self.resolution.actors.get(side)
        if known is not None and known.sector in _ORGANS:
            return parts[0]
        if parts[1] in _PEOPLE or parts[2:] == ["candidate"]:
            return parts[0] if known is None or known.kind != "group" or parts[1:] == ["civ"] else None
        return None if known is None or known.kind == "group" else side

    def named(self, i: int) -> list[str]:
        """Sides of a noun phrase and of what is coordinated with it."""
        side = self.of(i)
        found = [side] if side is not None else self.owners(i)
        for j in self.parse.children[i]:
            if self.parse.tokens[j].dep == "amod":  # "Chinese and Russian jets"
                pair = [j, *(g for g in self.parse.children[j] if self.parse.tokens[g].dep == "conj")]
                found += self.below(pair) if len(pair) > 1 else []
            if self.parse.tokens[j].dep == "conj":
                found += self.named(j)
        return list(dict.fromkeys(found))

    def below(self, indices: list[int] | range) -> list[str]:
        """Sides named by any of the tokens, in order."""
        return list(dict.fromkeys(s for i in indices if (s := self.actor_at(i)) is not None))
