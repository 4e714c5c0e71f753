"""Files in folders and object stores as shards: listed, told apart by size and time, and copied here to be read."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from communique.errors import InputError

_STORE = re.compile(r"(?:s3|gs|gcs|abfss?|hdfs|file)://", re.IGNORECASE)


def is_stored(source: str) -> bool:
    """Whether a source is an address of an object store, such as s3://bucket/folder."""
    return _STORE.match(source) is not None


def shards_of(source: str) -> list[str]:
    """Files under a folder or object-store address, in order of their names; anything else is a shard by itself.

    Raises:
        InputError: the store cannot be reached, or there is nothing at the address.
    """
    if not is_stored(source):
        folder = Path(source)
        if not folder.is_dir():
            return [str(folder.absolute()) if folder.exists() else source]
        files = (p for p in folder.rglob("*") if p.is_file())
        seen = (p for p in files if not any(part.startswith(".") for part in p.relative_to(folder).parts))
        return sorted(str(p.absolute()) for p in seen)
    from pyarrow.fs import FileSelector, FileType

    store, path = _store(source)
    info = store.get_file_info(path)
    if info.type == FileType.NotFound:
        raise InputError(f"{source}: nothing there")
    if info.type == FileType.File:
        return [source]
    scheme = source.partition("://")[0]
    found = store.get_file_info(FileSelector(path, recursive=True))
    return sorted(f"{scheme}://{f.path}" for f in found if f.type == FileType.File and not f.base_name.startswith("."))


def shard_state(shard: str) -> str:
    """Size and time of the last change; empty where there are none to tell."""
    if not is_stored(shard):
        try:
            found = Path(shard).stat()
        except OSError:
            return ""
        return f"{found.st_size} {found.st_mtime_ns}"
    store, path = _store(shard)
    info = store.get_file_info(path)
    return f"{info.size} {info.mtime_ns}"


@contextmanager
def local_copy(shard: str) -> Iterator[str]:
    """A path under which a shard can be read here; a copy is removed afterwards.

    Raises:
        InputError: the store cannot be reached.
    """
    if not is_stored(shard):
        yield shard
        return
    store, path = _store(shard)
    with tempfile.TemporaryDirectory(prefix="communique-") as folder:
        copy = Path(folder) / path.rpartition("/")[2]
        try:
            with store.open_input_stream(path, compression=None) as remote, copy.open("wb") as here:
                shutil.copyfileobj(remote, here, 2**20)
        except OSError as error:
            raise InputError(f"{shard}: cannot be read ({error})") from None
        yield str(copy)


def _store(source: str) -> tuple[Any, str]:
    from pyarrow.fs import FileSystem

    try:
        store, path = FileSystem.from_uri(source)
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: no store can be reached there ({error})") from None
    return store, path
