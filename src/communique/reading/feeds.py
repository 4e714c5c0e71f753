"""RSS and Atom feeds, sitemaps and lists of addresses -> the addresses in them, and the documents behind those."""

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communique.errors import InputError, MissingPartError
from communique.reading.source import LARGEST_FILE, Failure, Item, Options, read_bytes, unpacked
from communique.reading.text import decode
from communique.reading.web import Fetcher, content_document

_MOST_LINKS = 50_000
_SHORTEST_CONTENT = 600
_ADDRESS = re.compile(r"https?://\S+")
_MARKUP = re.compile(r"<[^>]+>")
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|tr)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or sitemap says of one page. updated: as it stands there, to tell whether the page changed."""

    url: str
    id: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    updated: str | None = None
    content: str | None = None


def feed_entries(raw: bytes, name: str) -> list[Entry]:
    """Entries of an RSS or Atom feed, in its order, each once.

    Args:
        raw: the feed as it came.
        name: for messages.

    Raises:
        InputError: not a feed.
    """
    try:
        import feedparser
    except ImportError as error:
        raise MissingPartError(
            f"reading feeds needs feedparser: pip install 'communique[reading]' ({error})"
        ) from error
    if re.search(rb"<!ENTITY", raw[:20_000]):
        raise InputError(f"{name}: a feed that defines entities of its own is not read")
    try:
        found = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=True)
    except Exception as error:  # whatever garbage makes feedparser raise, the feed is garbage
        raise InputError(f"{name}: not an RSS or Atom feed ({error})") from None
    if not found.get("version") and not found.entries:
        raise InputError(f"{name}: not an RSS or Atom feed")
    publisher = found.feed.get("title")
    entries: dict[str, Entry] = {}
    for entry in found.entries[:_MOST_LINKS]:
        link = str(entry.get("link") or "")
        if not link.startswith(("http://", "https://")):
            continue
        bodies = [c.get("value", "") for c in entry.get("content", [])]
        content = plain_text(max(bodies, key=len)) if bodies else ""
        entries.setdefault(
            str(entry.get("id") or link),
            Entry(
                url=link,
                id=str(entry.get("id") or link),
                title=plain_text(str(entry.get("title") or "")) or None,
                author=entry.get("author") or None,
                publisher=publisher,
                published=_day(
                    entry["published_parsed"] if "published_parsed" in entry else entry.get("updated_parsed")
                ),
                updated=str((entry["updated"] if "updated" in entry else entry.get("published")) or "") or None,
                content=content if len(content) >= _SHORTEST_CONTENT else None,
            ),
        )
    return list(entries.values())


def _day(moment: Any) -> str | None:
    try:
        return time.strftime("%Y-%m-%d", moment) if moment and 1000 <= moment[0] <= 9999 else None
    except (TypeError, ValueError):
        return None


def plain_text(markup: str) -> str:
    """Text of a piece of HTML, blocks parted by blank lines."""
    import html

    text = html.unescape(_MARKUP.sub("", _BLOCK.sub("\n\n", markup)))
    paragraphs = [" ".join(block.split()) for block in text.split("\n\n")]
    return "\n\n".join(p for p in paragraphs if p)


def sitemap_entries(raw: bytes, name: str) -> tuple[list[Entry], list[str]]:
    """Pages of a sitemap, and the further sitemaps it names.

    Raises:
        InputError: not a sitemap.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise MissingPartError(f"reading sitemaps needs lxml: pip install 'communique[reading]' ({error})") from error
    pages: list[Entry] = []
    further: list[str] = []
    try:
        steps = etree.iterparse(io.BytesIO(raw), events=("end",), resolve_entities=False, no_network=True)
        for _, element in steps:
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if tag in ("url", "sitemap"):
                said = {
                    etree.QName(e).localname: (e.text or "").strip() for e in element.iter() if isinstance(e.tag, str)
                }
                address = said.get("loc", "")
                if address.startswith(("http://", "https://")):
                    if tag == "sitemap":
                        further.append(address)
                    else:
                        day = said.get("publication_date", "")[:10]
                        pages.append(
                            Entry(
                                url=address,
                                id=address,
                                title=said.get("title") or None,
                                publisher=said.get("name") or None,
                                published=day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None,
                                updated=said.get("lastmod") or None,
                            )
                        )
                element.clear()
            if len(pages) >= _MOST_LINKS:
                break
    except etree.XMLSyntaxError as error:
        if not pages and not further:
            raise InputError(f"{name}: not a sitemap ({error})") from None
    if not pages and not further:
        raise InputError(f"{name}: no addresses in it")
    return pages, further


def entry_document(entry: Entry, fetcher: Fetcher, options: Options) -> Item:
    """The document an entry stands for: its page, or, where that cannot be had, the text in the feed itself."""
    known = {"title": entry.title, "author": entry.author, "publisher": entry.publisher, "published": entry.published}
    try:
        answer = fetcher.fetch(entry.url)
        return content_document(answer.body, answer.content_type, entry.url, options, entry.url, **known)
    except InputError as error:
        if entry.content is None:
            return Failure(entry.url, str(error))
        try:
            return content_document(entry.content.encode(), "text/plain", entry.url, options, entry.url, **known)
        except InputError as second:
            return Failure(entry.url, str(second))


def read_feed(path: Path, options: Options) -> Iterator[Item]:
    """The pages that a feed kept as a file names."""
    yield from entry_items(feed_entries(read_bytes(path), str(path)), Fetcher(), options)


def read_sitemap(path: Path, options: Options) -> Iterator[Item]:
    """The pages that a sitemap kept as a file names, those of its further sitemaps too."""
    yield from sitemap_items(read_bytes(path), str(path), Fetcher(), options)


def read_links(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a text file with an address on every line; lines that begin with # are comments."""
    text = decode(read_bytes(path), str(path), options.encoding)
    lines = [line.strip() for line in text.splitlines()]
    entries = [Entry(url=line, id=line) for line in dict.fromkeys(lines) if line and not line.startswith("#")]
    yield from entry_items(entries, Fetcher(), options)


def sitemap_items(
    raw: bytes, name: str, fetcher: Fetcher, options: Options, seen: set[str] | None = None
) -> Iterator[Item]:
    """Documents of a sitemap's pages, then those of the sitemaps it names, each sitemap read once."""
    seen = {name} if seen is None else seen
    pages, further = sitemap_entries(raw, name)
    yield from entry_items(pages, fetcher, options)
    for address in further:
        if address in seen or len(seen) > 1000:
            continue
        seen.add(address)
        try:
            body = b"".join(unpacked(io.BytesIO(fetcher.fetch(address).body), address, LARGEST_FILE))
            yield from sitemap_items(body, address, fetcher, options, seen)
        except InputError as error:
            yield Failure(address, str(error))


def entry_items(entries: list[Entry], fetcher: Fetcher, options: Options) -> Iterator[Item]:
    """Documents and failures of entries, in order."""
    for entry in entries:
        yield entry_document(entry, fetcher, options)
