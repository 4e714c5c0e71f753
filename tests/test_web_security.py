"""What must not happen, tried: script from articles, foreign forms, guessing, SQL reaching out, paths leaving."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from communique.web.pages.document import web_address
from communique.web.settings import Settings
from web_client import PASSWORD, log_in, make_client, make_users, token_of
from web_records import story


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("web")
    make_users(made)
    return made


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    yield make_client(folder, users=folder / "users")


PAGES = (
    "/",
    "/documents/story-3",
    "/actors/NOR",
    "/review",
    "/login",
    "/none",
    "/?page=0",
    "/api/none",
    "/static/x/style.css",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_forbids_inline_script_and_strangers(client: TestClient, address: str) -> None:
    answer = client.get(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", PAGES[:7])
def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!example\.org/)', page)


def test_text_of_articles_is_never_markup(client: TestClient) -> None:
    for address in (
        "/documents/story-3",
        "/",
        "/?what=events",
        "/documents",
        "/clusters",
        "/wording?phrase=mutual+respect",
    ):
        page = client.get(address).text
        assert "<script>alert" not in page and "<b>calf" not in page
    assert "&lt;script&gt;alert(3)&lt;/script&gt;" in client.get("/documents/story-3").text


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)"]
)
def test_what_is_asked_is_never_markup(client: TestClient, hostile: str) -> None:
    for address, field in (
        ("/", "q"),
        ("/", "actor"),
        ("/actors", "called"),
        ("/wording", "phrase"),
        ("/dyad", "source"),
        ("/sql", "q"),
    ):
        page = client.get(address, params={field: hostile, "target": "PER"}).text
        assert "<script>alert" not in page and "<img src=x" not in page and ">49<" not in page
        assert 'href="javascript:' not in page


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://example.org/1", True), ("javascript:alert(1)", False), ("data:text/html,x", False), (None, False)],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url if kept else None)


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../settings.py",
        "/static/x/..%2fsettings.py",
        "/static/x/%2e%2e%2fapp.py",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/documents/../../etc/passwd",
        "/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/x/style.css%00.svg",
    ],
)
def test_no_path_leaves_the_archive_or_the_static_folder(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text and "dataclass" not in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT content FROM read_blob('/etc/hostname')",
        "COPY statements TO '/tmp/stolen.csv'",
        "COPY (SELECT 1) TO '/tmp/stolen.csv'",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO statements SELECT * FROM statements",
        "DELETE FROM documents",
        "DROP VIEW statements",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access=true",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "SELECT 1) UNION SELECT * FROM read_text('/etc/passwd') --",
        "SELECT * FROM duckdb_settings()",
        "SELECT getenv('HOME')",
        "EXPORT DATABASE '/tmp/stolen'",
        "not sql at all",
    ],
)
def test_typed_sql_only_asks(client: TestClient, sql: str) -> None:
    answer = client.get("/sql", params={"q": sql})
    assert answer.status_code == 400, sql
    assert "root:" not in answer.text
    assert not Path("/tmp/stolen.csv").exists() and not Path("/tmp/stolen").exists()


def test_typed_sql_answers(client: TestClient) -> None:
    page = client.get(
        "/sql", params={"q": "SELECT plover, count(*) AS n FROM events GROUP BY plover ORDER BY plover;"}
    ).text
    assert re.findall(r"<td>([A-Z]+)</td><td class=\"n\">(\d+)</td>", page) == [
        ("REJECT", "12"),
        ("REQUEST", "12"),
        ("SANCTION", "12"),
    ]


def test_typed_sql_has_limits_of_rows_and_time(folder: Path) -> None:
    client = make_client(folder, query_rows=10, query_seconds=0.5)
    page = client.get("/sql", params={"q": "SELECT * FROM range(1000)"}).text
    assert page.count("<tr>") == 11 and "of more" in page
    started = time.monotonic()
    answer = client.get("/sql", params={"q": "SELECT count(*) FROM range(10000000) a, range(10000000) b"})
    assert answer.status_code == 400 and "seconds" in answer.text
    assert time.monotonic() - started < 10


def test_typed_sql_has_a_limit_of_memory(folder: Path) -> None:
    client = make_client(folder)
    answer = client.get("/sql", params={"q": "SELECT list(a.range) FROM range(1000000000) a"})
    assert answer.status_code == 400
    assert "memory" in answer.text or "seconds" in answer.text


def test_a_request_that_is_too_long_is_turned_away(client: TestClient) -> None:
    answer = client.post("/login", content=b"x" * 1_000_001)
    assert answer.status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(1001):
            yield b"x" * 1000

    assert client.post("/login", content=chunks()).status_code == 413


def test_a_form_without_its_token_is_refused(client: TestClient) -> None:
    client.get("/login")
    for token in ("", "0" * 80, "é"):
        answer = client.post("/login", data={"token": token, "name": "ada", "password": PASSWORD})
        assert answer.status_code == 403


def test_a_token_of_another_session_is_refused(folder: Path) -> None:
    one, other = (make_client(folder, users=folder / "users") for _ in range(2))
    stolen = token_of(one.get("/login").text)
    other.get("/login")
    assert other.post("/login", data={"token": stolen, "name": "ada", "password": PASSWORD}).status_code == 403


def test_requests_that_another_site_sends_are_refused(client: TestClient) -> None:
    token = token_of(client.get("/login").text)
    form = {"token": token, "name": "ada", "password": PASSWORD}
    assert client.post("/login", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_cookie_is_out_of_reach_of_script_and_new_after_the_login(client: TestClient) -> None:
    before = client.get("/login").cookies["communique"]
    answer = log_in(client)
    assert answer.status_code == 303 and answer.headers["location"] == "/review"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert answer.cookies["communique"] != before


def test_behind_tls_the_cookie_never_goes_without_it(folder: Path) -> None:
    client = make_client(folder, users=folder / "users", https=True)
    assert "secure" in client.get("/login").headers["set-cookie"].lower()


def test_a_wrong_password_and_an_unknown_name_look_the_same(client: TestClient) -> None:
    answers = [log_in(client, name, "wrong password") for name in ("ada", "nobody")]
    assert [a.status_code for a in answers] == [401, 401]
    plain = [re.sub(r'value="[^"]*"', "", a.text) for a in answers]
    assert plain[0] == plain[1]


def test_guessing_is_stopped(client: TestClient) -> None:
    for _ in range(5):
        assert log_in(client, "ada", "wrong password").status_code == 401
    answer = log_in(client, "ada", PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 200


def test_guessing_many_at_once_is_stopped_too(client: TestClient) -> None:
    token = token_of(client.get("/login").text)
    form = {"token": token, "name": "luis", "password": "wrong password"}
    with ThreadPoolExecutor(12) as many:
        answers = list(many.map(lambda _: client.post("/login", data=form).status_code, range(12)))
    assert sorted(answers) == [401] * 5 + [429] * 7


def test_after_logging_in_nobody_is_sent_elsewhere(client: TestClient) -> None:
    token = token_of(client.get("/login").text)
    form = {"token": token, "name": "ada", "password": PASSWORD, "next": "//evil.example/"}
    assert client.post("/login", data=form).headers["location"] == "/"


def test_logging_out_ends_the_session_for_good(client: TestClient) -> None:
    log_in(client)
    cookie = client.cookies["communique"]
    token = token_of(client.get("/review").text)
    assert client.post("/logout", data={"token": token}).status_code == 303
    client.cookies.set("communique", cookie)
    assert "Log out" not in client.get("/review").text


ROW = story(3).statements[0].id
WRITES = {
    "/review": {"table": "statements", "row": ROW, "decision": "reject"},
    "/review/add": {"document": "story-3", "start": "0", "end": "6", "kind": "direct"},
    f"/review/statements/{ROW}": {"source": "PER", "kind": "direct", "negated": "no"},
}


@pytest.mark.parametrize("path", [*WRITES, "/logout"])
def test_who_is_logged_in_still_needs_the_token_of_the_form(client: TestClient, path: str) -> None:
    stolen = token_of(client.get("/login").text)
    log_in(client)
    for token in ({}, {"token": ""}, {"token": stolen}):  # the session before the login is another
        answer = client.post(path, data={**WRITES.get(path, {}), **token})
        assert answer.status_code == 403
    assert "Log out" in client.get("/review").text
    assert client.get("/review").text.count("Nobody yet.") == 1


def test_correcting_needs_a_login(client: TestClient) -> None:
    row = ROW
    token = token_of(client.get("/login").text)
    for path, form in WRITES.items():
        answer = client.post(path, data={"token": token, **form}, headers={"accept": "application/json"})
        assert answer.status_code == 401, path
    assert client.get(f"/review/statements/{row}").headers["location"].startswith("/login?next=")
    assert "Confirm" not in client.get("/documents/story-3").text


def test_reading_can_need_a_login_too(folder: Path) -> None:
    client = make_client(folder, users=folder / "users", login_to_read=True)
    assert client.get("/documents/story-3").headers["location"] == "/login?next=%2Fdocuments%2Fstory-3"
    assert client.get("/?q=a&page=2").headers["location"] == "/login?next=%2F%3Fq%3Da%26page%3D2"
    assert "Anyone may read" not in client.get("/login").text
    assert client.get("/api/statements").status_code == 401
    for path in ("/", "/export", "/charts/acts.csv", "/sql?q=SELECT+1", "/review", "/api", "/none"):
        assert client.get(path).headers["location"].startswith("/login?next="), path
    assert client.get("/api/openapi.json").status_code == 401
    assert client.get("/static/x/style.css").status_code == 200
    log_in(client)
    assert client.get("/documents/story-3").status_code == 200


def test_without_a_users_file_nobody_corrects(folder: Path) -> None:
    client = make_client(folder)
    assert client.get("/login").status_code == 404
    assert client.post("/review", data={"table": "statements", "row": "x", "decision": "reject"}).status_code == 403


def test_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_fault_of_ours_tells_nothing_of_the_inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.web import asking

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(asking, "find", broken)
    answer = make_client(folder).get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "content-security-policy" in answer.headers


def test_settings_default_to_this_machine_only() -> None:
    assert "*" not in Settings("x").hosts
