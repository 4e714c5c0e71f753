"""The actors of one document as they come up: phrases in, ids out, every mention written down."""

from dataclasses import dataclass, field

from communique.actors import codes
from communique.actors.codes import Side
from communique.actors.coreference import Discourse
from communique.actors.entries import Role
from communique.actors.folding import fold
from communique.actors.indexing import Index
from communique.actors.people import People
from communique.actors.phrases import Phrase
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Actor, Span


@dataclass
class Cast:
    """actors: by id; mentions: spans and id, in the order they were settled; places: span and state."""

    parse: Parse
    index: Index
    words: Words
    people: People
    discourse: Discourse
    actors: dict[str, Actor] = field(default_factory=dict)
    mentions: list[tuple[tuple[Span, ...], str]] = field(default_factory=list)
    places: list[tuple[Span, str]] = field(default_factory=list)
    open_functions: list[tuple[str, Phrase]] = field(default_factory=list)

    @property
    def date(self) -> str | None:
        return self.parse.document.published

    def settle(self, phrase: Phrase) -> list[str]:
        """Say whom a phrase stands for, write the mention down and return the ids."""
        found = self._settle(phrase)
        for id, spans in found:
            self.mentions.append((spans, id))
        ids = [id for id, _ in found]
        if ids:
            last = max(phrase.last, self.parse.tokens_in(*phrase.spans[-1])[-1])
            self.discourse.note(ids, phrase.first, last, phrase.plural or len(ids) > 1)
        return ids

    def _settle(self, phrase: Phrase) -> list[tuple[str, tuple[Span, ...]]]:
        spans = tuple(phrase.spans)
        if phrase.person is not None:
            return [(self.person(phrase), spans)]
        if phrase.described:
            sides = self.sides(phrase)
            if phrase.plural and len(sides) > 1:
                return self._each(phrase, sides)
            id = self._described(phrase, sides[0] if sides else None)
            return [(id, spans)] if id else self._pair(phrase, spans)
        if phrase.meaning is None:
            return []
        if phrase.place:
            state = phrase.meaning.place or self.index.registry.entries[phrase.meaning.id].country
            if not state:  # a sea or a part of the world lies in no one state
                return []
            self.places.append((phrase.spans[0], state))
            self.entry(state)
            self.discourse.note([state], phrase.first, phrase.last, False, place=True)
            return []
        if phrase.adjective and phrase.plural and self._citizens(phrase):
            body = self.index.registry.bodies.get("civ")
            if body is not None:
                side = codes.side_of_entry(self.index.registry.entries[phrase.meaning.id])
                return [(self.add(codes.body_actor(self.index.registry, side, body, self.date)), spans)]
        return [(self.entry(phrase.meaning.id), spans)]

    def add(self, actor: Actor) -> str:
        """Take an actor in, if not there, and return its id."""
        self.actors.setdefault(actor.id, actor)
        return actor.id

    def entry(self, id: str) -> str:
        """Take in a row of the registry."""
        if id not in self.actors:
            self.actors[id] = codes.entry_actor(self.index.registry, id, self.date)
        return id

    def _citizens(self, phrase: Phrase) -> bool:
        """ "two Palestinians", "Iranians abroad"; but "the Russians" are their government more often than not."""
        before = self.parse.tokens[phrase.first - 1].lower if phrase.first else ""
        return before != "the"

    def person(self, phrase: Phrase) -> str:
        """Settle a named person; the title's owner may be a pronoun or stand in another sentence."""
        if phrase.role is not None and phrase.role.name == "counterpart":
            self._as_counterpart(phrase)
        sides = self.sides(phrase) if phrase.role is not None else []
        if not sides and phrase.role is not None and not phrase.known and phrase.role.kind == "office":
            side = self._side_nearby(phrase)  # "in Guinea seized President Conde"
            sides = [side] if side is not None and side.country and self.people.is_new(phrase) else []
        id = self.people.identify(phrase, sides[0] if sides else None)
        self.actors[id] = self.people.known[id].actor
        return id

    def sides(self, phrase: Phrase) -> list[Side]:
        """Whom a body or official belongs to: owners as written, a possessive pronoun's antecedent, or the place."""
        found = [side for owner in phrase.owners if (side := self.side(owner)) is not None]
        if not found and phrase.pronoun is not None and not (phrase.role and phrase.role.name == "counterpart"):
            token = self.parse.tokens[phrase.pronoun]
            ids = self.discourse.pronoun(phrase.pronoun, self.words.kinds.get(token.lower, "they"))
            found = [codes.side_of_actor(self.actors[i], self.index.registry) for i in ids if i in self.actors]
        if not found and phrase.location is not None:
            side = self.side(phrase.location)
            found = [side] if side is not None else []
        return found

    def side(self, owner: Phrase) -> Side | None:
        """Whom the owner of a body or official is."""
        registry = self.index.registry
        if owner.meaning is not None and not owner.described:
            id = owner.meaning.id or owner.meaning.place
            entry = registry.entries[id]
            side = codes.side_of_entry(registry.entry_on(id, self.date))
            return side if entry.kind != "person" else None
        if owner.person is not None:
            id = self.person(owner)
            person = self.people.known[id]
            return person.side or codes.side_of_actor(self.actors[id], registry)
        ids = self._settle(owner)
        return codes.side_of_actor(self.actors[ids[0][0]], registry) if ids else None

    def _each(self, phrase: Phrase, sides: list[Side]) -> list[tuple[str, tuple[Span, ...]]]:
        """One actor for each owner: "the foreign ministers of Greece and Cyprus"."""
        found = []
        for n, side in enumerate(sides):
            id = self._described(phrase, side)
            if id:
                spans = phrase.owners[n].spans if 0 < n < len(phrase.owners) else phrase.spans
                found.append((id, tuple(spans)))
        return found

    def _described(self, phrase: Phrase, side: Side | None) -> str | None:
        """A body or an official without a name."""
        tokens = self.parse.tokens
        determiner = tokens[phrase.first - 1].lower if phrase.first else ""
        if phrase.role is not None and phrase.role.name == "counterpart":
            self._as_counterpart(phrase)
        role = phrase.role
        if role is not None and self._is_predicate(phrase, determiner):
            return None
        if side is None:
            if determiner in self.words["pointing"] or (
                phrase.title and phrase.first == tokens[phrase.first].i and determiner == ""
            ):
                known = self._named_before(phrase)
                if known is not None:
                    return known
            if phrase.plural and any(
                t.lower in self.words["two"] for t in tokens[max(0, phrase.first - 2) : phrase.first]
            ):
                return None
            side = self._side_nearby(phrase)
            if side is None:
                return None
        registry = self.index.registry
        if role is None and not phrase.owners and phrase.body is not None and phrase.body.slug == "min":
            phrase.body = registry.bodies.get(self._ministry_of(phrase, side), phrase.body)
        if role is None:
            assert phrase.body is not None
            if phrase.named is not None:
                return self._named_body(phrase, side)
            if not phrase.owners and determiner in {"a", "an"} and tokens[phrase.last].dep in {"attr", "oprd"}:
                return None  # "we are not a party to this"
            if (
                side.kind in {"organisation", "group"}
                and phrase.body.sector == side.sector
                and side.id in registry.entries
            ):
                return self.entry(side.id)  # "the Bild newspaper", "the Hamas group"
            return self.add(codes.body_actor(registry, side, phrase.body, self.date))
        holder = self._holder(phrase, side) if determiner not in {"a", "an", "another", "no"} else None
        if holder is not None:
            return holder
        words = phrase.text if phrase.title is None else self.parse.document.text[slice(*phrase.title)]
        id = self.add(codes.role_actor(registry, side, phrase.body, role, words, phrase.former))
        if self.actors[id].kind == "person":
            self.open_functions.append((id, phrase))
        return id

    def _is_predicate(self, phrase: Phrase, determiner: str) -> bool:
        """ "serve as president", "a leader who", "is a diplomat": a function and nobody in it."""
        token = self.parse.tokens[phrase.last]
        if phrase.plural or phrase.pronoun is not None or phrase.owners:
            return False
        alone = determiner not in self.words["determiners"] and not phrase.location
        if alone and phrase.first != self.parse.sentences[token.sentence][0]:
            return True
        return determiner in {"a", "an"} and token.dep in {"attr", "oprd"}

    def _named_body(self, phrase: Phrase, side: Side) -> str:
        """A body with a name of its own that the registry lacks: "Chinese state-owned firm Huaneng"."""
        assert phrase.named is not None and phrase.body is not None
        tokens = self.parse.tokens
        name = self.parse.document.text[tokens[phrase.named[0]].start : tokens[phrase.named[1]].end]
        body = codes.body_actor(self.index.registry, side, phrase.body, self.date)
        kind = "group" if phrase.body.sector in {"REB", "PRM", "PTY", "CRM", "OPP"} else "organisation"
        place = {"BUS": "company", "JRN": "company", "SOC": "NGO"}.get(
            phrase.body.sector, "group" if kind == "group" else "organisation"
        )
        return self.add(body.model_copy(update={"id": f"{place}/{codes.slug(name)}", "name": name, "kind": kind}))

    def _holder(self, phrase: Phrase, side: Side) -> str | None:
        """The person behind "the French president": the one holder of that office on the document's date."""
        if phrase.role is None or phrase.plural or phrase.former:
            return None
        if (side.kind == "person" and not self.people.leads(side.id)) or phrase.partial:
            return None  # "her press secretary" is not the president's, nor "premier of Canada's Alberta" Canada's
        text = self.parse.document.text
        title = fold(text[slice(*phrase.title)]) if phrase.title else fold(phrase.role.name)
        if " " not in title and title in self.words["accredited"]:
            return None  # to whom it does not say
        own = side.kind == "place" or (side.kind == "state" and side.id != side.country)  # Somaliland's, not Somalia's
        holders = dict.fromkeys((side.id,) if own else (side.id, side.state, side.country))
        for holder in holders:
            for name in (
                title,
                fold(phrase.role.name),
                f"{fold(phrase.owners[0].text)} {title}" if phrase.owners else title,
            ):
                office = self.index.offices.get((holder, name))
                if office is None or (phrase.body is not None and phrase.body.slug not in {office.body, "min"}):
                    continue
                person = codes.holder_of(self.index.registry, office, self.date)
                if person is not None:
                    return self.known_person(person, phrase)
        return None

    def known_person(self, id: str, phrase: Phrase) -> str:
        """Take in a person of the registry who is not named here."""
        if id not in self.people.known:
            name = self.index.registry.entries[id].name
            self.people.take_in(id, name, phrase)
        if phrase.title is not None and phrase.role is not None and phrase.role.kind == "office":
            self.people.known[id].title = self.parse.document.text[slice(*phrase.title)]
        self.actors[id] = self.people.known[id].actor
        return id

    def _ministry_of(self, phrase: Phrase, side: Side) -> str:
        """Which ministry "the ministry", "her ministry" is: that of the last minister named, by its slug."""
        known, ministries = self.people.known, self.words["ministries"]
        found = self.discourse.best(
            phrase.first,
            lambda r, a: (
                not r.plural and a.id in known and known[a.id].body in ministries and a.country == side.country
            ),
            4,
        )
        return known[found].body if found is not None else ""

    def _as_counterpart(self, phrase: Phrase) -> None:
        """ "his French counterpart" holds the office that "he" holds: put that in the place of the word."""
        at = phrase.pronoun
        if at is None:
            for i in range(phrase.first - 1, max(-1, phrase.first - 4), -1):
                if self.parse.tokens[i].tag == "PRP$":
                    at = i
                    break
        antecedent: str | None = None
        if at is not None:
            ids = self.discourse.pronoun(at, self.words.kinds.get(self.parse.tokens[at].lower, "he"))
            antecedent = ids[0] if ids else None
        antecedent = antecedent or self.discourse.best(phrase.first, lambda _, a: a.kind == "person", 2)
        phrase.pronoun = None
        known = self.actors.get(antecedent or "")
        title = (
            self.people.known[antecedent].title
            if antecedent in self.people.known
            else (known.office if known else None)
        )
        if not title or known is None:
            return
        sector = known.sector if known.sector not in {None, "ELI"} else "GOV"
        body = self.people.known[antecedent].body if antecedent in self.people.known else ""
        phrase.role = self.index.roles.get(title.lower()) or Role(title, "", sector or "GOV", body, "office")
        phrase.title = None

    def _named_before(self, phrase: Phrase) -> str | None:
        body = phrase.body.slug if phrase.body is not None else ""
        if phrase.role is not None:
            noun = phrase.role.name.split()[-1].lower()
            if phrase.plural:
                return None
            general = len(phrase.role.name.split()) == 1
            return self.discourse.described(phrase.first, noun, body or ("" if general else phrase.role.body))
        found = self.discourse.described(phrase.first, "", body)
        if found is None and phrase.body is not None and phrase.body.sector not in {"GOV", "LEG", "JUD"}:
            sectors = self.words.bearers.get(phrase.text.lower(), frozenset({phrase.body.sector}))
            found = self.discourse.bearer(phrase.first, sectors)
        return found

    def _side_nearby(self, phrase: Phrase) -> Side | None:
        """The owner of a body or official that names none: by what was last spoken of, else the dateline's state."""
        registry = self.index.registry
        if phrase.role is not None and (implied := self.index.implied.get(phrase.role.name.lower())):
            return codes.side_of_entry(registry.entries[implied])
        if phrase.role is not None and phrase.body is not None:
            body = self.discourse.described(phrase.first, "", phrase.body.slug)
            if body is not None:
                return codes.side_of_actor(self.actors[body], registry)
        if phrase.role is not None and phrase.role.kind == "head":
            return None
        if phrase.body is not None and phrase.role is None and phrase.body.slug in self.words["faceless"]:
            return None
        country = self.discourse.country_before(phrase.first)
        if country and country in registry.entries:
            return codes.side_of_entry(registry.entries[country])
        return Side("", "", "", "", "", "", "") if phrase.role is not None else None

    def _pair(self, phrase: Phrase, spans: tuple[Span, ...]) -> list[tuple[str, tuple[Span, ...]]]:
        """ "the two leaders", "both ministers"."""
        tokens = self.parse.tokens
        if not phrase.plural or not any(
            t.lower in self.words["two"] for t in tokens[max(0, phrase.first - 2) : phrase.first]
        ):
            return []
        called = phrase.role.name.lower() if phrase.role is not None else ""
        ids = self.discourse.pair(phrase.first, True, called) if called else []
        ids = ids or self.discourse.pair(phrase.first, False)
        return [(self.entry(i) if i in self.index.registry.entries and i not in self.actors else i, spans) for i in ids]
