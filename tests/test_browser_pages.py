"""The page in a real browser (Debian's chromium through Playwright): the paths an analyst walks, by mouse and keyboard.

COMMUNIQUE_SCREENSHOTS=docs/images makes the pictures of docs/page.md: `pytest tests/test_browser_pages.py`.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from communique.archive.store import open_archive
from communique.web.app import create_app
from communique.web.settings import Settings
from web_client import PASSWORD, make_archive, make_users
from web_records import story

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs a browser: apt-get install chromium (make test does, where it may)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser")
    make_archive(path)
    make_users(path)
    return path


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(Settings(str(folder / "archive"), users=folder / "users"))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose scripts must not fail, warn or break the policy, and that loads nothing from elsewhere."""
    made = browser.new_page(viewport={"width": 1200, "height": 800}, base_url=address)
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    made.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else wrong.append(r.url))
    yield made
    made.close()
    assert wrong == []


DRAWN = """[...document.querySelectorAll("main .drawing")].every(
    d => d.getBoundingClientRect().top > innerHeight || d.classList.contains("ready"))"""


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("COMMUNIQUE_SCREENSHOTS")
    if folder and name:
        for _ in range(50):  # until the charts in view are drawn
            if page.evaluate(DRAWN):
                break
            page.wait_for_timeout(200)
        page.wait_for_timeout(600)  # what scrolls or fades comes to rest
        page.screenshot(path=Path(folder) / f"{name}.png")


def log_in(page: Page) -> None:
    page.goto("/login?next=/review")
    page.fill("input[name=name]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def test_ask_then_read(page: Page) -> None:
    page.goto("/")
    page.fill("input[name=q]", "whaling")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=whaling**")
    shoot(page, "ask")
    page.locator("main a[href^='/documents/']").first.click()
    page.wait_for_url("**/documents/**")
    assert page.locator("mark, .s, [data-at]").count() > 0
    shoot(page, "document")


def test_layers_are_switched_off_and_on(page: Page) -> None:
    page.goto("/documents/story-3")
    box = page.get_by_label("statements")
    before = page.locator("body").screenshot()
    box.uncheck()
    assert page.locator("body").screenshot() != before
    box.check()
    assert box.is_checked()


def test_keyboard_walks_the_rows(page: Page) -> None:
    page.goto("/documents/story-3")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('[id]')?.id ?? location.hash")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.closest('[id]')?.id ?? location.hash")
    assert first and second and first != second


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/actors/NOR", "actor"),
        ("/dyad?source=PER&target=NOR", "dyad"),
        ("/issues/environment", "issue"),
        ("/wording?phrase=mutual+respect", "wording"),
        ("/network?agreement=combine", "network"),
        ("/clusters", "clusters"),
    ],
)
def test_analyses_draw_their_charts_and_give_the_table_too(page: Page, path: str, name: str) -> None:
    page.set_viewport_size({"width": 1200, "height": 940})
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    assert page.locator("h1").count() == 1
    if name != "clusters":
        page.locator("main svg, main canvas").first.wait_for(timeout=15_000)
        assert page.locator("main table").count() > 0
    shoot(page, name)


@pytest.mark.parametrize("path", ["/", "/documents/story-3", "/dyad?source=NOR&target=PER"])
def test_phone_width_needs_no_sideways_scrolling(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    menu = page.locator("header nav")
    assert menu.evaluate("e => e.scrollWidth <= e.clientWidth")  # no entry of the menu is out of sight
    shoot(page, "phone" if path == "/documents/story-3" else "")


def test_dark_and_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/documents/story-3")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_correct_by_keyboard(page: Page, folder: Path) -> None:
    log_in(page)
    shoot(page, "review")
    page.goto("/documents/story-5")
    page.keyboard.press("j")
    with page.expect_response(lambda r: r.request.method == "POST"):
        page.keyboard.press("c")
    rows = open_archive(folder / "archive").ask("SELECT decision, reviewer, document FROM reviews").to_pylist()
    assert {"decision": "confirm", "reviewer": "ada", "document": "story-5"} in rows


def test_select_words_to_add_what_was_missed(page: Page, folder: Path) -> None:
    log_in(page)
    page.goto("/documents/story-6")
    page.evaluate(
        "() => { const piece = document.querySelectorAll('[data-at]')[0]; const range = document.createRange();"
        " range.selectNodeContents(piece); getSelection().removeAllRanges(); getSelection().addRange(range); }"
    )
    page.keyboard.press("a")
    dialog = page.locator("dialog#adding")
    dialog.wait_for(state="visible")
    dialog.locator("[name=actor]").fill("NOR")
    with page.expect_response(lambda r: r.request.method == "POST"):
        dialog.get_by_role("button", name="Add", exact=True).click()
    rows = open_archive(folder / "archive").ask("SELECT decision, document FROM reviews").to_pylist()
    assert {"decision": "add", "document": "story-6"} in rows


def test_without_a_login_nothing_can_be_changed(page: Page) -> None:
    page.goto("/documents/story-3")
    assert page.locator("#missed").count() == 0
    page.goto("/review")
    assert "/login" in page.url or page.locator("form[action='/review']").count() == 0


MARK = """figure => {
    const view = document.querySelector(`#${figure} .drawing`).view, found = [];
    const [left, top] = view.origin(), edge = view.padding();
    const walk = (group, x, y) => { for (const mark of group.items) for (const item of mark.items ?? []) {
        if (mark.marktype === "group") walk(item, x + (item.x || 0), y + (item.y || 0));
        else if (item.href) found.push([x + (item.bounds.x1 + item.bounds.x2) / 2,
            y + (item.bounds.y1 + item.bounds.y2) / 2, item.href]);
    } };
    walk({ items: [view.scenegraph().root] }, left + edge.left, top + edge.top);
    return found[0];
}"""
"""The middle of a chart's first mark that leads somewhere, and where to."""


@pytest.mark.parametrize(
    ("path", "figure", "told"),
    [
        ("/dyad?source=PER&target=NOR", "acts", "Januar 2024"),
        ("/dyad?source=PER&target=NOR", "intensity", "Goldstein value"),
        ("/actors/NOR", "stances", "positions"),
        ("/issues/environment", "matrix", "Januar 2024"),
        ("/wording?phrase=mutual+respect", "formula", "uses"),
    ],
)
def test_a_mark_tells_what_it_is_and_leads_to_what_is_behind_it(
    browser: Browser, address: str, path: str, figure: str, told: str
) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 1600}, base_url=address, locale="de-DE")
    page.goto(path)
    page.locator(f"#{figure} .drawing.ready").wait_for(timeout=20_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(DRAWN, timeout=20_000)  # nothing moves any more
    page.locator(f"#{figure} canvas").scroll_into_view_if_needed()
    x, y, href = page.evaluate(MARK, figure)
    page.locator(f"#{figure} canvas").hover(position={"x": x, "y": y})
    assert told in page.locator("#vg-tooltip-element.visible").inner_text()
    page.locator(f"#{figure} canvas").click(position={"x": x, "y": y})
    page.wait_for_url(f"{address}{href}")
    page.close()


def test_dates_and_numbers_are_in_the_readers_own_way(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="de-DE")
    page.goto("/documents/story-3")
    assert page.locator(".whence time").first.inner_text() == "05.04.2024"
    assert "0,91" in page.locator("#rows").inner_text()
    page.goto("/network")
    assert page.locator("#since-shown").inner_text() == "Jan. 2024"
    page.close()


def test_arrow_keys_on_a_slider_wait_for_the_button(page: Page) -> None:
    page.goto("/network")
    page.locator("input[type=range]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator("#since-shown time").get_attribute("datetime") == "2024-04"
    assert page.url.endswith("/network")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**from=2024-04**")
    page.go_back()
    assert page.locator("#since-shown time").get_attribute("datetime") == "2024-01"


def test_focus_can_be_seen_everywhere(page: Page) -> None:
    page.goto("/documents/story-3")
    widths = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        widths.add(page.evaluate("getComputedStyle(document.activeElement).outlineWidth"))
    assert widths == {"3px"}


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.goto("/documents/story-3")
    page.locator("#keys").uncheck()
    page.reload()
    page.keyboard.press("j")
    assert "#" not in page.url
    page.locator("#keys").check()
    page.keyboard.press("j")
    assert page.url.endswith(f"#{story(3).statements[0].id}")


def test_paper_is_white_and_shows_no_forms(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/dyad?source=PER&target=NOR")
    page.locator("#theme").click()
    page.locator("#theme").click()  # chosen, no longer the system's
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')").strip() == "#1a1c1e"
    assert page.locator("main form:visible, nav:visible").count() == 0
