"""A registry made ready for matching: every surface in one automaton, persons by name, offices by title.

A. V. Aho and M. J. Corasick, Efficient string matching: an aid to bibliographic search, CACM 18 (1975).
"""

from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick

from communique.actors.entries import Body, Name, Office, Role
from communique.actors.folding import fold
from communique.actors.registry import Registry
from communique.actors.words import load_words


@dataclass(slots=True)
class Surface:
    """What a string of the registry can be: names of actors, a noun for a body, a noun for a person by function."""

    names: list[Name] = field(default_factory=list)
    body: Body | None = None
    role: Role | None = None
    plural: bool = False


@dataclass(frozen=True)
class Index:
    """A registry made ready for matching.

    automaton: Aho-Corasick over folded surfaces, with their length and `Surface`; offices: (holder, name in lower case)
    -> office, None where several have the name; surnames: folded surname -> ids of persons; persons: folded full name
    -> ids; roles: by name in lower case; origins: adjectives and names of states as written; implied: roles with a
    name in them ("Kremlin critic") -> its entry, and those of one state alone ("Taoiseach").
    """

    registry: Registry
    automaton: ahocorasick.Automaton
    offices: dict[tuple[str, str], Office | None]
    surnames: dict[str, tuple[str, ...]]
    persons: dict[str, tuple[str, ...]]
    roles: dict[str, Role]
    origins: frozenset[str]
    implied: dict[str, str]


@lru_cache(maxsize=4)
def _index_of(version: str, holder: "_Holder") -> Index:
    registry = holder.registry
    surfaces: dict[str, Surface] = {}

    def at(surface: str) -> Surface:
        return surfaces.setdefault(fold(surface), Surface())

    for name in registry.names:
        if name.role != "person" or " " in name.surface or "-" in name.surface:
            # "the South" is found at "South", so that it never hides "South African"
            at(name.surface.removeprefix("the ")).names.append(name)
    for body in registry.bodies.values():
        for noun in body.nouns:
            at(noun).body = body
    roles = {role.name.lower(): role for role in registry.roles}
    for role in registry.roles:
        at(role.name).role = role
        if role.plural:
            found = at(role.plural)
            found.role, found.plural = role, role.plural != role.name
    for noun, plural in load_words().heads.items():
        head = Role(noun, plural, "", "", "head")
        at(noun).role = at(noun).role or head
        if plural:
            found = at(plural)
            found.role, found.plural = found.role or head, True
    known = {name.surface.lower() for name in registry.names}
    for surface, readings in load_words().readings.items():
        if surface not in known:
            first = next((r.id for r in readings if r.id in registry.entries), None)
            if first is not None:
                at(surface).names.append(Name(surface.title(), first, "", "", False, "name"))
    for short, long in load_words().titles.items():
        if long in roles:
            at(short).role = roles[long]
    offices: dict[tuple[str, str], Office | None] = {}
    own_names = {fold(n.surface) for n in registry.names if n.role != "person"}
    for office in registry.offices.values():
        for title in (office.title, *office.names):
            held = (office.holder, fold(title))
            # a title that several offices share ("Leader" of either house) says nothing
            offices[held] = office if held not in offices or offices[held] is office else None
            # "Kremlin spokesman" is read as the Kremlin and its spokesman; only titles without a name in them are nouns
            words = fold(title).split()
            if not any(
                " ".join(words[i:j]) in own_names for i in range(len(words)) for j in range(i + 1, len(words) + 1)
            ):
                found = at(title)
                kind = "official" if office.many else "office"
                found.role = found.role or Role(title, "", office.sector, office.body, kind)
    automaton = ahocorasick.Automaton()
    for key, value in surfaces.items():
        automaton.add_word(key, (len(key), value))
    automaton.make_automaton()
    return Index(
        registry,
        automaton,
        offices,
        _surnames(registry),
        _persons(registry),
        roles,
        _origins(registry),
        _implied(registry),
    )


class _Holder:
    """Carries a registry through the cache, which goes by version alone."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def index_of(registry: Registry) -> Index:
    """The registry as an index; built once for each version."""
    return _index_of(registry.version, _Holder(registry))


def _persons(registry: Registry) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name in registry.names:
        if name.role == "person":
            found.setdefault(fold(name.surface), {})[name.entry] = None
    return {key: tuple(ids) for key, ids in found.items()}


def _origins(registry: Registry) -> frozenset[str]:
    return frozenset(
        n.surface for n in registry.names if registry.entries[n.entry].kind == "state" and n.role != "capital"
    )


def _implied(registry: Registry) -> dict[str, str]:
    names = {n.surface: n.entry for n in registry.names if n.role in {"name", "metonym"}}
    named = {role.name.lower(): names[first] for role in registry.roles if (first := role.name.split()[0]) in names}
    return named | {role: state for role, state in load_words().sole.items() if state in registry.entries}


def _surnames(registry: Registry) -> dict[str, tuple[str, ...]]:
    first = load_words()["family_name_first"]
    found: dict[str, dict[str, None]] = {}
    for name in registry.names:
        if name.role != "person":
            continue
        words = name.surface.split()
        countries = {
            registry.offices[t.office].holder for t in registry.terms_of(name.entry) if t.office in registry.offices
        }
        family = words[0] if countries & first and len(words) > 1 else words[-1]
        found.setdefault(fold(family), {})[name.entry] = None
        if len(words) > 2 and words[-2].lower() in load_words()["particles"]:
            found.setdefault(fold(" ".join(words[-2:])), {})[name.entry] = None
    return {key: tuple(ids) for key, ids in found.items()}
