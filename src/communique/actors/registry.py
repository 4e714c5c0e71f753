"""The registry: states, organisations, bodies, groups, offices and who held them when; loaded from data/registry.

A loaded registry is a value. `names` is what a matcher needs (surface, entry, days of use); `entries` what each id is.
An overlay is a user's own folder with files of the same form; it wins over ours, and every clash is kept in `clashes`.
"""

import gc
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from communique.actors.entries import Body, Clash, Entry, Name, Office, Role, Term
from communique.actors.loading import Loading
from communique.data import data_path

__all__ = ["Body", "Clash", "Entry", "Name", "Office", "Registry", "Role", "Term", "load_registry"]

# sectors of persons who speak for an organisation or an armed group rather than a state
OF_ORGANISATIONS = frozenset({"IGO", "REB", "PRM"})


@dataclass(frozen=True)
class Registry:
    """All rows, by id.

    sectors: PLOVER code -> CAMEO role code ("" where CAMEO has none); cameo_roles: the way back, for imports;
    articles: ids of states whose name takes "the"; lines: id -> file and line of its row; version: hash of all files.
    """

    entries: Mapping[str, Entry]
    names: Sequence[Name]
    bodies: Mapping[str, Body]
    roles: Sequence[Role]
    offices: Mapping[str, Office]
    terms: Sequence[Term]
    sectors: Mapping[str, str]
    cameo_roles: Mapping[str, str]
    clashes: tuple[Clash, ...]
    version: str
    articles: frozenset[str] = frozenset()
    lines: Mapping[str, tuple[str, int]] = field(repr=False, default_factory=dict)

    @cached_property
    def _terms_of(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            found.setdefault(term.person, []).append(term)
            found.setdefault(term.office, []).append(term)
        return found

    def terms_of(self, id: str) -> list[Term]:
        """Every term of a person or of an office, in the order of the file."""
        return self._terms_of.get(id, [])

    def terms_on(self, id: str, date: str) -> list[Term]:
        """Terms of a person or office that cover an ISO date, the latest begun first (days of hand-over have two)."""
        return sorted((t for t in self.terms_of(id) if t.on(date)), key=lambda t: t.start, reverse=True)

    def organisation_of(self, person: str, date: str | None) -> str | None:
        """The organisation or armed group in which a person holds an office on a day; without one, still holds it."""
        held = [self.offices[t.office] for t in self.terms_on(person, date or "9999-12-31")]
        found = (o.holder if o.holder.startswith("IGO/") else self._group_of(o.id) for o in held)
        return next((h for h in found if h is not None), None)

    def _group_of(self, office: str) -> str | None:
        """The group that an office of a state's people is an office of: group/hamas for "PSE/hamas-gaza-leader"."""
        words = office.split("/")[-1].split("-")
        names = ("-".join(words[:n]) for n in range(len(words) - 1, 0, -1))
        return next((id for n in names for id in (f"group/{n}", f"group/{n}s") if id in self.entries), None)

    def cameo(self, country: str, sector: str) -> str:
        """The CAMEO actor code of a country and PLOVER sector, such as "CHNGOV"."""
        return country + self.sectors.get(sector, "")

    def entry_on(self, id: str, date: str | None) -> Entry:
        """The entry with its sector and CAMEO code as of an ISO date (the Taliban: rebels, then government).

        The sector is "" on days for which an entry with dated sectors has none; without a date it is the last one.

        Raises:
            KeyError: no such id.
        """
        entry = self.entries[id]
        if not date or not entry.sectors:
            return entry
        on_day = (
            sector for sector, start, end in entry.sectors if start <= date[:10] and (not end or date[:10] <= end)
        )
        sector = next(on_day, "")
        return entry._replace(sector=sector, cameo=self.cameo(entry.country, sector))

    def body(self, state: str, slug: str) -> Entry:
        """The body of a kind in a state: our row where it has one (USA/mfa is the State Department), else by pattern.

        Raises:
            KeyError: no such state or kind of body.
        """
        id = f"{state}/{slug}"
        if id in self.entries:
            return self.entries[id]
        body, country = self.bodies[slug], self.entries[state].country
        name = f"{body.name} of {self.named_with_article(state)}"
        return Entry(id, name, "organisation", slug, country, body.sector, self.cameo(country, body.sector))

    def named_with_article(self, state: str) -> str:
        """The state's name as it stands in a sentence: "the Netherlands", "Chad"."""
        return f"the {self.entries[state].name}" if state in self.articles else self.entries[state].name

    @cached_property
    def body_names(self) -> tuple[Name, ...]:
        """Full names of bodies by pattern, for every state that exists: "Ministry of Defence of Chad", "Chadian army".

        Names that a row of the registry has already are left out.
        """
        taken = {name.surface for name in self.names}
        of_adjective: list[tuple[str, str, str]] = []
        of_name: list[tuple[str, str, str]] = []
        for body in self.bodies.values():
            for form in body.forms:
                before, _, after = form.partition("{adj}" if "{adj}" in form else "{of}")
                (of_adjective if "{adj}" in form else of_name).append((before, after, body.slug))
        found: list[Name] = []
        for name in self.names:
            entry = self.entries[name.entry]
            if entry.kind != "state" or entry.end or entry.type == "territory":
                continue
            if name.role == "adjective":
                forms, stem = of_adjective, name.surface
            elif name.role == "name" and name.surface == entry.name:
                forms, stem = of_name, self.named_with_article(entry.id)
            else:
                continue
            for before, after, slug in forms:
                surface = before + stem + after
                if surface not in taken:
                    taken.add(surface)
                    found.append(Name(surface, f"{name.entry}/{slug}", name.start, name.end, False, "body"))
        return tuple(found)

    @cached_property
    def _surfaces(self) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = {}
        for name in self.names:
            found.setdefault(name.surface.casefold(), []).append(name)
        return found

    def named(self, surface: str, date: str | None = None) -> list[Name]:
        """Names equal to `surface` (case only where the name asks for it) that are in use on the date."""
        found = self._surfaces.get(surface.casefold(), [])
        return [n for n in found if n.on(date) and (not n.cased or n.surface == surface)]


def load_registry(overlays: Sequence[Path | str] = ()) -> Registry:
    """Load the package's registry, then each overlay (a folder of registry files, or one such file) over it.

    Args:
        overlays: a user's own tables, later ones over earlier ones; by default those that the environment variable
            COMMUNIQUE_REGISTRY names (several are separated as in PATH), so that worker processes see the same ones.

    Raises:
        DataError: a file that does not hold together; the message names file and line. `checking.check` finds more.
    """
    named = [part for part in os.environ.get("COMMUNIQUE_REGISTRY", "").split(os.pathsep) if part]
    return _load(tuple(Path(overlay) for overlay in overlays or named))


@lru_cache(maxsize=4)
def _load(overlays: tuple[Path, ...]) -> Registry:
    loading = Loading()
    collecting = gc.isenabled()
    gc.disable()  # tens of thousands of small tuples and no garbage: collections would take a third of the time
    try:
        for source in (data_path("registry"), *overlays):
            loading.read(source)
    finally:
        if collecting:
            gc.enable()
    return Registry(
        entries=loading.entries,
        names=tuple(name for of_entry in loading.names.values() for name in of_entry),
        bodies=loading.bodies,
        roles=tuple(loading.roles.values()),
        offices=loading.offices,
        terms=tuple(loading.terms.values()),
        sectors=loading.sectors,
        cameo_roles=loading.cameo_roles,
        clashes=tuple(loading.clashes),
        version=loading.digest.hexdigest()[:12],
        articles=frozenset(loading.articles),
        lines=loading.lines,
    )
