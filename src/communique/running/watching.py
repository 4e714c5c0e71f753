"""One look at a feed: what is new is fetched, coded and kept, and only then noted as seen."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

from communique.reading import Failure, Options
from communique.reading.watching import FeedState, load_watch, look, save_watch
from communique.reading.web import Fetcher
from communique.records import Document
from communique.running.adding import add
from communique.running.processes import Code
from communique.running.progress import Progress

if TYPE_CHECKING:
    from communique.archive.store import Archive
    from communique.records import Coder

_AT_ONCE = 25


def look_once(
    feed: str,
    archive: "Archive",
    state: Path,
    fetcher: Fetcher,
    code: Code | None = None,
    coder: "Coder | None" = None,
) -> Progress:
    """Take in what is new in a feed.

    Args:
        feed: its address.
        archive: where to.
        state: file of what was seen; written after every few documents, once they are in the archive.
        fetcher: for the feed and its pages.
        code: as for `communique.running.adding.add`.
        coder: likewise.

    Raises:
        InputError: the file of what was seen cannot be read.
        ArchiveError: the archive cannot be written.
    """
    watch = load_watch(state)
    known = watch.feeds.setdefault(feed, FeedState())
    ahead = deepcopy(known)
    items = look(feed, ahead, fetcher, Options())
    progress = Progress()
    while taken := _take(items, _AT_ONCE):
        # Fetching takes the time here: one process codes as fast as a polite reader can fetch.
        progress = add(taken, archive, workers=1, code=code, coder=coder, progress=progress)
        watch.feeds[feed] = deepcopy(ahead)
        save_watch(watch, state)
    watch.feeds[feed] = ahead
    save_watch(watch, state)
    return progress


def _take(items: Iterator[Document | Failure], most: int) -> list[Document | Failure]:
    taken: list[Document | Failure] = []
    for item in items:
        taken.append(item)
        if len(taken) >= most:
            break
    return taken
