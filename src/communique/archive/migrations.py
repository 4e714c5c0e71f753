"""From an older layout of the tables to the one of this version (`communique.archive.schema.SCHEMA`).

A step says for each table that changes how its rows of the next layout come from those of the layout before. All rows
that count are written anew as one batch, as in compacting; what was there stays readable with `as_of`, its new columns
empty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from communique.archive.compacting import live_rows, rewrite
from communique.archive.duplicates import signature
from communique.archive.schema import SCHEMA, TABLES
from communique.errors import ArchiveError

if TYPE_CHECKING:
    from communique.archive.store import Archive

Rows = Callable[[str], Iterator[pa.Table]]
Step = Callable[[Rows], Iterator[pa.Table]]


@dataclass(frozen=True, slots=True)
class Migrated:
    """The layout before, and the files written; none where there was nothing to do."""

    layout: int
    files: int


def migrate(archive: "Archive") -> Migrated:
    """Bring an archive to the layout of this version.

    Raises:
        ArchiveError: it is of a newer version, a file that counts cannot be read, the place cannot be written, or
            others compacted meanwhile; then everything is as it was.
    """
    if archive.as_of is not None:
        raise ArchiveError(f"{archive.storage.uri}: opened as it was; open it without --as-of to migrate")
    snapshot = archive.log.snapshot()
    archive.check_known(snapshot)
    before = snapshot.oldest
    if before == SCHEMA:
        return Migrated(SCHEMA, 0)
    archive.storage.create()
    archive.storage.widen()

    rows: Rows = partial(live_rows, archive, snapshot)
    for layout in range(before, SCHEMA):
        rows = _after(STEPS[layout], rows)
    return Migrated(before, len(rewrite(archive, snapshot, "migrate", rows)))


def _after(steps: dict[str, Step], rows: Rows) -> Rows:
    return lambda table: steps[table](rows) if table in steps else rows(table)


def _sampled_runs(rows: Rows) -> Iterator[pa.Table]:
    """Layout 2: near copies are found by samples of runs of words instead of MinHashes of a fixed number."""
    for documents in rows("documents"):
        yield pa.table(
            {
                "record": documents["record"],
                "document": documents["id"],
                "runs": pa.array(
                    [signature(text.as_py()).tolist() for text in documents["text"]],
                    TABLES["signatures"].field("runs").type,
                ),
            },
            schema=TABLES["signatures"],
        )


STEPS: dict[int, dict[str, Step]] = {1: {"signatures": _sampled_runs}}
"""Layout -> how each table that changes comes to the next."""
