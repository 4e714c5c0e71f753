"""Fetching from the web, politely: robots.txt, a delay for each host, conditional requests, retries that back off.

A `Fetcher` holds what politeness needs to know from one request to the next. Answers are bounded in size and in time.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import communique
from communique.errors import InputError, MissingPartError
from communique.reading.pages import page_document
from communique.reading.source import LARGEST_PAGE, Options, inflated
from communique.reading.text import decode, document_from_text
from communique.records import Document

AGENT = f"communique/{communique.__version__} (research reader of political news)"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_REDIRECTS = 5
_LONGEST_WAIT = 120.0
_LONGEST_PAUSE = 60.0
_RULES_LAST = 24 * 3600.0
_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent. status 304: nothing new since `etag` or `modified`, body empty."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").lower()


@dataclass
class Fetcher:
    """Fetches addresses one at a time.

    delay: seconds between two requests to one host; a longer Crawl-delay of its robots.txt goes before.
    retries: how often a request is made again after a lost connection, 429 or 5xx, each time after twice the pause.
    pause: seconds before the first repetition, where the server names none.
    timeout: seconds without a byte before a connection counts as lost.
    robots: whether to ask for and obey robots.txt.
    """

    delay: float = 2.0
    retries: int = 3
    pause: float = 1.0
    timeout: float = 30.0
    robots: bool = True
    agent: str = AGENT
    _last: dict[str, float] = field(default_factory=dict, repr=False)
    _rules: dict[str, RobotFileParser] = field(default_factory=dict, repr=False)
    _asked: dict[str, float] = field(default_factory=dict, repr=False)
    _pool: Any = field(default=None, repr=False)

    def fetch(
        self, url: str, *, etag: str | None = None, modified: str | None = None, limit: int = LARGEST_PAGE
    ) -> Answer:
        """One address.

        Args:
            url: http or https.
            etag: the ETag of an earlier answer: where nothing changed the new one is 304 and empty.
            modified: the Last-Modified of an earlier answer, likewise.
            limit: most bytes of an answer, unpacked.

        Raises:
            InputError: no such address, not allowed by robots.txt, no answer after all retries, an error status, or
                more than `limit`.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        sent = {key: value for key, value in headers.items() if value}
        asked = url
        for _ in range(_MOST_REDIRECTS + 1):
            host = _host(url)
            if self.robots and not self._allowed(url):
                raise InputError(f"{url}: robots.txt of {host} asks programs not to read it")
            answer = self._patient(url, sent, limit)
            if answer.status in (301, 302, 303, 307, 308) and "location" in answer.headers:
                url = urljoin(url, answer.headers["location"])
                continue
            if answer.status == 304 or 200 <= answer.status < 300:
                return answer
            raise InputError(f"{url}: the server answers {answer.status}")
        raise InputError(f"{asked}: more than {_MOST_REDIRECTS} redirections")

    def _allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        # RFC 9309: what was read is good for a day.
        if base not in self._rules or time.monotonic() - self._asked[base] > _RULES_LAST:
            rules = RobotFileParser()
            try:
                answer = self._patient(f"{base}/robots.txt", {}, 2**20)
                for _ in range(_MOST_REDIRECTS):
                    if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
                        break
                    answer = self._patient(urljoin(answer.url, answer.headers["location"]), {}, 2**20)
            except InputError as error:
                raise InputError(f"{url}: its host's robots.txt cannot be read, try later ({error})") from None
            # RFC 9309: unavailable (4xx) means no rules; unreachable (5xx) means keep out for now, and so does
            # "too many requests".
            if answer.status >= 500 or answer.status == 429:
                raise InputError(f"{url}: its host's robots.txt cannot be read ({answer.status}), try later")
            found = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            rules.parse(found.splitlines())
            self._rules[base], self._asked[base] = rules, time.monotonic()
        return self._rules[base].can_fetch(self.agent, url)

    def _patient(self, url: str, headers: dict[str, str], limit: int) -> Answer:
        pause = self.pause
        for left in range(self.retries, -1, -1):
            self._wait(url)
            try:
                answer = self._once(url, headers, limit)
            except ConnectionError as error:
                if not left:
                    raise InputError(f"{url}: no answer ({error})") from None
                answer = None
            if answer is not None and (answer.status not in _AGAIN or not left):
                return answer
            asked = _asked_pause(answer)
            if asked > _LONGEST_PAUSE:
                raise InputError(f"{url}: the server asks to be left alone for {asked:,.0f} seconds; try again then")
            time.sleep(asked if asked else min(_LONGEST_PAUSE, pause))
            pause *= 2
        raise AssertionError("unreachable")

    def _wait(self, url: str) -> None:
        parts = urlsplit(url)
        rules = self._rules.get(f"{parts.scheme}://{parts.netloc}")
        asked = rules.crawl_delay(self.agent) if rules is not None else None
        delay = max(self.delay, min(float(asked), _LONGEST_PAUSE) if asked else 0.0)
        due = self._last.get(parts.netloc, -delay) + delay
        time.sleep(max(0.0, due - time.monotonic()))
        # The page may follow at once on its robots.txt.
        if parts.path != "/robots.txt":
            self._last[parts.netloc] = time.monotonic()

    def _once(self, url: str, headers: dict[str, str], limit: int) -> Answer:
        try:
            import urllib3
        except ImportError as error:
            raise MissingPartError(
                f"reading the web needs urllib3: pip install 'communique[reading]' ({error})"
            ) from error
        if self._pool is None:
            self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=10.0, read=self.timeout))
        sent = {"User-Agent": self.agent, "Accept-Encoding": "gzip", "Accept": "*/*", **headers}
        try:
            answer = self._pool.request(
                "GET", url, headers=sent, preload_content=False, decode_content=False, redirect=False
            )
            try:
                kept = {key.lower(): value for key, value in answer.headers.items()}
                return Answer(url, answer.status, _body(answer, url, kept, limit), kept)
            finally:
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ConnectionError(str(error)) from error


def _asked_pause(answer: Answer | None) -> float:
    """Seconds that a server asks to wait (Retry-After, a number or a date, RFC 9110); 0 where it asks for none."""
    named = answer.headers.get("retry-after", "").strip() if answer is not None else ""
    if named.isdigit():
        return float(named)
    try:
        until = parsedate_to_datetime(named)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.now(until.tzinfo)).total_seconds())


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{url}: no address of the web; it should begin with https:// or http://")
    return parts.hostname


def _body(answer: Any, url: str, headers: Mapping[str, str], limit: int) -> bytes:
    """The body, gzip undone, bounded in size and time."""
    body = bytearray()
    until = time.monotonic() + _LONGEST_WAIT
    for chunk in answer.stream(2**16, decode_content=False):
        body += chunk
        if len(body) > limit:
            raise InputError(f"{url}: more than {limit // 2**20} MB")
        if time.monotonic() > until:
            raise InputError(f"{url}: not done after {_LONGEST_WAIT:.0f} seconds")
    packed = headers.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate") and body
    return inflated(bytes(body), url, limit) if packed else bytes(body)


def content_document(
    raw: bytes, kind: str, name: str, options: Options, url: str | None = None, **known: str | None
) -> Document:
    """A document of what a server sent, by its content type.

    Args:
        raw: the body.
        kind: the Content-Type header, in lower case.
        name: for messages.
        options: as for files.
        url: where it is from.
        known: what a feed tells of it; see `page_document`.

    Raises:
        InputError: the content is no document.
    """
    if kind.startswith("application/pdf") or raw.startswith(b"%PDF-"):
        from communique.reading.office import pdf_document

        return pdf_document(raw, name, options, url, **known)
    if kind.startswith(_WORD) or raw.startswith(b"PK\x03\x04"):
        from communique.reading.office import docx_document

        return docx_document(raw, name, options, url, **known)
    if kind.startswith("text/plain"):
        charset = kind.partition("charset=")[2].strip(" \"'") or None
        text = decode(raw, name, options.encoding or charset)
        return document_from_text(
            text, url=url, published=known.get("published") or options.published, title=known.get("title"),
            author=known.get("author"), publisher=known.get("publisher"), name=name, detect=options.detect,
        )  # fmt: skip
    return page_document(raw, name, options, url, **known)
