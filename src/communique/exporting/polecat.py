"""Events in the column layout of POLECAT's weekly files: tab-separated with a header, "None" where there is nothing.

Column names as in the files on Harvard Dataverse (doi:10.7910/DVN/AJGVIT). An event with several actors or recipients
is one row a pair. Columns that communique does not code (Correlates of War numbers, Wikipedia pages, districts,
GeoNames ids) are "None".
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, TextIO

from communique.exporting.told import Party, Told

NOTHING = "None"
_SIDES = ("Actor", "Recipient")
_PLACE = ("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID")


def _party_columns(side: str) -> tuple[str, ...]:
    return (
        f"{side} Name", f"{side} Country", f"{side} COW", f"Primary {side} Sector", f"{side} Sectors", f"{side} Title",
        f"{side} Name Raw", f"Wikipedia {side} ID",
    )  # fmt: skip


COLUMNS: tuple[str, ...] = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *_party_columns("Actor"), *_party_columns("Recipient"), *_PLACE, "Raw Placename", "Feature Type", "Source",
    "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip


def write_polecat(events: Iterable[Told], file: TextIO) -> int:
    """Write events with a header; gives the number of rows."""
    out = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    out.writerow(COLUMNS)
    written = 0
    for event in events:
        for row in polecat_rows(event):
            out.writerow([" ".join(str(row[c]).split()) or NOTHING for c in COLUMNS])
            written += 1
    return written


def polecat_rows(event: Told) -> Iterator[dict[str, Any]]:
    """One row for each actor and recipient, keys as in `COLUMNS`."""
    sources: list[Party | None] = [*event.sources] or [None]
    targets: list[Party | None] = [*event.targets] or [None]
    for number, (source, target) in enumerate(product(sources, targets)):
        row: dict[str, Any] = dict.fromkeys(COLUMNS, NOTHING)
        row.update(
            {
                "Event ID": event.id if number == 0 else f"{event.id}-{number + 1}",
                "Event Date": event.day.isoformat(),
                "Event Type": event.plover,
                "Event Mode": event.mode or NOTHING,
                "Intensity": NOTHING if event.goldstein is None else event.goldstein,
                "Quad Code": (event.quad or NOTHING).upper() if event.quad else NOTHING,
                "Contexts": _joined(event.contexts),
                "Placename": event.place or NOTHING,
                "Raw Placename": event.place or NOTHING,
                "Country": event.country or NOTHING,
                "Latitude": NOTHING if event.latitude is None else event.latitude,
                "Longitude": NOTHING if event.longitude is None else event.longitude,
                "Source": event.publisher or NOTHING,
                "Publication Date": event.published or NOTHING,
                "Story People": _joined([a.name for a in event.actors if a.kind == "person"]),
                "Story Organizations": _joined([a.name for a in event.actors if a.kind in ("organisation", "group")]),
                "Story Locations": _joined([a.name for a in event.actors if a.kind in ("state", "place")]),
                "Language": event.language or NOTHING,
                "Version": f"communique {event.coder}",
            }
        )
        for side, party in zip(_SIDES, (source, target), strict=True):
            if party is not None:
                row.update(
                    {
                        f"{side} Name": party.name,
                        f"{side} Country": party.country or NOTHING,
                        f"Primary {side} Sector": party.sector or NOTHING,
                        f"{side} Sectors": party.sector or NOTHING,
                        f"{side} Title": party.office or NOTHING,
                        f"{side} Name Raw": party.words or party.name,
                    }
                )
        yield row


def _joined(names: list[str]) -> str:
    return "; ".join(dict.fromkeys(n.replace(";", ",") for n in names)) or NOTHING
