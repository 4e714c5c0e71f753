"""File, folder, address or table -> Documents: `read` and `read_all`; one module a format.

Bad input raises InputError from `read`; `read_all` sets it aside, with its reason, and goes on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from communique.errors import InputError
from communique.reading.formats import items
from communique.reading.source import Failure, Options
from communique.reading.text import iso_date
from communique.records import Document

__all__ = ["Failure", "Options", "read", "read_all", "read_items"]


def read(
    source: str | Path,
    *,
    published: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Iterator[Document]:
    """Documents of a file, folder or address, one at a time.

    Args:
        source: a path, "-" for standard input, or an http(s) address.
        published: ISO date for documents that carry none themselves.
        encoding: of files that are not UTF-8.
        columns: for tables, field of the document -> name of the column, where it has another name.
        format: name of a format where the file's name does not tell; see `communique.reading.formats`.

    Raises:
        InputError: at the first input that cannot be read.
    """
    for item in read_items([source], published=published, encoding=encoding, columns=columns, format=format):
        if isinstance(item, Failure):
            raise InputError(item.reason)
        yield item


def read_all(
    sources: Iterable[str | Path],
    on_failure: Callable[[str, str], None],
    *,
    published: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Iterator[Document]:
    """Documents of many sources, in order; what cannot be read goes to `on_failure(source, reason)` and is passed over.

    Arguments as for `read`.

    Raises:
        InputError: `published` is no date (it holds for all).
    """
    for item in read_items(sources, published=published, encoding=encoding, columns=columns, format=format):
        if isinstance(item, Failure):
            on_failure(item.source, item.reason)
        else:
            yield item


def read_items(
    sources: Iterable[str | Path],
    *,
    published: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Iterator[Document | Failure]:
    """Documents and failures in the order of the input; arguments as for `read`."""
    options = Options(iso_date(published, "--published"), encoding, dict(columns or {}))
    for source in sources:
        try:
            yield from items(str(source), options, format)
        except InputError as error:
            yield Failure(str(source), str(error))
