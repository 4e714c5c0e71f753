"""PDF and Word briefings -> Document, with pypdf and python-docx.

Lines of a PDF are those of its pages: words cut by a hyphen at a line's end are joined, lines of one paragraph are put
together, running heads and page numbers (lines that stand at the edge of most pages) are left out.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from communique.errors import InputError, MissingPartError
from communique.reading.articles import articles_in
from communique.reading.source import Item, Options, read_bytes
from communique.reading.text import document_from_text
from communique.records import Document

_MOST_PAGES = 2000
_LARGEST_PART = 64 * 2**20
_ENDS = re.compile(r"[.?!:;…][\"'”’)\]]*$")
_NUMBER = re.compile(r"\d+")


def read_pdf(path: Path, options: Options) -> Iterator[Document]:
    """The one document of a PDF file; see `pdf_document`."""
    yield pdf_document(read_bytes(path), str(path), options)


def read_docx(path: Path, options: Options) -> Iterator[Item]:
    """The one document of a Word file, see `docx_document`, or the articles of a database's export in that form."""
    raw = read_bytes(path)
    found = articles_in(_docx_text(raw, str(path))[0], str(path), options)
    if found is None:
        yield docx_document(raw, str(path), options)
    else:
        yield from found


def pdf_document(raw: bytes, name: str, options: Options, url: str | None = None, **known: str | None) -> Document:
    """The text of a PDF.

    Args:
        raw: the file.
        name: for messages.
        options: fallback date.
        url: where it is from.
        known: title, published, author or publisher as a feed tells them, which go before what the file says.

    Raises:
        InputError: broken, locked with a password, or scanned (pages without text).
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingPartError(f"reading PDF needs pypdf: pip install 'communique[reading]' ({error})") from error
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{name}: locked with a password; save it without one")
        if len(reader.pages) > _MOST_PAGES:
            raise InputError(f"{name}: {len(reader.pages):,} pages, more than {_MOST_PAGES:,}; split it")
        pages = [page.extract_text() or "" for page in reader.pages]
        about: Any = reader.metadata or {}
        title, author = _clean(about.get("/Title")), _clean(about.get("/Author"))
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise InputError(f"{name}: cannot be read as PDF ({error})") from None
    text = joined_pages(pages)
    if not text.strip():
        raise InputError(f"{name}: no text on its pages; a scan needs character recognition first")
    return _document(text, title, author, name, options, url, known)


def docx_document(raw: bytes, name: str, options: Options, url: str | None = None, **known: str | None) -> Document:
    """The paragraphs of a Word document, tables' cells in reading order; arguments as for `pdf_document`.

    Raises:
        InputError: no Word document of the .docx kind, or one that unpacks to too much.
    """
    text, title, author = _docx_text(raw, name)
    return _document(text, title, author, name, options, url, known)


def _document(
    text: str,
    title: str | None,
    author: str | None,
    name: str,
    options: Options,
    url: str | None,
    known: Mapping[str, str | None],
) -> Document:
    return document_from_text(
        text,
        published=known.get("published") or options.published,
        title=known.get("title") or title,
        author=known.get("author") or author,
        publisher=known.get("publisher"),
        url=url,
        name=name,
        detect=options.detect,
    )


def _docx_text(raw: bytes, name: str) -> tuple[str, str | None, str | None]:
    """Paragraphs parted by blank lines; title and author as the file tells them."""
    try:
        import docx
    except ImportError as error:
        raise MissingPartError(
            f"reading Word needs python-docx: pip install 'communique[reading]' ({error})"
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST_PART:
                raise InputError(f"{name}: unpacks to more than {_LARGEST_PART // 2**20} MB; split it")
        document = docx.Document(io.BytesIO(raw))
        paragraphs = [p for block in document.iter_inner_content() for p in _paragraphs(block)]
        about = document.core_properties
        title, author = _clean(about.title), _clean(about.author)
    except InputError:
        raise
    except Exception as error:  # python-docx lets errors of zipfile, lxml and its own through
        raise InputError(f"{name}: cannot be read as a Word document ({error})") from None
    return "\n\n".join(paragraphs), title, author


def _paragraphs(block: Any) -> Iterator[str]:
    if hasattr(block, "rows"):
        for row in block.rows:
            for cell in row.cells:
                for inner in cell.iter_inner_content():
                    yield from _paragraphs(inner)
    elif block.text.strip():
        yield block.text.strip()


def _clean(value: object) -> str | None:
    text = " ".join(str(value).split()) if value else ""
    # Word processors put file names and their own names here.
    return text if " " in text and not re.search(r"\.(?:docx?|pdf|indd)$|^Microsoft ", text) else None


def joined_pages(pages: list[str]) -> str:
    """Paragraphs from the lines of pages; see the module's account."""
    edges: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.split("\n") if line.strip()]
        edges.update({_NUMBER.sub("#", line.strip()) for line in (*lines[:2], *lines[-2:])})
    running = {line for line, n in edges.items() if n >= 3 and n * 2 > len(pages)}
    width = max((len(line) for page in pages for line in page.split("\n")), default=0)
    paragraphs: list[str] = []
    goes_on = False
    for page in pages:
        lines = [line.rstrip() for line in page.split("\n")]
        if len(pages) > 1:
            lines = [x for x in lines if _NUMBER.sub("#", x.strip()) not in running and not x.strip().isdigit()]
        for line in lines:
            word = line.strip()
            if not word:
                # A blank line inside a sentence is a page's or column's edge.
                goes_on = goes_on and not _ENDS.search(paragraphs[-1]) and len(paragraphs[-1]) > width // 2
                continue
            if goes_on and paragraphs[-1].endswith("-") and word[0].islower():
                paragraphs[-1] = paragraphs[-1][:-1] + word
            elif goes_on:
                paragraphs[-1] += " " + word
            else:
                paragraphs.append(word)
            # A line that ends a sentence well before the margin ends its paragraph.
            goes_on = len(line) > width * 0.85 or not _ENDS.search(word)
            goes_on = goes_on and len(line) > width * 0.5
    return "\n\n".join(paragraphs)
