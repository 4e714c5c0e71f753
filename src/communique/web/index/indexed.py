"""An archive that answers the page's questions from an index, once that is made, and from its own files until then.

A thread makes the index when the server starts and brings it up to date when batches come; meanwhile the one before
answers. Reviews are taken in before the next question is answered, so that whoever made one sees it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from communique.archive import views
from communique.archive.log import Batch, Snapshot
from communique.archive.store import Archive
from communique.errors import ArchiveError, CommuniqueError
from communique.web.filters import Kind
from communique.web.index import filling, matching
from communique.web.questions import Part

_log = logging.getLogger("communique.web")
LOOK_EVERY = 5.0
"""Seconds between two looks for new batches."""
REST, LONGEST_REST = 4.0, 60.0
"""After following, wait so many times as long as it took, so that readers have room; and at most so long."""
STALE = 0.2
"""Where more than this share of the rows came one by one, the index is made anew, sorted."""


@dataclass
class _Made:
    """An index in a folder of its own. first: its rows as they were when it was made; now: as they are."""

    folder: TemporaryDirectory[str]
    connection: duckdb.DuckDBPyConnection
    first: Mapping[Kind, matching.Rows]
    now: Mapping[Kind, matching.Rows]
    size: int
    lock: threading.Lock = field(default_factory=threading.Lock)

    def commit(self, writer: duckdb.DuckDBPyConnection) -> None:
        """What was written, and `now` with it."""
        now = matching.load(writer, self.first)
        with self.lock:
            writer.execute("COMMIT")
            self.now = now

    @contextmanager
    def reading(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, Mapping[Kind, matching.Rows]]]:
        """A cursor that cannot write, and the rows as it sees them."""
        cursor = self.connection.cursor()
        try:
            with self.lock:
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                cursor.execute("FROM callings LIMIT 0")  # what a transaction sees is settled by its first query
                now = self.now
            yield cursor, now
        finally:
            cursor.close()


@dataclass
class Indexed(Archive):
    """See above; `plain` is the same archive without its index, for SQL that readers type."""

    _made: _Made | None = field(default=None, init=False, repr=False)
    _counted: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    _history: list[Batch] = field(default_factory=list, init=False, repr=False)
    _version: int = field(default=0, init=False, repr=False)
    _rows_version: int = field(default=0, init=False, repr=False)
    _since: int = field(default=0, init=False, repr=False)
    _writing: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)
    _stopped: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)

    def start(self, then: Callable[[Archive], object] = lambda _: None) -> None:
        """Make the index and keep it up to date until `stop`; `then` is called each time it has changed."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._keep, args=(then,), daemon=True, name="index")
        self._thread.start()

    def stop(self) -> None:
        """Stop, and delete the index."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        made, self._made = self._made, None
        if made is not None:
            made.folder.cleanup()  # the last reader that lets go of the connection closes it

    def ready(self, seconds: float = 0.0) -> bool:
        """Whether the index answers; waits for it so long."""
        until = time.monotonic() + seconds
        while self._made is None and time.monotonic() < until:
            time.sleep(0.02)
        return self._made is not None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The index, where a query can only read; the archive's own files until it is made."""
        made = self._made
        if made is None:
            return super().connection()
        self._take_reviews(made)
        return cast(duckdb.DuckDBPyConnection, _Reading(made.connection))

    def plain(self) -> duckdb.DuckDBPyConnection:
        """The archive's own files, locked down, and nothing of the index."""
        return super().connection()

    def answers(
        self,
        kind: Kind,
        asked: Sequence[Sequence[Part]],
        order: matching.Order,
        skip: int,
        size: int,
        after: tuple[str, int, int] | None,
        columns: str,
    ) -> tuple[list[dict[str, Any]], int] | None:
        """One page of the rows that answer a search, and how many answer; None where there is no index yet.

        Args:
            kind: of rows.
            asked: see `communique.web.questions.parts`.
            order: of the rows.
            skip: rows to pass over.
            size: rows to give, at most.
            after: the day or number, record and place in it of the row before.
            columns: what to give of each row, in SQL.

        Raises:
            InputError: it takes too long, or `after` is no place.
        """
        made = self._made
        if made is None:
            return None
        self._take_reviews(made)
        with made.reading() as (cursor, rows), views.reported(cursor, self.seconds):
            found = matching.matching(cursor, rows, kind, asked)
            places = matching.part_of(rows[kind], found, order, skip, size, after).tolist()
            sql = f"SELECT place_, {columns} FROM base.{kind} WHERE place_ IN (SELECT unnest(?))"
            found_rows = cursor.sql(sql, params=[places]).to_arrow_table().to_pylist()
        there = {row.pop("place_"): row for row in found_rows}
        return [there[place] for place in places], int(found.sum())

    def counted(self, part: Part, by: Sequence[str]) -> list[tuple[Any, ...]] | None:
        """See `matching.counted`; None where there is no index yet.

        Raises:
            InputError: it takes too long.
        """
        made = self._made
        if made is None:
            return None
        self._take_reviews(made)
        with made.reading() as (cursor, rows), views.reported(cursor, self.seconds):
            return matching.counted(cursor, rows, part, by)

    def state(self, rows_only: bool = False) -> tuple[str, int]:
        """Another value each time what is answered has changed; rows_only: each time documents came or went."""
        made = self._made
        if made is None:
            return "plain", self.snapshot().seq
        self._take_reviews(made)
        return "index", self._rows_version if rows_only else self._version

    def update(self) -> bool:
        """Make the index, or bring it up to date; whether there was anything to do.

        Raises:
            CommuniqueError: the archive cannot be read. What is there already goes on answering.
        """
        snapshot = self.snapshot()
        made = self._made
        if made is not None and self._counted >= {*snapshot.batches}:
            return False
        source = super().connection()
        if made is None or self._since > STALE * made.size:
            fresh = self._fresh(source)
            with self._writing:
                self._made = fresh
                self._take(snapshot, fresh.size, 0)
        else:
            with self._writing:
                changed = filling.follow(made.connection, source, made.commit)
                self._take(snapshot, changed, self._since + changed)
        return True

    def _take(self, snapshot: Snapshot, changed: int, since: int) -> None:
        """The index holds a snapshot now."""
        self._counted, self._since, self._history = frozenset(snapshot.batches), since, []
        self._version += 1
        self._rows_version += 1 if changed else 0

    def _fresh(self, source: duckdb.DuckDBPyConnection) -> _Made:
        folder = TemporaryDirectory(prefix="communique-index-", ignore_cleanup_errors=True)
        connection = filling.create(Path(folder.name) / "index.duckdb", self.machine_only)
        size = filling.follow(connection, source)
        rows = matching.load(connection)
        return _Made(folder, connection, rows, rows, size)

    def _take_reviews(self, made: _Made) -> None:
        """Reviews in batches that the index does not have; batches of documents are left to the thread."""
        history = self.log.read()
        if history is self._history:
            return
        if self._new_reviews():
            with self._writing:  # a batch of documents may just be taken in
                batches = self._new_reviews()
                if batches and filling.review(made.connection, self._reviews_of(batches), made.commit):
                    self._version += 1
                self._counted |= {b.batch for b in batches if all(f.table == "reviews" for f in b.files)}
        self._history = history

    def _new_reviews(self) -> list[Batch]:
        new = (b for name, b in self.snapshot().batches.items() if name not in self._counted)
        return [b for b in new if any(f.table == "reviews" for f in b.files)]

    def _reviews_of(self, batches: list[Batch]) -> pa.Table:
        files = self.storage.files("reviews")
        paths = [f.path for b in batches for f in b.files if f.table == "reviews"]
        try:
            return pa.concat_tables([pq.read_table(path, filesystem=files, partitioning=None) for path in paths])
        except (OSError, pa.ArrowException) as error:
            raise ArchiveError(f"a review cannot be read ({error}); run communique archive check") from None

    def _keep(self, then: Callable[[Archive], object]) -> None:
        wait = 0.0
        while not self._stopped.wait(wait):
            began = time.monotonic()
            wait = LOOK_EVERY
            try:
                if self.update():
                    wait = max(LOOK_EVERY, min(LONGEST_REST, REST * (time.monotonic() - began)))
                    then(self)
            except (CommuniqueError, duckdb.Error, OSError, pa.ArrowException):
                if not self._stopped.is_set():
                    _log.exception("the index could not be made; the archive's files go on answering")
                    wait = 60.0


@dataclass(frozen=True)
class _Reading:
    """A connection whose cursors cannot write."""

    connection: duckdb.DuckDBPyConnection

    def cursor(self) -> duckdb.DuckDBPyConnection:
        made = self.connection.cursor()
        made.execute("BEGIN TRANSACTION READ ONLY")
        return made
