"""Text files as databases of newspapers export them: many articles in one file, each with a head of named fields.

Three layouts are known by their form: "N of M DOCUMENTS" before each article (Nexis), "End of Document" behind each
(Nexis Uni), and two-letter field codes with "Document ID" at the end (Factiva). A text in none of them is one document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from communique.errors import InputError
from communique.reading.source import LARGEST_FILE, Failure, Item, Options, read_bytes
from communique.reading.text import decode, document_from_text
from communique.records import Document

_NUMBERED = re.compile(r"^[ \t]*(?:Document )?\d+ of \d+(?: DOCUMENTS)?[ \t]*$", re.MULTILINE)
_END = re.compile(r"^[ \t]*End of Document[ \t]*$", re.MULTILINE)
_CODED_END = re.compile(r"^Document [A-Z]{4,}[A-Za-z0-9]{8,}\s*$", re.MULTILINE)
_CODE = re.compile(r"^(HD|BY|WC|PD|ET|SN|SC|LA|CY|LP|TD|CO|IN|NS|RE|IPD|PUB|AN|CR|SE|PG|ED|VOL|ART|CLM)(?:\s{2,}|\t|$)")
_FIELD = re.compile(
    r"^(BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|GRAPHIC|SERIES|CORRECTION-DATE"
    r"|JOURNAL-CODE|URL|NOTES|COUNTRY|CITY|SUBJECT|PERSON|ORGANIZATION|COMPANY|GEOGRAPHIC|TYPE|EDITION|CORRECTION)"
    r":[ \t]*(.*)$",
    re.IGNORECASE,
)
_TAIL = frozenset(
    {"load-date", "language", "publication-type", "graphic", "journal-code", "notes", "subject", "person"}
    | {"organization", "company", "geographic", "country", "city", "correction-date"}
)
_COPYRIGHT = re.compile(r"^\s*(?:Copyright\b|©|All Rights Reserved)", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"^\s*(?:\w+day,?\s+)?(?:(?P<month>[A-Z][a-z]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})"
    r"|(?P<day2>\d{1,2}) (?P<month2>[A-Z][a-z]+)\.?,? (?P<year2>\d{4}))\b"
)
_LANGUAGES = {"english": "en"}


@dataclass
class _Article:
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def read_articles(path: Path, options: Options) -> Iterator[Item]:
    """The articles of a text file, or its one text.

    Raises:
        InputError: the file cannot be read as text.
    """
    name = "standard input" if str(path) == "-" else str(path)
    text = decode(read_bytes(path, LARGEST_FILE), name, options.encoding)
    found = articles_in(text, name, options)
    if found is None:
        yield document_from_text(
            text, published=options.published or _day_in_name(path), name=name, detect=options.detect
        )
    else:
        yield from found


def articles_in(text: str, name: str, options: Options) -> Iterator[Item] | None:
    """The articles of a database's export, or None for a text that is none."""
    parts = split_articles(text.replace("\r\n", "\n"))
    return None if parts is None else _each(parts, name, options)


def _each(parts: list[str], name: str, options: Options) -> Iterator[Item]:
    for number, part in enumerate(parts, 1):
        place = f"{name} article {number}"
        coded = any(_CODE.match(line) for line in part.split("\n")[:4])
        article = _coded_article(part) if coded else _article(part)
        try:
            yield _document(article, place, options)
        except InputError as error:
            yield Failure(place, str(error))


def _day_in_name(path: Path) -> str | None:
    """The date that a file's name begins with ("2024-03-11-briefing.txt"), as archives of texts are often kept."""
    try:
        return date.fromisoformat(path.name[:10]).isoformat()
    except ValueError:
        return None


def split_articles(text: str) -> list[str] | None:
    """The articles of a database's export, or None for a text that is none."""
    starts = [m.end() for m in _NUMBERED.finditer(text)]
    if starts and not text[: _NUMBERED.search(text).start()].strip():  # type: ignore[union-attr]
        ends = [m.start() for m in _NUMBERED.finditer(text)][1:]
        return [text[a:b] for a, b in zip(starts, [*ends, len(text)], strict=True)]
    for end in (_END, _CODED_END):
        if end.search(text):
            return [part for part in end.split(text) if part.strip()]
    return None


def _article(part: str) -> _Article:
    article = _Article()
    place = "head"
    for line in part.strip("\n").split("\n"):
        match = _FIELD.match(line)
        if match:
            key = match.group(1).lower()
            article.fields.setdefault(key, match.group(2).strip())
            # LENGTH, DATELINE and HIGHLIGHT come last before the text; the fields behind it end it.
            if key in ("length", "dateline", "highlight", "byline", "section") and place == "head":
                place = "fields"
            elif key in _TAIL:
                place = "tail" if article.body else place
        elif place == "fields" and line.strip().lower() in ("body", "full text:"):
            place = "body"
        elif place == "fields" and line.strip() and not _COPYRIGHT.match(line):
            place = "body"
            article.body.append(line)
        elif place == "head":
            article.head.append(line)
        elif place == "body":
            article.body.append(line)
    return article


def _coded_article(part: str) -> _Article:
    article = _Article()
    codes: dict[str, list[str]] = {}
    code = ""
    for line in part.strip("\n").split("\n"):
        match = _CODE.match(line)
        if match:
            code = match.group(1)
            line = line[match.end() :]
        codes.setdefault(code, []).append(line)
    said = {key: "\n".join(lines).strip() for key, lines in codes.items()}
    article.head = [said.get("HD", ""), said.get("SN", ""), said.get("PD", "")]
    article.fields = {"byline": said.get("BY", ""), "language": said.get("LA", "")}
    article.body = (said.get("LP", "") + "\n\n" + said.get("TD", "")).split("\n")
    return article


def _document(article: _Article, name: str, options: Options) -> Document:
    lines = [" ".join(line.split()) for line in article.head if line.strip() and not _COPYRIGHT.match(line)]
    days = [i for i, line in enumerate(lines) if _day(line)]
    published = _day(lines[days[0]]) if days else None
    named = [line for i, line in enumerate(lines) if i not in days[:1]]
    centred = {" ".join(line.split()) for line in article.head if line.startswith("      ")}
    # Publication and date stand above the headline where they are centred (Nexis), below it elsewhere.
    publisher = next((x for x in named if x in centred), None) or (named[1] if len(named) > 1 else None)
    title = next((x for x in named if x != publisher), None)
    text = "\n".join(line.rstrip() for line in article.body).strip("\n")
    said = article.fields.get("language", "").partition(";")[0].strip().lower()
    return document_from_text(
        text,
        published=published or options.published,
        title=title,
        publisher=publisher,
        author=article.fields.get("byline") or None,
        language=_LANGUAGES.get(said),
        name=name,
        detect=options.detect,
    )


def _day(line: str) -> str | None:
    match = _DAY.match(line)
    if match is None:
        return None
    month = (match["month"] or match["month2"]).lower()[:3]
    try:
        number = _MONTHS.index(month) + 1
        return date(int(match["year"] or match["year2"]), number, int(match["day"] or match["day2"])).isoformat()
    except ValueError:
        return None
