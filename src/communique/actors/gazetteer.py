"""Cities by name: the state a place lies in, where the registry says nothing of it."""

from functools import cache

from communique.data import data_path
from communique.errors import DataError


@cache
def cities() -> dict[str, tuple[str, ...]]:
    """Folded name -> ISO 3166 alpha-3 of the states that have a city of that name, the largest city first.

    Raises:
        DataError: a row without a state.
    """
    path = data_path("gazetteer", "cities.tsv")
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
        if line.startswith("#") or line == "name\tcountries":
            continue
        name, _, countries = line.partition("\t")
        if not name or not countries:
            raise DataError(f"{path}:{number}: expected a name, a tab and country codes separated by |")
        found[name] = tuple(countries.split("|"))
    return found


def state_of_city(name: str, named: frozenset[str]) -> str:
    """The state of a city, one of those that the text names (`named`) before others; "" for an unknown city.

    Args:
        name: folded, as `matching.fold` does.
    """
    states = cities().get(name, ())
    return next((s for s in states if s in named), states[0] if states else "")
