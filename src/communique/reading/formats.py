"""Which module reads a source: by its name, and where that does not tell, by its first bytes.

An address is fetched and read by what the server sends; a feed or sitemap stands for the pages it names. A folder is
read file by file, in the order of their names, files whose name begins with a dot left out.
"""

import io
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from communique.errors import InputError
from communique.reading.source import (
    LARGEST_FILE,
    LARGEST_PAGE,
    Failure,
    Item,
    Options,
    open_bytes,
    unpacked,
)
from communique.reading.stores import is_stored, local_copy, shards_of

# Format -> where its reader is and which endings name it.
FORMATS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("articles:read_articles", (".txt", ".text", ".md")),
    "html": ("pages:read_page", (".html", ".htm", ".xhtml")),
    "pdf": ("office:read_pdf", (".pdf",)),
    "docx": ("office:read_docx", (".docx",)),
    "csv": ("tables:read_csv", (".csv", ".tsv")),
    "jsonl": ("tables:read_jsonl", (".jsonl", ".ndjson")),
    "json": ("tables:read_json", (".json",)),
    "parquet": ("tables:read_parquet", (".parquet",)),
    "warc": ("warc:read_warc", (".warc",)),
    "feed": ("feeds:read_feed", (".rss", ".atom")),
    "sitemap": ("feeds:read_sitemap", ()),
    "links": ("feeds:read_links", (".urls",)),
}
_TABLES = frozenset({"csv", "jsonl", "json", "parquet", "warc"})
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]")


def items(source: str, options: Options, format: str | None = None) -> Iterator[Item]:
    """Documents and failures of one source.

    Args:
        source: path, "-", address of the web, or object-store address (s3://, gs://, file://).
        options: what is known of the input.
        format: a key of FORMATS, where neither name nor first bytes tell.

    Raises:
        InputError: the source as a whole cannot be read.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    if re.match(r"https?://", source, re.IGNORECASE):
        yield from _address(source, options)
        return
    if is_stored(source):
        for shard in shards_of(source):
            yield from _shard(shard, options, format)
        return
    path = Path(source)
    if source != "-" and path.is_dir():
        yield from _folder(path, options, format)
        return
    yield from _reader(format or format_of(path))(path, options)


def _shard(shard: str, options: Options, format: str | None) -> Iterator[Item]:
    try:
        with local_copy(shard) as path:
            yield from _under_its_name(path, shard, options, format)
    except InputError as error:
        yield Failure(shard, str(error))


def _under_its_name(path: str, name: str, options: Options, format: str | None) -> Iterator[Item]:
    """Documents of a copy; failures name what it is a copy of."""
    try:
        for item in items(path, options, format):
            if isinstance(item, Failure):
                item = Failure(item.source.replace(path, name), item.reason.replace(path, name))
            yield item
    except InputError as error:
        yield Failure(name, str(error).replace(path, name))


def format_of(path: Path) -> str:
    """The format of a file by its name, or by its first bytes; "text" where nothing speaks for another.

    Raises:
        InputError: the file cannot be read.
    """
    if str(path) == "-":
        return "text"
    if named := _named(path):
        return named
    with open_bytes(path) as file:
        head = next(unpacked(file, str(path)), b"")
    return sniffed(head) or "text"


def _named(path: Path) -> str | None:
    """The format that a file's name tells."""
    endings = [ending.lower() for ending in path.suffixes if ending.lower() not in (".gz", ".zst")]
    by_ending = {ending: name for name, (_, own) in FORMATS.items() for ending in own}
    return by_ending.get(endings[-1]) if endings else None


def sniffed(head: bytes) -> str | None:
    """The format that the first bytes of a file speak for, or None."""
    marks = {b"%PDF-": "pdf", b"PAR1": "parquet", b"WARC/": "warc", b"PK\x03\x04": "docx"}
    for mark, name in marks.items():
        if head.startswith(mark):
            return name
    if _HTML.match(head[:4000]):
        return "html"
    if head.lstrip()[:1] == b"<":
        if _FEED.search(head[:4000]):
            return "feed"
        if _SITEMAP.search(head[:4000]):
            return "sitemap"
    return None


def _reader(name: str) -> Callable[[Path, Options], Iterator[Item]]:
    module, function = FORMATS[name][0].split(":")
    reader: Callable[[Path, Options], Iterator[Item]] = getattr(import_module(f"communique.reading.{module}"), function)
    return reader


def _folder(folder: Path, options: Options, format: str | None) -> Iterator[Item]:
    known = {ending for _, own in FORMATS.values() for ending in own}
    files = sorted(
        p for p in folder.rglob("*") if p.is_file() and not any(x.startswith(".") for x in p.relative_to(folder).parts)
    )
    if not files:
        raise InputError(f"{folder}: a folder without files")
    for file in files:
        ending = file.with_suffix("").suffix if file.suffix.lower() in (".gz", ".zst") else file.suffix
        try:
            if format is None and ending and ending.lower() not in known:
                raise InputError(f"{file}: files that end in {ending} are not read; name the format with --format")
            yield from items(str(file), options, format)
        except InputError as error:
            yield Failure(str(file), str(error))


def _address(url: str, options: Options) -> Iterator[Item]:
    from communique.reading.feeds import entry_items, feed_entries, sitemap_items
    from communique.reading.web import Fetcher, content_document

    fetcher = Fetcher()
    path = Path(urlsplit(url).path)
    named = _named(path)
    answer = fetcher.fetch(url, limit=LARGEST_FILE if named in _TABLES else LARGEST_PAGE)
    if named in _TABLES or sniffed(answer.body[:4000]) in _TABLES:
        yield from _kept(answer.body, "answer" + "".join(path.suffixes[-2:]), url, options)
        return
    body = b"".join(unpacked(io.BytesIO(answer.body), url, LARGEST_PAGE))
    format = sniffed(body[:4000])
    if format == "feed":
        yield from entry_items(feed_entries(body, url), fetcher, options)
    elif format == "sitemap":
        yield from sitemap_items(body, url, fetcher, options)
    else:
        yield content_document(body, answer.content_type, url, options, url)


def _kept(body: bytes, name: str, url: str, options: Options) -> Iterator[Item]:
    """Documents of a table or crawl that a server sent, read as the file that it is."""
    with TemporaryDirectory(prefix="communique-") as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        yield from _under_its_name(str(path), url, options, None)
