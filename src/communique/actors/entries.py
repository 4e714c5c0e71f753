"""What the registry is made of: plain values, one class for each kind of row."""

from typing import NamedTuple


class Span(NamedTuple):
    """A value that holds on some days: ISO dates, both included; "" is no limit."""

    value: str
    start: str
    end: str


class Entry(NamedTuple):
    """One actor. kind: records.ActorKind; type: the file's own kind ("disputed", "ministry", "party" …).

    country: ISO 3166 alpha-3 or "" (organisations between states); sector: PLOVER code, "" for a state as such;
    cameo: CAMEO actor code; members: ISO 3166 alpha-3; start, end: ISO dates of its existence or "";
    sectors: where the sector changed with time, each with its days (`Registry.entry_on` picks one).
    """

    id: str
    name: str
    kind: str
    type: str
    country: str
    sector: str
    cameo: str
    wikidata: str = ""
    members: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    sectors: tuple[Span, ...] = ()


class Name(NamedTuple):
    """A surface form. cased: it must match as written.

    role: name, adjective, demonym, capital, metonym (of a state's government or an organisation), place (of a region),
    person, body.
    """

    surface: str
    entry: str
    start: str
    end: str
    cased: bool
    role: str

    def on(self, date: str | None) -> bool:
        """Whether the name is in use on an ISO date (always, where the date is unknown)."""
        return not date or (self.start <= date[:10] and (not self.end or date[:10] <= self.end))


class Body(NamedTuple):
    """A kind of body that every state has; nouns in lower case; forms: templates of full names."""

    slug: str
    name: str
    sector: str
    nouns: tuple[str, ...]
    forms: tuple[str, ...]


class Role(NamedTuple):
    """A noun for a person by function. kind: office, official or person; body: slug or ""."""

    name: str
    plural: str
    sector: str
    body: str
    kind: str


class Office(NamedTuple):
    """An office of a state or organisation; names: how the news calls it; many: held by several at once."""

    id: str
    holder: str
    title: str
    sector: str
    body: str
    names: tuple[str, ...]
    many: bool


class Term(NamedTuple):
    """A person in an office; start and end are ISO dates, both included; end "" is still in office as of `as_of`."""

    person: str
    name: str
    office: str
    start: str
    end: str
    other_names: tuple[str, ...]
    source: str
    as_of: str

    def on(self, date: str) -> bool:
        """Whether the term covers an ISO date."""
        return self.start <= date[:10] and (not self.end or date[:10] <= self.end)


class Clash(NamedTuple):
    """An overlay says otherwise than what was loaded before it; `what` is the id or name in question."""

    file: str
    line: int
    what: str
    ours: str
    theirs: str
