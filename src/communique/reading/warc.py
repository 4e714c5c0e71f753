"""WARC files of web crawls -> Documents, with FastWARC: one record held at a time.

Only answers that gave a page (status 200, HTML, plain text or PDF) are read. Every record is bounded in what it may
unpack to, so that neither a large archive nor a gzip bomb inside one costs memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from communique.errors import InputError, MissingPartError
from communique.reading.source import LARGEST_PAGE, Failure, Item, Options, inflated, open_bytes
from communique.reading.web import content_document

_READ = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")


def read_warc(path: Path, options: Options) -> Iterator[Item]:
    """Pages of a WARC file, gzipped, Zstandard-compressed or plain.

    Raises:
        InputError: no such file, or no WARC file.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise MissingPartError(f"reading WARC needs FastWARC: pip install 'communique[reading]' ({error})") from error
    with open_bytes(path) as file:
        number = 0
        try:
            for record in ArchiveIterator(
                file, record_types=WarcRecordType.response, parse_http=True, auto_decode="transfer", fsspec_args=False
            ):
                number += 1
                item = _page(record, path, number, options)
                if item is not None:
                    yield item
        except (OSError, ValueError, EOFError) as error:
            if number == 0:
                raise InputError(f"{path}: not a WARC file, or a damaged one ({error})") from None
            yield Failure(str(path), f"{path}: damaged after record {number:,} ({error}); those before it were read")
            return
        if number == 0 and path.stat().st_size and not _is_warc(path):
            raise InputError(f"{path}: no WARC records in it")


def _is_warc(path: Path) -> bool:
    from communique.reading.source import unpacked

    with path.open("rb") as file:
        return next(unpacked(file, str(path)), b"").startswith(b"WARC/")


def _page(record: Any, path: Path, number: int, options: Options) -> Item | None:
    head = record.http_headers
    url = record.headers.get("WARC-Target-URI")
    kind = (record.http_content_type or "").lower()
    if head is None or head.status_code != 200 or not kind.startswith(_READ):
        return None
    name = f"{path} record {number} ({url})"
    try:
        raw = record.reader.read(LARGEST_PAGE + 1)
        if len(raw) > LARGEST_PAGE:
            raise InputError(f"{name}: a page of more than {LARGEST_PAGE // 2**20} MB")
        if (head.get("Content-Encoding") or "").lower() in ("gzip", "x-gzip", "deflate"):
            raw = inflated(raw, name, LARGEST_PAGE)
        return content_document(raw, kind, name, options, url)
    except InputError as error:
        return Failure(name, str(error))
    except OSError as error:
        return Failure(name, f"{name}: cannot be unpacked ({error})")
