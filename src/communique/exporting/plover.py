"""Events as PLOVER JSON records, one a line, fields named as in PLOVER (Open Event Data Alliance)."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from communique.exporting.told import Party, Told


def write_plover(events: Iterable[Told], file: TextIO) -> int:
    """Write events as JSON lines; gives their number."""
    written = 0
    for event in events:
        file.write(json.dumps(plover_record(event), ensure_ascii=False) + "\n")
        written += 1
    return written


def plover_record(event: Told) -> dict[str, Any]:
    """One event. Several sources or targets stay together: PLOVER allows compound actors."""
    record: dict[str, Any] = {
        "id": event.id,
        "date": event.day.isoformat(),
        "event": event.plover,
        "mode": event.mode or "",
        "context": event.contexts,
        "source": [_party(p) for p in event.sources],
        "target": [_party(p) for p in event.targets],
        "eventText": event.words,
        "quad": event.quad or "",
        "goldstein": event.goldstein,
        "cameo": event.cameo or "",
        "modality": event.modality,
        "confidence": event.confidence,
        "numReports": event.reports,
        "textInfo": {
            "document": event.document,
            "title": event.title or "",
            "publication": event.publisher or "",
            "publicationDate": event.published.isoformat() if event.published else "",
            "url": event.url or "",
            "language": event.language or "",
        },
        "coder": f"communique {event.coder}",
    }
    if event.place:
        record["eventLoc"] = {
            "name": event.place,
            "country": event.country or "",
            "lat": event.latitude,
            "lon": event.longitude,
        }
    return record


def _party(party: Party) -> dict[str, str]:
    return {
        "text": party.words or party.name,
        "name": party.name,
        "code": party.country or "",
        "sector": party.sector or "",
        "id": party.id,
    }
