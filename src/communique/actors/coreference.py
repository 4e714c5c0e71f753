"""Who is meant by "she", "it", "the ministry", "the two sides": the actors named so far, the likeliest first.

Candidates are weighed by distance in sentences, by whether they were the subject of their clause or the source of a
statement, and by what they are (after S. Lappin and H. Leass, An algorithm for pronominal anaphora resolution,
Computational Linguistics 20, 1994, cut down to what news needs).
"""

from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from communique.actors.companions import Ref, joined, partner, together, with_it
from communique.actors.people import People
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Actor

_TO_THE_TOP = frozenset({"conj", "appos", "compound"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_EXPLETIVE_AFTER = frozenset({"that", "to", "for", "whether"})


@dataclass
class Discourse:
    """The mentions made so far in one document. `speaker_at` gives the actor who says a token, where that is known,
    `issuers` all who issue the document, where its headline says so."""

    parse: Parse
    words: Words
    people: People
    actors: dict[str, Actor]
    refs: list[Ref] = field(default_factory=list)
    speaker_at: Callable[[int], str | None] = lambda _: None
    issuers: Callable[[], list[str]] = list

    def note(self, ids: Iterable[str], first: int, last: int, plural: bool, place: bool = False) -> None:
        """Remember a mention of actors at tokens first to last."""
        head = head_of(self.parse, range(first, last + 1))
        token = self.parse.tokens[head]
        subject = is_subject(self.parse, head)
        main = 0.1 if subject and self.parse.tokens[token.head].dep == "ROOT" else 0.0
        weight = main + (
            (0.8 if subject else 0.0) - (0.9 if place else 0.0) - (0.3 if token.dep in {"amod", "compound"} else 0.0)
        )
        for id in ids:
            insort(self.refs, Ref(id, head, token.sentence, weight, plural), key=lambda r: r.token)

    def best(self, at: int, fits: Callable[[Ref, Actor], bool], reach: int = 3) -> str | None:
        """The likeliest actor named before token `at` among those that fit.

        Args:
            reach: how many sentences back to look; the nearest fitting one beyond them is taken when there is none.
        """
        sentence = self.parse.tokens[at].sentence
        scores: dict[str, float] = {}
        fallback: str | None = None
        for ref in reversed(self.refs):
            if ref.token >= at or self._in_question(ref.token, at):
                continue
            back = sentence - ref.sentence
            if back > reach and (scores or fallback):
                break
            actor = self.actors.get(ref.actor)
            if actor is None or not fits(ref, actor):
                continue
            if back > reach:
                fallback = ref.actor
                continue
            score = ref.weight - back + (self._governs(ref.token, at) if back == 0 else 0.0)
            # naming somebody again keeps him in mind
            scores[ref.actor] = max(score, scores[ref.actor]) + 0.1 if ref.actor in scores else score
        return max(scores, key=lambda id: scores[id]) if scores else fallback

    def _governs(self, ref: int, at: int) -> float:
        """More where `ref` is the subject of a clause that holds `at`, the nearer the clause the more: "China said it"
        and, with the one who is told, "ordered China to close its consulate"."""
        verb = self.parse.tokens[ref].head
        above = list(self.parse.ancestors(at))
        if verb not in above[1:]:
            return 0.0
        nearer = 0.1 * above.index(verb)
        if is_subject(self.parse, ref):
            return 1.2 - nearer
        told = self.parse.tokens[ref].dep in {"dobj", "dative"}
        inner = above[above.index(verb) - 1]
        return 2.1 - nearer if told and self.parse.tokens[inner].dep == "xcomp" else 0.0

    def _in_question(self, ref: int, at: int) -> bool:
        """Whether `ref` stands in a question put to the subject `at`: "Asked whether Putin had called, he said …"."""
        tokens = self.parse.tokens
        if tokens[at].dep not in _SUBJECTS or tokens[ref].sentence != tokens[at].sentence:
            return False
        return any(
            tokens[above].tag in {"VBN", "VBD"}  # taggers read "Asked" at a sentence's start either way
            and not any(tokens[child].dep == "nsubj" for child in self.parse.children[above])
            and tokens[above].lemma in self.words["asking"]
            and tokens[above].dep == "advcl"
            and tokens[above].head == tokens[at].head
            for above in self.parse.ancestors(ref)
        )

    def _barred(self, actor: str, at: int) -> bool:
        """Whether a pronoun cannot mean an actor, who stands beside it: arguments of one verb are different actors
        ("Putin met him"), unless it ends in -self."""
        token = self.parse.tokens[at]
        if token.lower.endswith(("self", "selves")):
            return False
        return any(r.sentence == token.sentence and r.actor == actor and self._same_clause(r, at) for r in self.refs)

    def _same_clause(self, ref: Ref, at: int) -> bool:
        token = self.parse.tokens[at]
        top = self.parse.tokens[ref.token]
        while top.dep in _TO_THE_TOP and top.head != top.i:  # "Chad and Niger condemned it"
            top = self.parse.tokens[top.head]
        return token.tag == "PRP" and top.head == token.head and ref.token != at

    def pronoun(self, i: int, kind: str) -> list[str]:
        """Actors that a pronoun stands for.

        Args:
            kind: as in words.yaml: he, she, it, they, we, me.
        """
        speaker = self.speaker_at(i)
        if kind == "me":
            return [speaker] if speaker else []
        if kind == "we":
            issuers = self.issuers()
            return list(dict.fromkeys(self.side(id) for id in (issuers if speaker in issuers else [speaker]) if id))
        if kind in {"he", "she"}:
            found = self.best(i, lambda r, a: self._is_he_or_she(r, a, kind, speaker, i), 4)
            if found is not None and found in self.people.known:
                self.people.known[found].gender = kind
        elif kind == "it":
            if self._expletive(i):
                return []
            found = self.best(i, lambda r, a: a.kind != "person" and not r.plural and not self._barred(a.id, i))
        else:
            found = self.best(
                i, lambda r, a: (r.plural or a.kind in {"group", "organisation"}) and not self._barred(a.id, i), 2
            )
            named = with_it(self.refs, found, i) if found is not None else together(self.parse, self.refs, i)
            return [id for id in named if not self._barred(id, i)]
        return [found] if found is not None else []

    def _is_he_or_she(self, ref: Ref, actor: Actor, kind: str, speaker: str | None, i: int) -> bool:
        if actor.kind != "person" or ref.plural or actor.id == speaker or self._barred(actor.id, i):
            return False
        person = self.people.known.get(actor.id)
        if person is None:
            word = actor.id.rsplit("/", 1)[-1].split("-")[-1]
            return word not in self.words["she_roles" if kind == "he" else "he_roles"]
        return person.gender in {"", kind}

    def _expletive(self, i: int) -> bool:
        """ "It is clear that", "it is raining": stands for nothing."""
        token = self.parse.tokens[i]
        if token.dep == "expl":
            return True
        if token.dep not in _SUBJECTS or token.tag != "PRP":
            return False
        verb = self.parse.tokens[token.head]
        if verb.lemma.lower() in {"be", "seem", "appear", "become", "take", "remain"}:
            below = [self.parse.tokens[j] for j in self.parse.children[verb.i] if j > verb.i]
            return any(t.dep in {"acomp", "attr", "ccomp", "xcomp"} for t in below)
        return False

    def side(self, actor: str | None) -> str:
        """Whom an actor speaks for when it says "we": its state or organisation, else itself."""
        known = self.actors.get(actor or "")
        if known is None or actor is None:
            return actor or ""
        person = self.people.known.get(actor)
        if (
            person is not None
            and person.side is not None
            and person.side.kind not in {"state", "person"}
            and not person.side.state
        ):
            return person.side.id
        international = self.people.holder(actor)
        if international is not None:
            return international
        if known.country and known.sector in {"GOV", "MIL", "LEG", "JUD", "SPY", "COP"}:
            return known.country
        return actor

    def country_before(self, i: int, speaker_first: bool = True) -> str:
        """The state that an official or body without an owner most likely belongs to, or ""."""
        speaker = self.speaker_at(i) if speaker_first else None
        if speaker and (known := self.actors.get(speaker)) and known.country:
            return known.country
        found = self.best(i, lambda _, a: bool(a.country), 2)
        return (self.actors[found].country or "") if found is not None else ""

    def bearer(self, i: int, sectors: frozenset[str]) -> str | None:
        """The organisation or group that "the bloc", "the group" stands for."""

        def fits(_: Ref, actor: Actor) -> bool:
            if actor.kind == "person":  # "NATO's chief … The alliance"
                return "IGO" in sectors and self.people.holder(actor.id) is not None
            return actor.kind != "state" and actor.sector in sectors

        found = self.best(i, fits, 4)
        return self.people.holder(found) or found if found is not None else None

    def state(self, i: int) -> str | None:
        """The state that "the country" stands for."""
        found = self.best(i, lambda _, a: a.kind == "state", 3)
        if found is None:
            named = self.best(i, lambda _, a: bool(a.country), 3)
            return self.actors[named].country if named is not None else None
        return found

    def pair(self, i: int, persons: bool, function: str = "") -> list[str]:
        """The last two states (or persons) named, those joined by "and" first: "the two sides", "both presidents".

        Args:
            function: what the two are called; persons of whom another function is known are passed over.
        """
        speaker = self.speaker_at(i)
        found: dict[str, None] = {}
        if speaker and not persons:
            if speaker in self.actors and self.actors[speaker].sector != "JRN":  # a reporter asks about other sides
                found[self.side(speaker)] = None
        elif (joined := self.joined(i, persons)) and all(self._may_be(id, function) for id in joined):
            return joined
        sentence = self.parse.tokens[i].sentence
        told = [r for r in self.refs if speaker and r.token > i and r.sentence == sentence]
        for ref in [*reversed([r for r in self.refs if r.token < i]), *told]:
            id = partner(self.actors, ref, persons)
            if id is not None and (not persons or self._may_be(id, function)):
                found[id] = None
            if len(found) == 2:
                return list(found) if speaker else [*reversed(found)]
        return []

    def two(self, i: int) -> list[str]:
        """Those who were called two of something: "two soldiers … The two"."""
        tokens = self.parse.tokens
        counted = [r for r in self.refs if r.token < i and r.plural and tokens[i].sentence - r.sentence < 3]
        return [r.actor for r in counted if any(t.lower == "two" for t in tokens[max(0, r.token - 3) : r.token])][-1:]

    def joined(self, i: int, persons: bool, back: int = 3) -> list[str]:
        """Two states (or persons) that "and" joins, in the nearest of the last sentences that names two at all."""
        return joined(self.parse, self.actors, self.refs, i, persons, back)

    def described(self, i: int, noun: str, body: str) -> str | None:
        """The person or body that "the minister", "the ministry" stands for.

        Args:
            noun: last word of the function, "" for a body.
            body: slug of the body, "" where the words name none.
        """
        if noun:
            family = self.family(noun)
            return self.best(
                i, lambda r, a: a.kind == "person" and not r.plural and self._functions(a, family, body), 8
            )
        same = self.best(i, lambda _, a: a.kind != "person" and a.id.endswith(f"/{body}"), 8)
        if same is None and body == "min":
            same = self.best(
                i, lambda _, a: a.kind == "organisation" and a.id.split("/")[-1] in self.words["ministries"], 8
            )
        return same

    def _may_be(self, person: str, function: str) -> bool:
        """Whether a person is called by a function ("leader"), or no other is known."""
        known = self.people.known.get(person)
        if known is None or not function or not (known.role or known.body):
            return True
        return bool(self.family(function) & {known.role, known.body})

    def family(self, function: str) -> frozenset[str]:
        """Last words of the functions that a function may stand for: "leader" for presidents, kings …"""
        noun = function.split()[-1]
        return self.words.families.get(function) or self.words.families.get(noun, frozenset({noun})) | {noun}

    def _functions(self, actor: Actor, family: frozenset[str], body: str) -> bool:
        person = self.people.known.get(actor.id)
        if person is None:
            parts = actor.id.split("/")
            return parts[-1].split("-")[-1] in family and (not body or body in parts or body == "min")
        if body and body != "min" and person.body and person.body != body:
            return False
        return person.role in family or person.body in family


def head_of(parse: Parse, indices: Iterable[int]) -> int:
    """The token of a phrase that the rest hangs on."""
    inside = list(indices)
    members = set(inside)
    outer = [i for i in inside if parse.tokens[i].head not in members or parse.tokens[i].head == i]
    nominal = [i for i in outer if parse.tokens[i].pos in {"NOUN", "PROPN", "PRON", "ADJ"}]
    return (nominal or outer or inside)[-1 if nominal else 0]


def is_subject(parse: Parse, i: int) -> bool:
    """Whether a token is a subject, on its own or through "and" or a title."""
    token = parse.tokens[i]
    for _ in range(3):
        if token.dep in _SUBJECTS:
            return True
        if token.dep not in {"conj", "compound", "appos", "amod", "nmod"}:
            return False
        token = parse.tokens[token.head]
    return False
