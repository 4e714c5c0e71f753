"""HTML -> Document with trafilatura: the article's paragraphs, title, author, date, publisher, address.

Paragraphs are parted by a blank line in the text we keep. What stands on the page around the article (menus, teasers,
comments) is left out. A page without an article is an InputError, not an empty document.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from communique.errors import InputError, MissingPartError
from communique.reading.source import LARGEST_PAGE, Options, read_bytes
from communique.reading.text import decode, document_from_text, iso_date
from communique.records import Document

_DEEPEST = 250
# Fewer characters than this are a menu or a notice about cookies.
_SHORTEST = 40
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that end by themselves, or where the parser closes the one before.
_FLAT = frozenset(
    b"area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr".split()
)
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)")


def read_page(path: Path, options: Options) -> Iterator[Document]:
    """The one document of an HTML file.

    Raises:
        InputError: the file cannot be read or holds no article.
    """
    yield page_document(read_bytes(path, LARGEST_PAGE), str(path), options)


def page_document(raw: bytes, name: str, options: Options, url: str | None = None, **known: str | None) -> Document:
    """The article of a page.

    Args:
        raw: HTML as it came.
        name: for messages.
        options: encoding and fallback date.
        url: where the page is from; by default what the page says of itself.
        known: title, published, author or publisher as a feed or table tells them; they fill gaps, and `published`
            goes before what is found on the page.

    Raises:
        InputError: no article on the page, or nesting that no parser follows.
    """
    if not raw.strip():
        raise InputError(f"{name}: empty, there is nothing to read")
    if depth(raw) > _DEEPEST:
        raise InputError(f"{name}: elements nested deeper than {_DEEPEST}; a broken page that cannot be read as HTML")
    saved = _SAVED_FROM.search(raw[:2000])
    page = without_scripts(raw)
    found = _extract(page if options.encoding is None else decode(page, name, options.encoding), url)
    if found is None or len((found.text or "").strip()) < _SHORTEST:
        raise InputError(f"{name}: no article text found on the page")
    published = known.get("published") or _date(found.date) or options.published
    return document_from_text(
        found.text.replace("\n", "\n\n"),
        published=published,
        title=found.title or known.get("title"),
        url=url or found.url or (saved.group(1).decode("ascii", "replace") if saved else None),
        author=found.author or known.get("author"),
        publisher=found.sitename or known.get("publisher"),
        name=name,
        detect=options.detect,
    )


def _extract(html: bytes | str, url: str | None) -> Any:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise MissingPartError(
            f"reading web pages needs trafilatura: pip install 'communique[reading]' ({error})"
        ) from error
    try:
        return bare_extraction(html, url=url, with_metadata=True, include_comments=False, include_tables=False)
    except (RecursionError, ValueError, AssertionError):
        return None


def without_scripts(raw: bytes) -> bytes:
    """The page without its programs, which hold most of its letters and no word of the article.

    What pages tell of themselves as JSON-LD stays. One pass, however many scripts are opened and never closed.
    """
    lower = raw.lower()
    kept: list[bytes] = []
    start = 0
    while (opened := lower.find(b"<script", start)) >= 0:
        inside = lower.find(b">", opened)
        closed = lower.find(b"</script", inside)
        if inside < 0 or closed < 0:
            break
        if b"ld+json" in lower[opened:inside]:
            kept.append(raw[start:closed])
        else:
            kept.append(raw[start:opened])
            kept.append(raw[opened : inside + 1])
        start = closed
    kept.append(raw[start:])
    return b"".join(kept)


def _date(value: str | None) -> str | None:
    try:
        return iso_date(value)
    except InputError:
        return None


def depth(raw: bytes) -> int:
    """How deep elements are nested at most, by one pass over the tags."""
    deepest = level = 0
    for match in _TAG.finditer(raw):
        if match.group(2).lower() in _FLAT:
            continue
        level = max(0, level - 1) if match.group(1) else level + 1
        deepest = max(deepest, level)
    return deepest
