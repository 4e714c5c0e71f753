"""Codes of actors: country (ISO 3166 alpha-3), PLOVER sector and CAMEO code, as of the document's date."""

import re
from dataclasses import dataclass

from communique.actors.entries import Body, Entry, Office, Role, Term
from communique.actors.folding import fold
from communique.actors.registry import Registry
from communique.records import Actor, ActorKind

# Sectors of those who hold a public office; without it they are "former officials, elites".
OFFICIAL = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "COP"})
# A group's officials, fighters and lawmakers are the group; its supporters and lawyers are not.
_OF_THE_GROUP = OFFICIAL | {"REB", "PRM", "UAF", "PTY", ""}


@dataclass(frozen=True, slots=True)
class Side:
    """Whom a body, an official or a fighter belongs to.

    id: an actor's id; state: id of the state whose bodies are meant, "" where the owner is none;
    kind: the owner's kind; type: the registry's ("party", "ministry"); cameo: the owner's own code.
    """

    id: str
    state: str
    country: str
    sector: str
    kind: str
    type: str
    cameo: str


def slug(text: str) -> str:
    """A readable id: lower case, no accents, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", fold(text.strip())).strip("-") or "unnamed"


def side_of_entry(entry: Entry) -> Side:
    """The side that a row of the registry makes."""
    state = entry.id if entry.kind == "state" else entry.country if entry.id.startswith(f"{entry.country}/") else ""
    return Side(entry.id, state, entry.country, entry.sector, entry.kind, entry.type, entry.cameo)


def side_of_actor(actor: Actor, registry: Registry) -> Side:
    """The side of an actor of the document: for a person his or her country."""
    if actor.id in registry.entries and actor.kind != "person":
        return side_of_entry(registry.entries[actor.id])
    country = actor.country or ""
    return Side(actor.id, country, country, actor.sector or "", actor.kind, "", actor.cameo or "")


def entry_actor(registry: Registry, id: str, date: str | None) -> Actor:
    """A registry entry as an actor. A state that speaks or is spoken to is its government: GOV, with CAMEO's bare
    country code, which is what CAMEO gives to states as such."""
    entry = registry.entry_on(id, date)
    sector = entry.sector or ("GOV" if entry.kind == "state" else "")
    return Actor(
        id=id,
        name=entry.name,
        kind=_kind(entry.kind),
        country=entry.country or None,
        sector=sector or None,
        cameo=entry.cameo or None,
        wikidata=entry.wikidata or None,
    )


def body_actor(registry: Registry, side: Side, body: Body, date: str | None) -> Actor:
    """A body of a state ("CHN/mfa"), or of an owner that is no state ("IGO/un/press-office")."""
    if side.state and side.state in registry.entries:
        entry = registry.body(side.state, body.slug)
        if entry.id in registry.entries:
            return entry_actor(registry, entry.id, date)
        kind = _kind("group" if body.sector in {"REB", "PRM", "CRM", "OPP", "CVL", "REF"} else "organisation")
        return _actor(registry, entry.id, entry.name, kind, side, body.sector)
    sector = side.sector if body.sector in _OF_THE_GROUP and side.sector else body.sector
    id = f"{side.id}/{body.slug}" if side.id else f"group/{body.slug}"
    name = f"{body.name} of {_plain_name(registry, side)}" if side.id else body.name
    return _actor(registry, id, name, "group", side, sector)


def role_sector(side: Side, body: Body | None, role: Role, former: bool) -> str:
    """PLOVER sector of a person by function.

    The body decides for those in its service ("army spokesman": MIL), the function for the rest ("army widows").
    """
    serves = role.kind in {"office", "official", "head"}
    sector = body.sector if body is not None and serves else role.sector
    if side.sector == "IGO":
        sector = "IGO"
    elif side.kind != "state" and side.sector and side.id and side.kind != "person":
        party = side.type == "party" and sector in OFFICIAL
        if sector in _OF_THE_GROUP and not party:
            sector = side.sector
    elif not sector or (side.kind == "person" and serves and side.sector):
        sector = side.sector or "GOV"
    return "ELI" if former and sector in OFFICIAL | {"IGO"} else sector


def role_actor(registry: Registry, side: Side, body: Body | None, role: Role, words: str, former: bool) -> Actor:
    """A person or persons by function, not named: "USA/mfa/spokesperson", "HUN/gov/officials".

    Args:
        words: the function as written, singular or plural.
    """
    sector = role_sector(side, body, role, former)
    unit = body.slug if body is not None else role.body
    base = side.id if side.kind != "state" and side.kind != "person" else side.state
    if base and unit and side.kind in {"state", "person"}:
        base = f"{base}/{unit}"
    function = slug(f"former {words}" if former else words)
    plural = words.lower() == role.plural.lower() and role.plural != role.name
    kind: ActorKind = "group" if plural else "person"
    id = f"{base}/{function}" if base else f"group/{function}"
    owner = _plain_name(registry, side)
    name = f"{owner} {words}".strip() if owner else words
    actor = _actor(registry, id, name, kind, side, sector)
    return actor.model_copy(update={"office": f"former {words}" if former else words}) if kind == "person" else actor


def person_terms(registry: Registry, id: str, date: str | None) -> tuple[list[Term], str]:
    """Terms of a person that count on a date, the most telling first; and whether they are "now", "former", "later"."""
    terms = [t for t in registry.terms_of(id) if t.office in registry.offices]
    if not terms:
        return [], "now"
    if not date:
        return sorted(terms, key=lambda t: (t.end or "9999", _weight(registry, t)), reverse=True), "now"
    now = [t for t in terms if t.on(date)]
    if now:
        return sorted(now, key=lambda t: _weight(registry, t), reverse=True), "now"
    past = [t for t in terms if t.end and t.end < date[:10]]
    if past:
        return sorted(past, key=lambda t: (t.end, _weight(registry, t)), reverse=True), "former"
    return sorted(terms, key=lambda t: t.start), "later"


def _weight(registry: Registry, term: Term) -> tuple[bool, bool, str]:
    office = registry.offices[term.office]
    return not office.many, office.title.lower() in {"president", "prime minister", "king", "chancellor"}, term.start


def person_countries(registry: Registry, id: str) -> frozenset[str]:
    """Countries that a person of the registry has served or belongs to."""
    found = {
        registry.entries[o.holder].country
        for t in registry.terms_of(id)
        if (o := registry.offices.get(t.office)) and o.holder in registry.entries
    }
    return frozenset(c for c in (*found, registry.entries[id].country) if c)


def person_actor(registry: Registry, id: str, date: str | None) -> Actor:
    """A person of the registry as of a date: sector and office of the term then, "former" after the last one."""
    entry = registry.entries[id]
    terms, when = person_terms(registry, id, date)
    if not terms:
        return Actor(
            id=id,
            name=entry.name,
            kind="person",
            country=entry.country or None,
            sector=entry.sector or None,
            cameo=entry.cameo or None,
        )
    office = registry.offices[terms[0].office]
    holder = registry.entries.get(office.holder)
    country = entry.country or (holder.country if holder else "")
    if when == "later":
        return Actor(
            id=id,
            name=entry.name,
            kind="person",
            country=country or None,
            sector=entry.sector or None,
            cameo=country or None,
        )
    international = holder is not None and holder.kind != "state" and not holder.country
    sector = office.sector
    if international and holder is not None:
        sector = holder.sector or sector
    if when == "former":
        sector, country = "ELI", country or next(iter(sorted(person_countries(registry, id))), "")
    cameo = holder.cameo if international and holder is not None and when == "now" else registry.cameo(country, sector)
    return Actor(
        id=id,
        name=terms[0].name,
        kind="person",
        country=country or None,
        sector=sector or None,
        cameo=cameo or None,
        office=office.title if when == "now" else f"former {office.title}",
        wikidata=entry.wikidata or None,
    )


def holder_of(registry: Registry, office: Office, date: str | None) -> str | None:
    """The person who alone holds an office on a date (the last one known without a date), or None."""
    if office.many:
        return None
    if date:
        now = registry.terms_on(office.id, date)
        return now[0].person if now else None
    terms = registry.terms_of(office.id)
    return max(terms, key=lambda t: t.start).person if terms else None


def titled_actor(
    registry: Registry, id: str, name: str, side: Side, sector: str, office: str | None, former: bool
) -> Actor:
    """A person known by the title in the text alone."""
    actor = _actor(registry, id, name, "person", side, sector)
    if office and former:
        office = f"former {office}"
    return actor.model_copy(update={"office": office})


def _actor(registry: Registry, id: str, name: str, kind: ActorKind, side: Side, sector: str) -> Actor:
    international = not side.country and side.cameo
    return Actor(
        id=id,
        name=name,
        kind=kind,
        country=side.country or None,
        sector=sector or None,
        cameo=(side.cameo if international else registry.cameo(side.country, sector)) or None,
    )


def _plain_name(registry: Registry, side: Side) -> str:
    entry = registry.entries.get(side.id)
    if entry is None and side.country in registry.entries:
        entry = registry.entries[side.country]
    return entry.name if entry is not None else ""


def _kind(kind: str) -> ActorKind:
    known: dict[str, ActorKind] = {
        "state": "state",
        "organisation": "organisation",
        "group": "group",
        "person": "person",
        "place": "place",
    }
    return known.get(kind, "organisation")
