"""Many small files made few, and what broken runs left behind cleared away.

As batches come in, those of like size are merged as soon as there are many (`merge_alike`), as in a log-structured
merge tree (O'Neil and others, 1996): a row is written anew once or twice in its life, however large the archive grows.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from communique.archive.log import Batch, Overtaken, Snapshot, new_batch
from communique.archive.schema import TABLES
from communique.archive.storage import DataFile, first_line
from communique.errors import ArchiveError

if TYPE_CHECKING:
    from communique.archive.store import Archive

ROWS_A_FILE = 500_000
BYTES_A_FILE = 256 * 2**20  # in memory, before compression
ROWS_A_GROUP = 32_768
_ACTOR = {"statements": "source_country", "events": "source_countries", "positions": "actor_country",
          "phrases": "actor_country"}  # fmt: skip
"""Rows of these tables are put in order of the country that speaks or acts, and of the day: whoever asks for one
country then reads one group of rows in so many and passes over the rest by its least and greatest value."""
MANY = 32
"""So many batches of like size become one; of like size are those with MANY**k to MANY**(k+1) rows."""
FULL = 500_000
"""A batch of so many rows is left as it is until somebody asks for compacting."""
SAFE_AGE = 24 * 3600.0
"""Seconds after which a file that no batch names is one of a broken run: no writer takes so long."""
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Compacted:
    """files before and after, and files of broken runs deleted."""

    before: int
    after: int
    cleared: int


def compact(archive: "Archive") -> Compacted:
    """Write the rows that count anew, in as few files as they need; earlier states stay readable with `as_of`.

    Raises:
        ArchiveError: a file that counts cannot be read, the place cannot be written, or others compacted meanwhile.
    """
    archive.check_writable()
    cleared = _clear(archive)
    snapshot = archive.log.snapshot()
    before = sum(len(b.files) for b in snapshot.batches.values())
    if len([b for b in snapshot.batches.values() if b.files]) < 2:
        return Compacted(before, before, cleared)
    written = rewrite(archive, snapshot, "compact", partial(live_rows, archive, snapshot))
    return Compacted(before, len(written), cleared)


def merge_alike(archive: "Archive") -> int:
    """Make one batch of those of like size, where there are MANY; how many batches were merged.

    Raises:
        ArchiveError: as `compact`; then everything is as it was.
    """
    snapshot = archive.log.snapshot()
    alike: dict[int, list[Batch]] = {}
    for batch in snapshot.batches.values():
        rows = sum(f.rows for f in batch.files)
        if 0 < rows < FULL:
            alike.setdefault(int(log(rows, MANY)), []).append(batch)
    merged = max(alike.values(), key=len, default=[])
    if len(merged) < MANY:
        return 0
    rewrite(archive, snapshot, "compact", partial(live_rows, archive, snapshot, batches=merged), merged)
    return len(merged)


def rewrite(
    archive: "Archive",
    snapshot: Snapshot,
    kind: str,
    rows_of: Callable[[str], Iterator[pa.Table]],
    batches: Sequence[Batch] | None = None,
) -> list[DataFile]:
    """One batch that stands for several: whole or, where anything goes wrong, not at all. Others may write meanwhile.

    Args:
        archive: where.
        snapshot: what counts.
        kind: of the batch.
        rows_of: gives the rows of a table.
        batches: those it stands for; by default all that count.

    Raises:
        ArchiveError: a file cannot be read, the place cannot be written, or others compacted meanwhile.
    """
    batch = new_batch()
    replaced = list(snapshot.batches.values()) if batches is None else list(batches)
    written: list[DataFile] = []
    try:
        for table in TABLES:
            for part, rows in enumerate(rows_of(table)):
                written.append(archive.storage.write(table, batch, _ordered(table, rows), part, ROWS_A_GROUP))
        _commit(archive, snapshot, batch, kind, written, replaced)
    except BaseException:
        for table in {f.table for f in written}:
            archive.storage.drop(table, [batch])
            archive.storage.delete(table, [f.path for f in written if f.table == table])
        raise
    for table in TABLES:
        archive.storage.drop(table, [b.batch for b in replaced if any(f.table == table for f in b.files)])
    return written


def _commit(
    archive: "Archive", before: Snapshot, batch: str, kind: str, written: Sequence[DataFile], replaced: Sequence[Batch]
) -> None:
    """Put the new batch in the place of those it was made of; what was replaced in them meanwhile is dead in it too."""
    for _ in range(_TRIES):
        now = archive.log.snapshot()
        if any(b.batch not in now.batches for b in replaced):
            break
        dead: set[int] = set()
        for b in replaced:
            dead |= now.dead.get(b.batch, frozenset()) - before.dead.get(b.batch, frozenset())
        try:
            archive.log.commit(
                now, batch, kind, written, replaces=[b.batch for b in replaced],
                dead={batch: sorted(dead)} if dead else None,
            )  # fmt: skip
            return
        except Overtaken:
            continue
    raise ArchiveError(f"{archive.storage.uri}: others compacted meanwhile; run it again")


def live_rows(
    archive: "Archive", snapshot: Snapshot, table: str, batches: Sequence[Batch] | None = None
) -> Iterator[pa.Table]:
    """The rows of a table that count, of all batches or of some, about ROWS_A_FILE or BYTES_A_FILE at a time."""
    held: list[pa.Table] = []
    place = archive.storage.files(table)
    for batch in snapshot.batches.values() if batches is None else batches:
        dead = pa.array(sorted(snapshot.dead.get(batch.batch, ())), pa.int64())
        for file in (f for f in batch.files if f.table == table):
            try:
                with place.open_input_file(file.path) as opened:
                    rows = pq.read_table(opened)
            except (pa.ArrowException, OSError) as error:
                raise ArchiveError(
                    f"{archive.storage.address(table)}/{file.path}: cannot be read ({first_line(error)}); "
                    "run communique archive check"
                ) from None
            if len(dead) and "record" in rows.column_names:
                rows = rows.filter(pc.invert(pc.is_in(rows["record"], dead)))
            held.append(rows)
            if sum(t.num_rows for t in held) >= ROWS_A_FILE or sum(t.nbytes for t in held) >= BYTES_A_FILE:
                yield pa.concat_tables(held, promote_options="default")
                held = []
    if sum(t.num_rows for t in held):
        yield pa.concat_tables(held, promote_options="default")


def _ordered(table: str, rows: pa.Table) -> pa.Table:
    if table not in _ACTOR:
        return rows
    country = rows[_ACTOR[table]].combine_chunks()
    if pa.types.is_list(country.type):
        country = pc.binary_join(country, "|")
    keys = pa.table({"country": country, "day": rows["day"]})
    return rows.take(pc.sort_indices(keys, sort_keys=[("country", "ascending"), ("day", "ascending")]))


def _clear(archive: "Archive") -> int:
    """Delete files that no batch names and that are a day old."""
    cleared = 0
    for table in TABLES:
        named = {f.path for b in archive.log.snapshot().history for f in b.files if f.table == table}
        left = [
            path
            for path, written in archive.storage.present(table).items()
            if path not in named and time.time() - written > SAFE_AGE
        ]
        # A run that was killed may have named them to Delta already.
        archive.storage.drop(table, sorted({path.partition("/")[0].removeprefix("batch=") for path in left}))
        archive.storage.delete(table, left)
        cleared += len(left)
    return cleared
