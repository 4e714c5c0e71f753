"""The persons of one document: full name then surname, listed or not, with country, sector and office on its date."""

from bisect import insort
from dataclasses import dataclass, field

from communique.actors.codes import (
    OFFICIAL,
    Side,
    person_actor,
    person_countries,
    person_terms,
    role_sector,
    slug,
    titled_actor,
)
from communique.actors.entries import Office
from communique.actors.folding import fold
from communique.actors.indexing import Index
from communique.actors.phrases import Phrase
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Actor


@dataclass(slots=True)
class Person:
    """Somebody named in the document.

    actor: as known so far; words: folded words of the names used; first: token of the first mention; places: tokens
    of mentions in full; body: slug; role: last word of the function ("spokesperson"); gender: "he", "she" or "";
    title: the office, for "his French counterpart"; side: whom the title ties the person to.
    """

    actor: Actor
    words: list[str]
    first: int
    body: str = ""
    role: str = ""
    gender: str = ""
    title: str = ""
    places: list[int] = field(default_factory=list)
    side: Side | None = None


@dataclass
class People:
    """Everybody named in the document so far, by id; `by_word` finds them by any word of their names."""

    parse: Parse
    index: Index
    words: Words
    known: dict[str, Person] = field(default_factory=dict)
    by_word: dict[str, list[str]] = field(default_factory=dict)

    @property
    def date(self) -> str | None:
        return self.parse.document.published

    def name_of(self, phrase: Phrase) -> str:
        """The personal name inside a phrase."""
        assert phrase.person is not None
        first, last = phrase.person
        return self.parse.document.text[self.parse.tokens[first].start : self.parse.tokens[last].end]

    def identify(self, phrase: Phrase, side: Side | None) -> str:
        """The person that a phrase names; new ones are taken in, known ones learn from the title.

        Args:
            side: whom the title ties the person to, where one does.
        """
        name = self.name_of(phrase)
        folded = fold(name).split()
        id = self._find(phrase, name, folded, side)
        person = self.known.get(id)
        if person is None:
            person = self._new(id, name, folded, phrase)
        else:
            fresh = [w for w in folded if w not in person.words]
            person.words += fresh
            self._remember(id, fresh)
        if len(folded) > 1 or not person.places:
            insort(person.places, phrase.first)
        self._learn(person, phrase, side)
        return id

    def is_new(self, phrase: Phrase) -> bool:
        """Whether nothing is known of whom a phrase names, here or in the registry."""
        id = self._find(phrase, self.name_of(phrase), fold(self.name_of(phrase)).split(), None)
        return id not in self.index.registry.entries and (id not in self.known or self.known[id].actor.country is None)

    def by_surname(self, word: str, at: int) -> str | None:
        """Somebody whose family name (or first name, failing that) is `word`: whoever was last named in full before
        token `at`, else whoever is first behind it."""
        ids = self.by_word.get(word, [])
        family = [i for i in ids if self.known[i].words[-1] == word]
        found = family or ids
        before = [(max(p for p in self.known[i].places if p < at), i) for i in found if self.known[i].places[0] < at]
        if before:
            return max(before)[1]
        return min(found, key=lambda i: self.known[i].places[0]) if found else None

    def listed(self, word: str, phrase: Phrase) -> str | None:
        """Somebody of the registry whom a bare surname can only mean on the document's date."""
        return self._listed(word, phrase, None)

    def _find(self, phrase: Phrase, name: str, folded: list[str], side: Side | None) -> str:
        registry = self.index.registry
        if phrase.known:
            fitting = [i for i in phrase.known if self._fits(i, side)]
            if fitting:
                return max(fitting, key=lambda i: self._presence(i, phrase))
        if len(folded) == 1:
            return self._by_one_name(folded[0], phrase, side) or f"person/{slug(name)}"
        for id, person in self.known.items():
            if (
                person.words[-1] == folded[-1]
                and person.words[0][:1] == folded[0][:1]
                and (person.words[0] == folded[0] or "." in folded[0])
            ):
                return id
        id = f"person/{slug(name)}"
        if id in registry.entries and not self._fits(id, side):
            return f"{id}-{(side.country or side.id).lower()}" if side else id
        return id

    def _by_one_name(self, word: str, phrase: Phrase, side: Side | None) -> str | None:
        known = self.by_surname(word, phrase.first)
        if known is None or phrase.role is None:
            return known or self._listed(word, phrase, side)
        # "President Clinton" beside Hillary Clinton is the one who was president
        same = [i for i in self.by_word.get(word, ()) if self._title_of(i, phrase) is not None]
        if same:
            return known if known in same else same[0]
        titled = [i for i in self.index.surnames.get(word, ()) if self._title_of(i, phrase) and self._fits(i, side)]
        person = self.known[known]
        other = person.actor.office is not None and phrase.role.name.split()[-1].lower() != person.role
        return self._listed(word, phrase, side) if titled and other and phrase.role.kind == "office" else known

    def _fits(self, id: str, side: Side | None) -> bool:
        if side is None or not side.country:
            return True
        countries = person_countries(self.index.registry, id)
        return not countries or side.country in countries

    def _presence(self, id: str, phrase: Phrase) -> tuple[bool, bool]:
        when = person_terms(self.index.registry, id, self.date)[1]
        return self._title_of(id, phrase) is not None, when == "now"

    def _title_of(self, id: str, phrase: Phrase) -> Office | None:
        """The person's office that the title in the text names."""
        if phrase.title is None or phrase.role is None:
            return None
        registry = self.index.registry
        wanted = {fold(self.parse.document.text[phrase.title[0] : phrase.title[1]]), fold(phrase.role.name)}
        for term in registry.terms_of(id):
            office = registry.offices.get(term.office)
            if office is not None and wanted & {fold(office.title), *map(fold, office.names)}:
                return office
        return None

    def _listed(self, word: str, phrase: Phrase, side: Side | None) -> str | None:
        """Somebody of the registry whom a surname alone can only mean: by title, or in a single-holder office now."""
        ids = self.index.surnames.get(word, ())
        titled = [
            i for i in ids if phrase.role is not None and self._title_of(i, phrase) is not None and self._fits(i, side)
        ]
        registry = self.index.registry
        if titled:
            return max(titled, key=lambda i: (person_terms(registry, i, self.date)[1] == "now", self._rank(i)))
        if phrase.role is not None and side is None:
            return None
        now = [
            i for i in ids if self._fits(i, side) and person_terms(registry, i, self.date)[1] == "now" and self._rank(i)
        ]
        if not now:
            return None
        best = max(self._rank(i) for i in now)
        top = [i for i in now if self._rank(i) == best]
        return top[0] if len(top) == 1 else None

    def _rank(self, id: str) -> int:
        terms, when = person_terms(self.index.registry, id, self.date)
        offices = [self.index.registry.offices[t.office] for t in terms]
        if any(o.body in {"head", "pmo"} and not o.many for o in offices):
            return 3 if when == "now" else 2
        return 1 if any(not o.many for o in offices) else 0

    def _new(self, id: str, name: str, folded: list[str], phrase: Phrase) -> Person:
        registry = self.index.registry
        listed = id in registry.entries
        actor = person_actor(registry, id, self.date) if listed else Actor(id=id, name=name, kind="person")
        words = fold(actor.name).split() if listed else folded
        words = [*[w for w in words if w not in folded], *folded] if len(folded) > 1 else words
        person = self.known[id] = Person(actor, words, phrase.first)
        if listed:
            terms, when = person_terms(registry, id, self.date)
            if terms and when == "now":
                office = registry.offices[terms[0].office]
                person.body, person.role, person.title = office.body, office.title.split()[-1].lower(), office.title
        self._remember(id, words)
        return person

    def take_in(self, id: str, name: str, phrase: Phrase) -> None:
        """Take in a person of the registry whom the text means and does not name."""
        self._new(id, name, fold(name).split(), phrase).places.append(phrase.first)

    def leads(self, id: str) -> bool:
        """Whether somebody heads a state or government, so that his or her staff is the state's."""
        person = self.known.get(id)
        return person is not None and person.body in {"head", "pmo", "monarchy"}

    def _remember(self, id: str, words: list[str]) -> None:
        for word in words:
            ids = self.by_word.setdefault(word, [])
            if id not in ids:
                ids.append(id)

    def _learn(self, person: Person, phrase: Phrase, side: Side | None) -> None:
        """What the title tells about somebody; the registry's word on country and office stands where it has one."""
        person.gender = person.gender or self._gender(phrase)
        role = phrase.role
        if role is None:
            return
        text = self.parse.document.text
        title = text[phrase.title[0] : phrase.title[1]] if phrase.title else role.name
        person.role = person.role or role.name.split()[-1].lower()
        person.body = person.body or (phrase.body.slug if phrase.body else role.body)
        person.title = person.title or title
        actor = person.actor
        registry = self.index.registry
        settled = (
            actor.office is not None and bool(actor.country or actor.cameo) and not actor.office.startswith("former ")
        )
        if not self.date and phrase.former and settled and self._title_of(actor.id, phrase) is not None:
            code = registry.cameo(actor.country or "", "ELI") or None
            person.actor = actor.model_copy(update={"sector": "ELI", "cameo": code, "office": f"former {title}"})
            return
        if settled or (actor.office and actor.country and (phrase.former or role.kind == "person")):
            return
        if side is None:
            outdated = (actor.office or "").startswith("former ") and role.kind != "person" and not phrase.former
            if actor.sector is None or (outdated and self._title_of(actor.id, phrase) is None):
                sector = phrase.body.sector if phrase.body is not None and role.kind != "person" else role.sector
                person.actor = actor.model_copy(
                    update={"sector": sector or None, "office": f"former {title}" if phrase.former else title}
                )
            return
        if actor.office is not None and self._title_of(actor.id, phrase) is not None:
            return  # an old title for somebody whose term is over
        sector = role_sector(side, phrase.body, role, phrase.former)
        whole = _office_words(phrase, side, title, self.index.origins)
        fresh = titled_actor(registry, actor.id, actor.name, side, sector, whole, phrase.former)
        if actor.country and fresh.country and actor.country != fresh.country:
            return
        person.actor = (
            fresh if fresh.country or not actor.country else fresh.model_copy(update={"country": actor.country})
        )
        person.side = side

    def _gender(self, phrase: Phrase) -> str:
        assert phrase.person is not None
        before = self.parse.tokens[phrase.person[0] - 1].lower if phrase.person[0] else ""
        last = phrase.role.name.split()[-1].lower() if phrase.role is not None else ""
        if before in self.words["he_titles"] or last in self.words["he_roles"]:
            return "he"
        return "she" if before in self.words["she_titles"] or last in self.words["she_roles"] else ""

    def in_office(self, id: str) -> bool:
        """Whether somebody speaks for a state or organisation."""
        person = self.known.get(id)
        return person is not None and person.actor.sector in OFFICIAL | {"IGO"}

    def holder(self, id: str) -> str | None:
        """The organisation of several states whose office somebody holds ("IGO/un"), or None."""
        registry = self.index.registry
        if id not in registry.entries or not registry.terms_of(id):
            return None
        terms, when = person_terms(registry, id, self.date)
        holder = registry.offices[terms[0].office].holder if terms and when == "now" else ""
        return holder if holder.startswith("IGO/") else None


def _office_words(phrase: Phrase, side: Side, title: str, origins: frozenset[str]) -> str:
    """The title, with its owner's name where that is a body: "Pentagon spokeswoman", "Foreign Ministry official"."""
    if side.kind in {"state", "person"} or not phrase.owners or phrase.owners[0].meaning is None:
        return title
    owner = phrase.owners[0].text
    if owner.split()[0] in origins:
        owner = owner.split(maxsplit=1)[-1]  # "Chinese Foreign Ministry" says the country already
    return f"{owner} {title}" if phrase.title and phrase.owners[0].start < phrase.title[0] else f"{title} of {owner}"
