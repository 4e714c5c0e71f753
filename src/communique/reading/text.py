"""Plain text -> Document: decoding, checks, the id, the title where the first line is one.

The text is kept as it came; only line ends become "\\n" and a byte order mark goes. Every offset of a record counts in
this text. A first line is taken as the title, and stays in the text, where a blank line follows it, more text follows
that, and it is short (at most 200 characters), ends neither in a full stop nor in a colon or comma and opens no
speaker's turn and no dateline.
"""

import codecs
import hashlib
import re
import unicodedata
from datetime import date

from communique.errors import InputError
from communique.reading.kinds import guess_kind, opens_turn
from communique.reading.language import detect_language
from communique.reading.source import LONGEST_TEXT
from communique.records import Document, DocumentKind

_LONGEST_TITLE = 200
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DATELINE = re.compile(r"^[A-Z][\w.,'’()/ -]{1,70}\s(?:--|—|–|-)\s")


def decode(raw: bytes, name: str, encoding: str | None = None) -> str:
    """Bytes as text; UTF-8 unless a byte order mark or `encoding` says otherwise.

    Args:
        raw: the whole content.
        name: what to call it in messages.
        encoding: a Python codec name such as "cp1252" or "gb18030".

    Raises:
        InputError: binary content, bytes that do not fit the encoding, or an unknown encoding.
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            encoding, raw = marked, raw[len(mark) :] if marked == "utf-8" else raw
            break
    try:
        wide = encoding is not None and codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    except LookupError:
        raise InputError(
            f"{name}: unknown encoding {encoding!r}; use a name such as cp1252, latin-1, gb18030"
        ) from None
    if not wide and _looks_binary(raw):
        raise InputError(f"{name}: binary content, not text; give text, HTML, PDF, .docx, CSV, JSONL, Parquet or WARC")
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise InputError(f"{name}: byte {error.start:,} does not fit the encoding {encoding}") from None
        raise InputError(
            f"{name}: not UTF-8 (byte {error.start:,} is 0x{raw[error.start]:02x}); "
            "name the encoding it has with --encoding, for example cp1252 or gb18030"
        ) from None


def _looks_binary(raw: bytes) -> bool:
    head = raw[: 2**16]
    return b"\x00" in head or len(_BINARY.findall(head)) * 50 > len(head)


def document_from_text(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    id: str | None = None,
    publisher: str | None = None,
    author: str | None = None,
    language: str | None = None,
    kind: DocumentKind | None = None,
    name: str = "text",
    detect: bool = True,
) -> Document:
    """A document of one text, checked; what is not given is found in the text where it can be.

    Args:
        text: paragraphs parted by line breaks.
        published: ISO date, YYYY-MM-DD; a time may follow.
        title: the headline; by default the first line where it looks like one.
        url: where the text is from; part of the id.
        id: an id of the caller's own; by default the first 16 hex digits of SHA-256 over address and words.
        publisher: of the text.
        author: of the text.
        language: ISO 639-1 code; by default detected.
        kind: by default guessed; see `communique.reading.kinds`.
        name: what to call the text in messages.
        detect: whether to look for the language.

    Raises:
        InputError: the text is empty or too long, or the date is none.
    """
    if not isinstance(text, str):
        raise InputError(f"{name}: text expected, got {type(text).__name__}")
    kept = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not kept.strip():
        raise InputError(f"{name}: empty, there is nothing to read")
    if len(kept) > LONGEST_TEXT:
        raise InputError(
            f"{name}: {len(kept):,} characters, more than {LONGEST_TEXT:,} for one document; split it into its articles"
        )
    # A lone surrogate (from JSON escapes) is no character: it could not be written to any table.
    kept = kept.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if language is None and detect:
        language = detect_language(kept)
    return Document(
        id=id or text_id(kept, url),
        text=kept,
        url=url,
        title=title or first_line_title(kept),
        publisher=publisher,
        author=author,
        published=iso_date(published, name),
        language=language,
        kind=kind or guess_kind(kept),
    )


def text_id(text: str, url: str | None = None) -> str:
    """The first 16 hex digits of SHA-256 over the address and the words; white space does not count."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(f"{url or ''}\x1f{words}".encode()).hexdigest()[:16]


def iso_date(value: str | None, name: str = "text") -> str | None:
    """An ISO date as it came, checked; None and "" give None.

    Raises:
        InputError: the value does not begin with a date of the calendar as YYYY-MM-DD.
    """
    if not value:
        return None
    try:
        date.fromisoformat(value[:10])
        if len(value) < 10 or (len(value) > 10 and value[10] not in "T "):
            raise ValueError
    except ValueError:
        raise InputError(f"{name}: {value!r} is no date of publication; write it as YYYY-MM-DD") from None
    return value


def first_line_title(text: str) -> str | None:
    """The first line where it looks like a headline; see the module's account."""
    first, _, rest = text.lstrip("\n ").partition("\n")
    line = first.strip()
    followed = rest.startswith("\n") or not rest.partition("\n")[0].strip()
    if not line or len(line) > _LONGEST_TITLE or not followed or not rest.strip():
        return None
    if line[-1] in ".:,;" or opens_turn(line) or _DATELINE.match(line):
        return None
    return line
