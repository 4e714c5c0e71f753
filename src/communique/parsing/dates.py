"""Dates named in the text, read against the day of publication: "on Monday", "Jan. 30", "last week" (left open)."""

import re
from datetime import date, timedelta

from communique.parsing.parse import Parse

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(?P<year>\d{{4}})\b)?",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>\d{{4}})\b)?",
        rf"\b(?P<which>next\s+|last\s+|this\s+|coming\s+)?(?P<weekday>{'|'.join(_DAYS)})\b(?!'s|s)",
        r"\b(?P<relative>today|yesterday|tomorrow|tonight|overnight)\b",
    )
)
_OFFSETS = {"today": 0, "tonight": 0, "overnight": 0, "yesterday": -1, "tomorrow": 1}


def read_date(words: str, published: str | None, ahead: bool = False) -> str | None:
    """The first date that `words` name, as ISO 8601, or None.

    Args:
        words: a clause or phrase.
        published: ISO date of publication. Without it only full dates are read.
        ahead: the clause speaks of the future, so that a bare "Monday" or "March 3" is the coming one.
    """
    origin = date.fromisoformat(published[:10]) if published else None
    for match in sorted(
        (m for p in _PATTERNS for m in p.finditer(words)), key=lambda m: (m.start(), -(m.end() - m.start()))
    ):
        found = _resolve(match.groupdict(), origin, ahead)
        if found is not None:
            return found.isoformat()
    return None


def _resolve(parts: dict[str, str | None], origin: date | None, ahead: bool) -> date | None:
    if relative := parts.get("relative"):
        return origin + timedelta(_OFFSETS[relative.lower()]) if origin else None
    if weekday := parts.get("weekday"):
        if origin is None:
            return None
        return _weekday(_DAYS.index(weekday.lower()), (parts.get("which") or "").strip().lower(), origin, ahead)
    month = int(parts["number"] or 0) if parts.get("number") else _MONTHS.index((parts["month"] or "")[:3].lower()) + 1
    day, year = int(parts["day"] or 0), parts.get("year")
    try:
        if year:
            return date(int(year), month, day)
        if origin is None:
            return None
        found = date(origin.year, month, day)
        if not ahead and found > origin + timedelta(60):
            return date(origin.year - 1, month, day)
        if ahead and found < origin - timedelta(60):
            return date(origin.year + 1, month, day)
        return found
    except ValueError:  # "May 45" and the like are no dates
        return None


def _weekday(number: int, which: str, origin: date, ahead: bool) -> date:
    back = (origin.weekday() - number) % 7
    if which in {"next", "coming"} or (ahead and which != "last"):
        return origin + timedelta((7 - back) % 7 or 7) if back or which else origin
    if which == "last" and back == 0:
        back = 7
    return origin - timedelta(back)


def resolve_date(parse: Parse, indices: list[int] | range, ahead: bool = False) -> str | None:
    """`read_date` over tokens of a parse, against its document's date."""
    return read_date(parse.text(indices), parse.document.published, ahead)
