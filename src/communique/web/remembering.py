"""What is dear to compute is kept as long as the archive stays as it is, or as long as its documents do."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from communique.archive.store import Archive
from communique.web.index import Indexed

T = TypeVar("T")
_MOST = 512


class _Kept:
    def __init__(self) -> None:
        self.state: object = None
        self.values: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()


_by_archive: dict[tuple[int, bool], tuple[weakref.ref[Archive], _Kept]] = {}
_lock = threading.Lock()


def _kept(archive: Archive, rows_only: bool) -> _Kept:
    """By identity: archives have no hash."""
    with _lock:
        key = id(archive), rows_only
        found = _by_archive.get(key)
        if found is None or found[0]() is not archive:
            found = (weakref.ref(archive), _Kept())
            _by_archive[key] = found
        return found[1]


def remembered(archive: Archive, key: Hashable, make: Callable[[], T], rows_only: bool = False) -> T:
    """What `make` gives, computed once for each state of the archive; the longest unused goes first.

    rows_only: keep it through reviews too, for what need not show them at once (choices to offer, places in a drawing).
    """
    kept = _kept(archive, rows_only)
    state = archive.state(rows_only) if isinstance(archive, Indexed) else archive.snapshot().seq
    with kept.lock:
        if kept.state != state:
            kept.state = state
            kept.values.clear()
        if key in kept.values:
            kept.values.move_to_end(key)
            found: T = kept.values[key]
            return found
    made = make()
    with kept.lock:
        if kept.state == state:
            kept.values[key] = made
            if len(kept.values) > _MOST:
                kept.values.popitem(last=False)
    return made
