"""Searching the registry by hand: names, offices and who holds them on a day."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from communique.actors.entries import Term
from communique.actors.registry import Registry, load_registry
from communique.errors import InputError


class Match(NamedTuple):
    """One actor as of a day; office and days are those of a person's term ("former …" once it has ended)."""

    id: str
    name: str
    country: str
    sector: str
    cameo: str
    office: str
    days: str


def find(
    text: str, on: str | None = None, country: str | None = None, overlays: Sequence[Path | str] = ()
) -> list[Match]:
    """Actors named `text`, and holders of the offices of that title, as of an ISO date (today without one).

    Whole names, titles and ids first; where there are none, names that contain the text.

    Raises:
        InputError: `on` is no date.
    """
    try:
        day = date.fromisoformat(on).isoformat() if on else date.today().isoformat()
    except ValueError:
        raise InputError(f"--on {on!r} is no date; write YYYY-MM-DD") from None
    registry = load_registry(overlays)
    wanted = text.casefold()
    matches = list(dict.fromkeys(_whole(registry, wanted, day))) or list(dict.fromkeys(_part(registry, wanted, day)))
    return [match for match in matches if not country or match.country == country.upper()]


def _whole(registry: Registry, wanted: str, day: str) -> Iterator[Match]:
    for office in registry.offices.values():
        if wanted in (office.id.casefold(), office.title.casefold(), *(name.casefold() for name in office.names)):
            for term in registry.terms_on(office.id, day):
                yield _term(registry, term, day)
    ids = {name.entry: None for name in registry.names if name.surface.casefold() == wanted and name.on(day)}
    ids |= {id: None for id in registry.entries if id.casefold() == wanted}
    for id in ids:
        yield from _actor(registry, id, day)


def _part(registry: Registry, wanted: str, day: str) -> Iterator[Match]:
    for id in {name.entry: None for name in registry.names if wanted in name.surface.casefold() and name.on(day)}:
        yield from _actor(registry, id, day)
    for office in registry.offices.values():
        if wanted in office.title.casefold():
            for term in registry.terms_on(office.id, day):
                yield _term(registry, term, day)


def _actor(registry: Registry, id: str, day: str) -> Iterator[Match]:
    entry = registry.entry_on(id, day)
    terms = registry.terms_on(id, day) if entry.kind == "person" else []
    if not terms and entry.kind == "person":
        past = [term for term in registry.terms_of(id) if term.end and term.end < day]
        terms = sorted(past, key=lambda term: term.end)[-1:]
    for term in terms:
        yield _term(registry, term, day)
    if not terms:
        days = f"{entry.start}..{entry.end}" if entry.start or entry.end else ""
        yield Match(entry.id, entry.name, entry.country, entry.sector, entry.cameo, "", days)


def _term(registry: Registry, term: Term, day: str) -> Match:
    """A former officeholder is ELI, as the PLOVER codebook has it."""
    office, days = registry.offices[term.office], f"{term.start}..{term.end}"
    holder = registry.entries[office.holder]
    sector = office.sector if term.on(day) else "ELI"
    code = registry.cameo(holder.country, sector) if holder.country else holder.cameo
    title = f"{office.title}, {holder.name}" if term.on(day) else f"former {office.title}, {holder.name}"
    return Match(term.person, term.name, holder.country, sector, code, title, days)
