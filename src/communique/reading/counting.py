"""How many documents to expect, where that is cheap to tell; for progress bars only."""

from collections.abc import Iterable
from pathlib import Path

from communique.errors import InputError
from communique.reading.formats import format_of
from communique.reading.source import open_bytes

_CHUNK = 2**20


def expected_documents(sources: Iterable[str]) -> int | None:
    """Documents that sources will give, roughly; None where it cannot be told without reading them.

    Rows of tables are counted by their lines, other files are taken for one document each.
    """
    total = 0
    for source in sources:
        found = _of(Path(source)) if "://" not in source and source != "-" else None
        if found is None:
            return None
        total += found
    return total


def _of(path: Path) -> int | None:
    if path.is_dir():
        return expected_documents(str(p) for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
    try:
        format = format_of(path)
        if format == "parquet":
            import pyarrow.parquet as pq

            return int(pq.ParquetFile(path).metadata.num_rows)
        if format in ("csv", "jsonl", "links"):
            return None if path.suffix in (".gz", ".zst") else _lines(path)
    except (InputError, OSError, ValueError):
        return 1
    return None if format in ("warc", "feed", "sitemap", "json") else 1


def _lines(path: Path) -> int:
    count = 0
    with open_bytes(path) as file:
        while chunk := file.read(_CHUNK):
            count += chunk.count(b"\n")
    return count
