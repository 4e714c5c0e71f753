"""Who is logged in, kept in the server's memory: a restart logs everybody out, logging out works at once."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_SESSIONS = 10_000
_MOST_ADDRESSES = 10_000


@dataclass(frozen=True)
class Session:
    id: str
    user: str | None
    expires: float


class Sessions:
    """Sessions by a random id; the oldest go when there are too many, strangers' and users' apart, so that nobody logs
    others out by asking for the login page again and again."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._strangers: OrderedDict[str, Session] = OrderedDict()
        self._users: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, user: str | None) -> Session:
        """A new session with an id nobody can guess."""
        session = Session(secrets.token_urlsafe(32), user, self._clock() + self._seconds)
        own = self._strangers if user is None else self._users
        with self._lock:
            own[session.id] = session
            while len(own) > _MOST_SESSIONS:
                own.popitem(last=False)
        return session

    def get(self, id: str | None) -> Session | None:
        """The session of a cookie, or None where it is unknown or over."""
        with self._lock:
            for sessions in (self._users, self._strangers):
                session = sessions.get(id or "")
                if session and session.expires < self._clock():
                    del sessions[session.id]
                elif session:
                    return session
            return None

    def end(self, id: str) -> None:
        with self._lock:
            self._users.pop(id, None)
            self._strangers.pop(id, None)

    def token(self, session: Session) -> str:
        """A CSRF token for a session's forms, another each time, so that compressed answers do not give it away."""
        salt = secrets.token_hex(8)
        return salt + self._signed(salt, session)

    def right_token(self, session: Session, token: str) -> bool:
        return hmac.compare_digest(self._signed(token[:16], session).encode(), token[16:].encode())

    def _signed(self, salt: str, session: Session) -> str:
        return hmac.new(self._secret, f"{salt}.{session.id}".encode(), hashlib.sha256).hexdigest()


class Attempts:
    """Failed logins by name and by address; too many of them close the door for a while.

    A try counts as failed until it has succeeded: many at once get no further than one after the other.
    """

    def __init__(
        self,
        most: int = 5,
        seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        most_by_address: int = 20,
    ) -> None:
        self._most = {"name": most, "address": most_by_address}
        self._seconds = seconds
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> float:
        """Seconds to wait before another try; 0 where one may try now, which counts as a failure until `succeeded`."""
        now, keys = self._clock(), (("name", name), ("address", address))
        with self._lock:
            wait = max(self._left(key, now) for key in keys)
            if wait:
                return wait
            for key in keys:
                recent = [t for t in self._failures.pop(key, []) if now - t < self._seconds]
                self._failures[key] = [*recent, now]
            while len(self._failures) > 2 * _MOST_ADDRESSES:
                self._failures.popitem(last=False)
            return 0.0

    def succeeded(self, name: str, address: str) -> None:
        with self._lock:
            self._failures.pop(("name", name), None)
            if tries := self._failures.get(("address", address)):
                tries.pop()

    def _left(self, key: tuple[str, str], now: float) -> float:
        recent = [t for t in self._failures.get(key, ()) if now - t < self._seconds]
        most = self._most[key[0]]
        return self._seconds - (now - recent[-most]) if len(recent) >= most else 0.0
