"""communique: political news and official briefings as a checkable record of who said what to whom.

Four functions say the whole product:

    record = communique.code(text, published="2023-01-30")     # one text
    for record in communique.code_many(documents): ...         # many documents, streamed
    for document in communique.read("briefing.html"): ...      # files, folders, addresses
    archive = communique.open_archive("my-archive")            # keep and ask
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from communique.archive.store import Archive
    from communique.records import Document, Record

__version__ = "0.1.0"
__all__ = ["code", "code_many", "open_archive", "read"]


def code(text: str, published: str | None = None, title: str | None = None, url: str | None = None) -> "Record":
    """Code one text.

    Args:
        text: the article, briefing or transcript, paragraphs parted by line breaks.
        published: ISO date of publication; days such as "on Monday" and terms of office are read against it.
        title: the headline, where it is not part of the text.
        url: where the text is from.

    Raises:
        InputError: the text is empty or too long, or the date is none.
    """
    from communique.reading.text import document_from_text
    from communique.running.pipeline import code_document

    return code_document(document_from_text(text, published=published, title=title, url=url))


def code_many(documents: "Iterable[Document | str]") -> "Iterator[Record]":
    """Code documents, or plain texts, in order, one held at a time; a text that cannot be read raises InputError."""
    from communique.reading.text import document_from_text
    from communique.running.pipeline import code_documents

    yield from code_documents(document_from_text(d) if isinstance(d, str) else d for d in documents)


def read(source: str, published: str | None = None) -> "Iterator[Document]":
    """Documents of a file, folder or address; see `communique.reading.read`."""
    from communique.reading import read as read_any

    yield from read_any(source, published=published)


def open_archive(path: "str | Path", create: bool = True) -> "Archive":
    """An archive of records under a folder; see `communique.archive.store.open_archive`."""
    from communique.archive.store import open_archive as open_store

    return open_store(path, create=create)
