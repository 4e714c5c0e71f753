"""What every format starts from: options, failures, and the bytes of a file under a limit, unpacked."""

import io
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from communique.errors import InputError
from communique.records import Document

LONGEST_TEXT = 2_000_000
LARGEST_FILE = 64 * 2**20
LARGEST_PAGE = 20 * 2**20
_CHUNK = 2**16
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Failure:
    """An input set aside. `source` names it (a path, an address, a row of a table); `reason` is a whole sentence."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller knows about the input.

    published: ISO date for documents that carry none; encoding: of files that are not UTF-8; columns: which column of
    a table holds which field of a document, where it has another name; detect: whether to look for the language.
    """

    published: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    detect: bool = True


Item = Document | Failure


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        InputError: the file is missing, a folder or unreadable.
    """
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a file") from None
    except PermissionError:
        raise InputError(f"{path}: no permission to read it") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({_reason(error)})") from None


def read_bytes(path: Path, limit: int = LARGEST_FILE) -> bytes:
    """The whole content of a file, or of standard input for "-"; gzip and Zstandard are undone.

    Args:
        path: the file.
        limit: largest size in bytes, also of what comes out of a compressed file.

    Raises:
        InputError: the file cannot be read, is larger than `limit`, or is compressed and broken.
    """
    if str(path) == "-":
        return b"".join(unpacked(sys.stdin.buffer, "standard input", limit))
    with open_bytes(path) as file:
        return b"".join(unpacked(file, str(path), limit))


def unpacked(file: BinaryIO, name: str, limit: int | None = None) -> Iterator[bytes]:
    """Chunks of a stream, gzip or Zstandard undone where it begins with their mark; never holds more than a chunk.

    Args:
        file: opened for bytes.
        name: for messages.
        limit: most bytes to give; None for no limit, where the caller bounds each of many documents itself.

    Raises:
        InputError: more than `limit` bytes, or broken gzip or Zstandard.
    """
    given = 0
    try:
        for chunk in _pieces(file):
            given += len(chunk)
            if limit is not None and given > limit:
                raise InputError(
                    f"{name}: more than {limit // 2**20} MB for one document; split it, or give many documents as JSONL"
                )
            yield chunk
    except zlib.error as error:
        raise InputError(f"{name}: broken gzip after {given:,} bytes ({error}); fetch the file again") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({_reason(error)})") from None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    chunk = file.read(_CHUNK)
    if chunk.startswith(_ZSTANDARD):
        import pyarrow as pa

        with pa.CompressedInputStream(pa.PythonFile(_Again(chunk, file)), "zstd") as inflating:
            while out := inflating.read(_CHUNK):
                yield out
        return
    if not chunk.startswith(b"\x1f\x8b"):
        while chunk:
            yield chunk
            chunk = file.read(_CHUNK)
        return
    # Never more than one chunk out of a step, so that a small file that unpacks to gigabytes costs no memory.
    inflate = zlib.decompressobj(wbits=31)
    while True:
        out = inflate.decompress(chunk, _CHUNK)
        if out:
            yield out
        if inflate.eof:
            chunk = inflate.unused_data or file.read(_CHUNK)
            if not chunk.startswith(b"\x1f\x8b"):
                return
            inflate = zlib.decompressobj(wbits=31)
            continue
        chunk = inflate.unconsumed_tail or file.read(_CHUNK)
        if not chunk and not out:
            raise zlib.error("the end is missing")


class _Again(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._first:
            return self._rest.read(size)
        taken = self._first if size < 0 else self._first[:size]
        self._first = self._first[len(taken) :]
        return taken + self._rest.read() if size < 0 else taken


def inflated(raw: bytes, name: str, limit: int) -> bytes:
    """Bytes unpacked from gzip or zlib.

    Raises:
        InputError: more than `limit` bytes would come out, or broken.
    """
    inflate = zlib.decompressobj(wbits=47)
    try:
        body = inflate.decompress(raw, limit + 1)
    except zlib.error as error:
        raise InputError(f"{name}: its gzip is broken ({error})") from None
    if len(body) > limit:
        raise InputError(f"{name}: unpacks to more than {limit // 2**20} MB")
    return body


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
