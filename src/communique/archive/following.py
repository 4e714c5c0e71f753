"""What follows from a correction: countries of other actors, the quad class of another class of event, the day."""

from collections.abc import Mapping
from typing import Any

from communique.archive.rows import country_of
from communique.coding.codebook import load_codebook
from communique.errors import InputError
from communique.records import Record

_COUNTRIES = {
    "source": "source_country",
    "actor": "actor_country",
    "addressees": "addressee_countries",
    "sources": "source_countries",
    "targets": "target_countries",
}


def with_what_follows(record: Record | None, table: str, corrections: Mapping[str, Any]) -> dict[str, Any]:
    """The corrections, and the columns that repeat what they say; a column that is corrected itself stays so.

    Args:
        record: that the row is from, whose actors' countries are known.
        table: of the row.
        corrections: column -> value.

    Raises:
        InputError: no such class of event.
    """
    actors = {a.id: a for a in record.actors} if record else {}
    found: dict[str, Any] = {}
    for field, column in _COUNTRIES.items():
        if field not in corrections:
            continue
        value = corrections[field]
        if isinstance(value, list):
            found[column] = list(dict.fromkeys(c for c in (country_of(a, actors) for a in value) if c))
        else:
            found[column] = country_of(value, actors)
    if table == "events" and "plover" in corrections:
        classes = load_codebook().classes
        if corrections["plover"] not in classes:
            raise InputError(f"plover: {corrections['plover']!r} is none of {', '.join(classes)}")
        found["quad"] = classes[corrections["plover"]].quad
    if corrections.get("date"):
        found["day"] = corrections["date"]
    return found | dict(corrections)
