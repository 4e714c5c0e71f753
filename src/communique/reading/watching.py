"""Feeds looked at again and again: only what is new or changed since the last look is fetched.

What was seen is kept in a `Watch`, one file beside the archive. It is written by the caller once the documents are
safe, so that a look that is broken off is made up for by the next one.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from communique.errors import InputError
from communique.reading.feeds import Entry, entry_document, feed_entries
from communique.reading.source import Failure, Item, Options
from communique.reading.web import Fetcher
from communique.records import Document

LARGEST_FEED = 20 * 2**20
_TRIES = 3
_REMEMBERED = 5000


@dataclass
class FeedState:
    """What is known of one feed. seen: entry -> its date of change when it was read; failed: entry -> tries so far."""

    etag: str | None = None
    modified: str | None = None
    seen: dict[str, str] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


@dataclass
class Watch:
    """What is known of all feeds, by their addresses."""

    feeds: dict[str, FeedState] = field(default_factory=dict)


def load_watch(path: Path) -> Watch:
    """What an earlier look left; an empty Watch where there was none.

    Raises:
        InputError: the file is not what `save_watch` writes.
    """
    try:
        return Watch({url: FeedState(**state) for url, state in json.loads(path.read_text("utf8"))["feeds"].items()})
    except FileNotFoundError:
        return Watch()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"{path}: not a file of watched feeds ({error}); remove it to look at all entries anew"
        ) from None


def save_watch(watch: Watch, path: Path) -> None:
    """Write what is known; the file is whole or as it was, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf8") as file:
        json.dump(asdict(watch), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def look(url: str, state: FeedState, fetcher: Fetcher, options: Options) -> Iterator[Item]:
    """Documents of a feed that are new or changed; `state` follows as they are taken.

    A page that cannot be had is tried again at the next two looks. The feed's ETag is kept only where nothing is left
    to try, since an unchanged feed is not sent again.

    Args:
        url: the feed.
        state: what is known of it; changed here.
        fetcher: for the feed and its pages.
        options: as for files.
    """
    try:
        answer = fetcher.fetch(url, etag=state.etag, modified=state.modified, limit=LARGEST_FEED)
        if answer.status == 304:
            return
        entries = feed_entries(answer.body, url)
    except InputError as error:
        yield Failure(url, str(error))
        return
    for entry in entries:
        if _is_new(entry, state):
            item = entry_document(entry, fetcher, options)
            yield item
            _note(entry, item, state)
    named = {entry.id for entry in entries}
    kept = [i for i in state.seen if i not in named][-_REMEMBERED:] + [i for i in state.seen if i in named]
    state.seen = {i: state.seen[i] for i in kept}
    state.failed = {i: n for i, n in state.failed.items() if i in named}
    left = any(n < _TRIES for n in state.failed.values())
    state.etag = None if left else answer.headers.get("etag")
    state.modified = None if left else answer.headers.get("last-modified")


def _is_new(entry: Entry, state: FeedState) -> bool:
    if state.failed.get(entry.id, 0) >= _TRIES:
        return False
    return entry.id not in state.seen or state.seen[entry.id] != (entry.updated or "")


def _note(entry: Entry, item: Item, state: FeedState) -> None:
    if isinstance(item, Document):
        state.failed.pop(entry.id, None)
        state.seen[entry.id] = entry.updated or ""
    else:
        state.failed[entry.id] = state.failed.get(entry.id, 0) + 1
