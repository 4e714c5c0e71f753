"""Which actors a phrase names: its head first, then its owner or nationality, then what hangs below it."""

from collections.abc import Iterable

from communique.actors.resolution import Resolution
from communique.coding.clauses import Predicate, verb_predicate
from communique.coding.patterns import Entry
from communique.parsing.parse import Parse

_MODIFIERS = frozenset({"poss", "amod", "compound", "nmod", "appos"})
_PREPOSITIONS = frozenset({"prep", "agent"})
PLACE_PREPOSITIONS = frozenset({"in", "at", "near", "from", "into", "inside", "around", "outside"})


class Participants:
    """Actors by token of one document."""

    def __init__(self, parse: Parse, resolution: Resolution):
        self.parse = parse
        self.actors = resolution.actors
        self.by_token: dict[int, list[str]] = {}
        for mention in resolution.mentions:
            if mention.actor not in resolution.actors:
                continue
            for start, end in mention.spans:
                for i in parse.tokens_in(start, end):
                    known = self.by_token.setdefault(i, [])
                    if mention.actor not in known:
                        known.append(mention.actor)
        for (start, end), state in resolution.places:
            if state in resolution.actors:
                for i in parse.tokens_in(start, end):
                    self.by_token.setdefault(i, [state])

    def country(self, actor: str) -> str | None:
        """Country of an actor, as of the document's date."""
        found = self.actors.get(actor)
        return found.country if found is not None else None

    def is_state(self, actor: str) -> bool:
        """Whether an actor is a state itself."""
        found = self.actors.get(actor)
        return found is not None and found.kind == "state"

    def is_place(self, actor: str) -> bool:
        """Whether an actor is no more than a place."""
        found = self.actors.get(actor)
        return found is not None and found.kind == "place"

    def tiers(self, head: int) -> Iterable[list[str]]:
        """Actors of the phrase under `head`, nearest to its head first."""
        children = self.parse.children[head]
        tokens = self.parse.tokens
        joint = [k for j in children if tokens[j].dep in _MODIFIERS for k in self._coordinated(j)]
        named = list(self.by_token.get(head, ()))
        # "Polish and Czech troops" are troops of both
        yield [*named, *(a for a in self._at(joint) if a not in named)] if named else []
        yield self._at(
            k for j in children if tokens[j].dep in _MODIFIERS for k in (j, *self._coordinated(j))
        )  # "Polish and Czech troops"
        yield self._at(
            k
            for j in children
            if tokens[j].dep in _MODIFIERS
            for k in self.parse.children[j]
            if tokens[k].dep in _MODIFIERS
        )
        below: list[str] = []
        for j in children:
            if tokens[j].dep in _PREPOSITIONS or tokens[j].pos == "ADP":
                for k in self.parse.children[j]:
                    if tokens[k].dep == "pobj":
                        below += [a for a in self.of(k) if a not in below]
        yield below
        yield self._at(
            k
            for j in children
            if tokens[j].dep in {"acl", "relcl", "appos", "pcomp", "dobj", "ccomp", "xcomp"}
            for k in self.parse.subtree(j)
        )

    def of(self, head: int, besides: tuple[str, ...] = ()) -> list[str]:
        """Actors that a phrase names, from the first tier that names one not in `besides`.

        Args:
            head: head token of the phrase.
            besides: actors on the other side of the event. One of the same country as these is passed over while a
                later tier offers another ("its border with Syria"), and taken when none does (a domestic event).
        """
        abroad = {self.country(a) for a in besides} - {None}
        spare: list[str] = []
        for tier in self.tiers(head):
            found = [a for a in tier if a not in besides and not self._is_instrument(a, besides)]
            foreign = [a for a in found if self.country(a) not in abroad]
            if foreign:
                return found
            spare = spare or found
        return spare

    def _is_instrument(self, actor: str, besides: tuple[str, ...]) -> bool:
        """Whether an actor is the armed forces of a state on the other side: "France sent its troops to Mali"."""
        found = self.actors.get(actor)
        if found is None or found.sector != "MIL" or found.country is None:
            return False
        others = [self.actors[a] for a in besides if a in self.actors]
        return any(o.country == found.country and (o.kind == "state" or o.sector in {"GOV", "MIL"}) for o in others)

    def of_all(self, heads: Iterable[int], besides: tuple[str, ...] = ()) -> list[str]:
        """Actors of several coordinated phrases, each once."""
        found: list[str] = []
        for head in heads:
            found += [a for a in self.of(head, besides) if a not in found]
        return found

    def _at(self, indices: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(a for i in indices for a in self.by_token.get(i, ())))

    def _coordinated(self, head: int) -> list[int]:
        found = [head]
        for i in found:
            found.extend(j for j in self.parse.children[i] if self.parse.tokens[j].dep == "conj")
        return found[1:]

    def target(self, entry: Entry, predicate: Predicate, sources: tuple[str, ...]) -> tuple[list[str], list[int]]:
        """Actors on the receiving end of a predicate, and the heads of the phrases that name them."""
        if predicate.receivers:
            return self.of_all(predicate.receivers, sources), predicate.receivers
        for place in entry.target:
            for heads in self._phrases(place, predicate):
                found = self.of_all(heads, sources)
                if found:
                    return found, heads
        return [], []

    def _phrases(self, place: str, predicate: Predicate) -> Iterable[list[int]]:
        if place == "obj":
            # a noun's modifiers are whose deed it is, unless a possessor takes that place
            yield [] if predicate.kind == "n" else predicate.objects
        elif place == "dative":
            yield predicate.datives
        elif place == "compound":
            yield predicate.objects
        elif place.startswith("@"):
            yield predicate.prepositions.get(place[1:], [])
        else:
            if predicate.kind == "v":
                yield predicate.objects
            yield predicate.datives
            named = sorted(predicate.prepositions.items(), key=lambda item: item[0] in PLACE_PREPOSITIONS)
            for name, heads in named:
                if name != "by":
                    yield heads
            governed = [*predicate.complements, *predicate.purposes]
            for inner in governed:
                governed += [j for j in self._coordinated(inner) if j not in governed]
                below = verb_predicate(self.parse, inner)
                if below.subjects != predicate.subjects:
                    yield below.subjects
                yield from self._phrases("any", below)
