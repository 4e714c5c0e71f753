"""The web, from a server of our own on loopback: politeness, repetition, feeds, sitemaps, what servers send wrong."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import docx
import pytest

from communique.errors import InputError
from communique.reading import Failure
from communique.reading.feeds import feed_entries, sitemap_entries, sitemap_items
from communique.reading.formats import items
from communique.reading.source import Options
from communique.reading.watching import FeedState, Watch, load_watch, look, save_watch
from communique.reading.web import Fetcher
from communique.records import Document
from test_reading_formats import pdf

Reply = tuple[int, dict[str, str], bytes]
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
WORDS = "The ministry said on Tuesday that it would answer every question in writing, sooner or later."


@dataclass
class Site:
    """A server that says what it is told to; `asked` are the requests it got."""

    address: str
    replies: dict[str, Reply | Callable[[dict[str, str]], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def page(self, path: str, title: str = "Talks", words: str = WORDS) -> str:
        self.replies[path] = (200, {"Content-Type": "text/html"}, PAGE.format(title, words).encode())
        return self.address + path

    def feed(self, paths: list[str], updated: str = "2024-03-05T08:00:00Z") -> bytes:
        entries = "".join(
            f"<entry><id>{p}</id><title>T</title><link href='{self.address}{p}'/><updated>{updated}</updated></entry>"
            for p in paths
        )
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Example</title>{entries}</feed>".encode()

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            made.asked.append((self.path, headers, time.monotonic()))
            reply = made.replies.get(self.path, (404, {}, b""))
            status, sent, body = reply(headers) if callable(reply) else reply
            self.send_response(status)
            for key, value in {"Content-Length": str(len(body)), **sent}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Site(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(delay=0, pause=0.01, retries=2, timeout=5)


def test_address_gives_its_document(site: Site) -> None:
    url = site.page("/a")
    (document,) = items(url, Options())
    assert isinstance(document, Document)
    assert document.url == url and WORDS in document.text and document.title == "Talks"
    assert site.asked[1][1]["user-agent"].startswith("communique/")


def test_robots_txt_is_asked_once_and_obeyed(site: Site, fetcher: Fetcher) -> None:
    site.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    site.page("/a")
    site.page("/private/b")
    assert fetcher.fetch(site.address + "/a").status == 200
    with pytest.raises(InputError, match=r"robots\.txt"):
        fetcher.fetch(site.address + "/private/b")
    assert site.paths() == ["/robots.txt", "/a"]


def test_a_redirection_does_not_lead_around_robots_txt(site: Site, fetcher: Fetcher) -> None:
    site.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    site.replies["/a"] = (302, {"Location": "/private/b"}, b"")
    with pytest.raises(InputError, match=r"robots\.txt"):
        fetcher.fetch(site.address + "/a")
    assert "/private/b" not in site.paths()


def test_a_server_that_cannot_tell_its_rules_is_left_alone(site: Site, fetcher: Fetcher) -> None:
    site.replies["/robots.txt"] = (503, {}, b"")
    with pytest.raises(InputError, match="try later"):
        fetcher.fetch(site.address + "/a")
    assert "/a" not in site.paths()


def test_delay_between_requests_to_a_host_the_longer_of_ours_and_theirs(site: Site) -> None:
    site.replies["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 1\n")
    site.page("/a")
    site.page("/b")
    patient = Fetcher(delay=0.2)
    for path in ("/a", "/b"):
        patient.fetch(site.address + path)
    _, first, second = (when for _, _, when in site.asked)
    assert second - first >= 0.9
    quick = Fetcher(delay=0.3, robots=False)
    site.asked.clear()
    for path in ("/a", "/b"):
        quick.fetch(site.address + path)
    assert site.asked[1][2] - site.asked[0][2] >= 0.2


def test_errors_that_pass_are_tried_again_and_others_not(site: Site, fetcher: Fetcher) -> None:
    answers = iter([(503, {}, b""), (429, {"Retry-After": "0"}, b""), (200, {}, b"Words.")])
    site.replies["/a"] = lambda _: next(answers)
    site.replies["/b"] = (503, {}, b"")
    assert fetcher.fetch(site.address + "/a").body == b"Words."
    with pytest.raises(InputError, match="503"):
        fetcher.fetch(site.address + "/b")
    with pytest.raises(InputError, match="404"):
        fetcher.fetch(site.address + "/gone")
    assert [site.paths().count(p) for p in ("/a", "/b", "/gone")] == [3, 3, 1]


def test_a_server_says_how_long_to_wait_in_seconds_or_by_a_date(site: Site, fetcher: Fetcher) -> None:
    soon = formatdate(time.time() + 2.9, usegmt=True)
    answers = iter([(503, {"Retry-After": soon}, b""), (200, {}, b"Words.")])
    site.replies["/a"] = lambda _: next(answers)
    assert fetcher.fetch(site.address + "/a").body == b"Words."
    first, second = (when for path, _, when in site.asked if path == "/a")
    assert second - first > 1
    site.replies["/b"] = (429, {"Retry-After": "3600"}, b"")
    with pytest.raises(InputError, match=r"3,600 seconds"):
        fetcher.fetch(site.address + "/b")
    assert site.paths().count("/b") == 1


def test_robots_txt_is_read_anew_after_a_day(site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    site.page("/a")
    fetcher.fetch(site.address + "/a")
    site.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    fetcher.fetch(site.address + "/a")
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 25 * 3600)
    with pytest.raises(InputError, match=r"robots\.txt"):
        fetcher.fetch(site.address + "/a")


def test_what_else_an_address_may_give(site: Site, tmp_path: Path) -> None:
    """A Word file, a table (its bad line named by the address), a packed sitemap."""
    made = docx.Document()
    made.add_paragraph(WORDS)
    made.save(str(tmp_path / "a.docx"))
    page = site.page("/a")
    ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    sitemap = f"<urlset xmlns='{ns}'><url><loc>{page}</loc></url></urlset>".encode()
    site.replies["/a.docx"] = (200, {}, (tmp_path / "a.docx").read_bytes())
    site.replies["/dump.jsonl"] = (200, {}, json.dumps({"text": WORDS}).encode() + b"\nno json\n")
    site.replies["/sitemap.xml.gz"] = (200, {}, gzip.compress(sitemap))
    word, row, line, listed = (
        item for path in ("/a.docx", "/dump.jsonl", "/sitemap.xml.gz") for item in items(site.address + path, Options())
    )
    assert all(isinstance(item, Document) and WORDS in item.text for item in (word, row, listed))
    assert isinstance(line, Failure) and line.source == f"{site.address}/dump.jsonl line 2"
    assert site.address in line.reason and "/tmp" not in line.reason


def test_a_feed_dates_a_pdf_that_does_not_date_itself(site: Site, fetcher: Fetcher) -> None:
    site.replies["/feed"] = (200, {}, site.feed(["/a.pdf"]))
    site.replies["/a.pdf"] = (200, {"Content-Type": "application/pdf"}, pdf([WORDS[:60], WORDS[60:]]))
    (document,) = look(site.address + "/feed", FeedState(), fetcher, Options())
    assert isinstance(document, Document)
    assert (document.published, document.publisher) == ("2024-03-05", "Example")


def test_nobody_answers(fetcher: Fetcher) -> None:
    with pytest.raises(InputError, match=r"no answer|cannot be read"):
        fetcher.fetch("http://127.0.0.1:9/a")


@pytest.mark.parametrize("url", ["ftp://example.org/a", "http:///a", "file:///etc/passwd", "words"])
def test_no_address_of_the_web(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(InputError, match="no address of the web"):
        fetcher.fetch(url)


def test_redirections_that_never_end(site: Site, fetcher: Fetcher) -> None:
    site.replies["/a"] = (301, {"Location": "/a"}, b"")
    with pytest.raises(InputError, match="redirections"):
        fetcher.fetch(site.address + "/a")


def test_answers_are_bounded_and_gzip_bombs_refused(site: Site, fetcher: Fetcher) -> None:
    site.replies["/long"] = (200, {}, b"x" * 3_000_000)
    site.replies["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 90_000_000))
    site.replies["/good"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"Words."))
    site.replies["/broken"] = (200, {"Content-Encoding": "gzip"}, b"no gzip")
    assert fetcher.fetch(site.address + "/good").body == b"Words."
    for path, reason in (("/long", "more than"), ("/bomb", "more than"), ("/broken", "gzip is broken")):
        with pytest.raises(InputError, match=reason):
            fetcher.fetch(site.address + path, limit=2**20)


GARBAGE = [b"", b"\x00\xff\xfe" * 99, b"<html><body>Sign in</body></html>", b"{'json': 1}", b"<rss", b"<" * 9999,
           b"<!DOCTYPE a [<!ENTITY x 'y'>]><rss version='2.0'><channel><title>&x;</title></channel></rss>"]  # fmt: skip


@pytest.mark.parametrize("raw", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_no_feed(raw: bytes, site: Site, fetcher: Fetcher) -> None:
    site.replies["/feed"] = (200, {}, raw)
    state = FeedState()
    (item,) = look(site.address + "/feed", state, fetcher, Options())
    assert isinstance(item, Failure) and "feed" in item.reason
    assert state == FeedState()


def test_rss_entries_with_what_they_tell() -> None:
    raw = b"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>Example News</title><item><title>Talks &amp;amp; tea</title><link>https://n.example/1</link><guid>g1</guid>
    <pubDate>Tue, 05 Mar 2024 08:00:00 GMT</pubDate><author>Jane Roe</author></item>
    <item><title>No link</title></item><item><link>javascript:alert(1)</link></item></channel></rss>"""
    (entry,) = feed_entries(raw, "feed")
    assert (entry.url, entry.id, entry.title, entry.publisher) == (
        "https://n.example/1", "g1", "Talks & tea", "Example News")  # fmt: skip
    assert entry.published == "2024-03-05"


def test_watching_fetches_only_what_is_new_or_changed(site: Site, fetcher: Fetcher) -> None:
    state = FeedState()
    for path in ("/a", "/b", "/c"):
        site.page(path)

    def looked(*paths: str, updated: str = "1") -> list[str]:
        body = site.feed(list(paths), updated)
        tag = f'"{hash(body)}"'
        site.replies["/feed"] = lambda h: (
            (304, {}, b"") if h.get("if-none-match") == tag else (200, {"ETag": tag}, body)
        )
        site.asked.clear()
        return [i.url[-2:] for i in look(site.address + "/feed", state, fetcher, Options()) if isinstance(i, Document)]  # type: ignore[index]

    assert looked("/a", "/b") == ["/a", "/b"]
    assert looked("/a", "/b") == [] and site.asked[0][1]["if-none-match"]
    assert looked("/b", "/c") == ["/c"]
    assert looked("/b", "/c", updated="2") == ["/b", "/c"]


def test_a_page_that_fails_is_tried_at_three_looks(site: Site, fetcher: Fetcher) -> None:
    site.replies["/feed"] = (200, {"ETag": '"1"'}, site.feed(["/gone"]))
    state = FeedState()
    found = [list(look(site.address + "/feed", state, fetcher, Options())) for _ in range(4)]
    assert [len(items) for items in found] == [1, 1, 1, 0]
    assert site.paths().count("/gone") == 3 and state.etag == '"1"'


def test_a_look_broken_off_is_made_up_for(site: Site, fetcher: Fetcher) -> None:
    site.replies["/feed"] = (200, {"ETag": '"1"'}, site.feed([site.page(p)[-2:] for p in ("/a", "/b")]))
    state = FeedState()
    first = look(site.address + "/feed", state, fetcher, Options())
    next(first)
    first.close()  # type: ignore[attr-defined]
    assert state == FeedState()
    assert len(list(look(site.address + "/feed", state, fetcher, Options()))) == 2


def test_what_is_known_survives_and_a_broken_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "watch.json"
    watch = Watch({"https://n.example/feed": FeedState('"e"', "yesterday", {"ü": "1"}, {"b": 2})})
    assert load_watch(path) == Watch()
    save_watch(watch, path)
    assert load_watch(path) == watch
    path.write_text('{"feeds": [1]}')
    with pytest.raises(InputError, match="remove it"):
        load_watch(path)


def test_sitemaps_name_pages_and_further_sitemaps(site: Site, fetcher: Fetcher) -> None:
    ns = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    urls = "".join(f"<url><loc>{site.page(p)}</loc></url>" for p in ("/a", "/b"))
    site.replies["/2.xml"] = (200, {}, f"<urlset {ns}>{urls}</urlset>".encode())
    index = f"<sitemapindex {ns}><sitemap><loc>{site.address}/2.xml</loc></sitemap><sitemap><loc>{site.address}/2.xml</loc></sitemap></sitemapindex>"  # noqa: E501
    found = list(sitemap_items(index.encode(), "index", fetcher, Options()))
    assert [d.url[-2:] for d in found if isinstance(d, Document)] == ["/a", "/b"]  # type: ignore[index]


def test_a_sitemap_keeps_what_news_sitemaps_tell_and_expands_no_entities() -> None:
    raw = b"""<!DOCTYPE u [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://n.example/1</loc><n:news><n:publication><n:name>Example</n:name></n:publication>
    <n:publication_date>2024-03-05T08:00:00Z</n:publication_date><n:title>Talks &b;</n:title></n:news></url></urlset>"""
    ((entry,), further) = sitemap_entries(raw, "x")
    assert (entry.publisher, entry.published) == ("Example", "2024-03-05")
    assert "xxxx" not in (entry.title or "") and further == []
    for garbage in (b"", b"words", b"<urlset></urlset>"):
        with pytest.raises(InputError):
            sitemap_entries(garbage, "x")
