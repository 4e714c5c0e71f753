"""Every page over an archive of invented records: what is asked is shown, and each thing has its address."""

import csv
import html
import io
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from web_client import make_client
from web_records import story


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with make_client(tmp_path_factory.mktemp("web")) as made:
        yield made


def shown(page: str) -> str:
    """A page's words without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def total(page: str) -> int:
    return int(re.findall(r'<b><data value="(\d+)"', page)[0])


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("", 48),
        ("q=whaling", 12),
        ("q=Whal*", 36),
        ("q=whal", 0),
        ('q="ban on whaling"', 12),
        ("q=“ban on whaling”", 12),
        ("q=ban+accusations", 0),
        ("q=rojas", 24),
        ("q=norway", 24),
        ("actor=person/ada-vik", 24),
        ("actor=NOR", 24),
        ("actor=NOR/mfa", 0),
        ("target=NOR", 12),
        ("actor=norway", 24),
        ("actor=Luis+Rojas", 24),
        ("what=events&actor=Peru&target=Norway", 24),
        ("actor=PER&target=NOR", 12),
        ("issue=environment", 24),
        ("kind=direct", 12),
        ("event=REQUEST", 12),
        ("quad=VERBAL+CONFLICT", 12),
        ("phrase=mutual+respect", 12),
        ("publisher=Diario+del+Puerto", 24),
        ("language=en", 48),
        ("language=no", 0),
        ("from=2024-03&to=2024-04", 8),
        ("from=2024-12-05", 4),
        ("to=2024", 48),
        ("to=2023", 0),
        ("what=events", 36),
        ("what=events&actor=PER", 24),
        ("what=events&q=diplomat", 12),
        ("what=events&done=1", 24),
        ("what=positions&kind=denial", 12),
        ("what=positions&issue=environment&actor=NOR", 12),
        ("what=phrases&actor=NOR", 12),
        ("what=phrases&target=PER", 12),
        ("q=100%25", 0),
        ("q=%27+OR+1%3D1+--", 0),
        ("actor=%27+OR+1%3D1+--", 0),
        ("q=a(b", 0),
        ("q=***", 48),
    ],
)
def test_a_question_finds_so_many(client: TestClient, query: str, hits: int) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 200
    assert total(answer.text) == hits


def test_a_hit_is_marked_and_leads_into_its_text(client: TestClient) -> None:
    page = client.get("/?q=whaling").text
    assert "<mark>whaling</mark>" in page
    address = html.unescape(re.findall(r'<blockquote><a href="([^"]+)"', page)[0])
    document, _, anchor = address.partition("#")
    assert f'id="{anchor}"' in client.get(document).text


def test_names_of_actors_issues_and_formulas_lead_to_their_pages(client: TestClient) -> None:
    for q, address in (
        ("norway", "/actors/NOR"),
        ("environment", "/issues/environment"),
        ("mutual", "/wording?phrase=mutual+respect"),
    ):
        assert f'href="{address}"' in client.get(f"/?q={q}").text


def test_a_stance_is_no_kind_of_quotation(client: TestClient) -> None:
    tabs = re.findall(
        r'href="([^"]*)"[^>]*>(Statements|Events|Positions|Phrases)</a>', client.get("/?kind=direct").text
    )
    assert {label: "kind=direct" in href for href, label in tabs} == {
        "Statements": True,
        "Events": True,
        "Positions": False,
        "Phrases": True,
    }


def test_pages_are_cut_on_the_server(client: TestClient) -> None:
    page = client.get("/?sort=oldest").text
    assert page.count('class="hit"') == 48
    days = re.findall(r'<p class="whence"><time datetime="([^"]+)"', page)
    assert days == sorted(days)


@pytest.mark.parametrize("wrong", ["page=0", "page=x", "from=2024-13", "sort=funny", "what=users", "q=" + "x" * 300])
def test_a_question_that_cannot_be_read_is_refused_with_the_field(client: TestClient, wrong: str) -> None:
    answer = client.get(f"/?{wrong}")
    assert answer.status_code == 422
    assert wrong.split("=")[0] in shown(answer.text)


@pytest.mark.parametrize("format", ["csv", "jsonl", "json", "parquet"])
def test_what_is_shown_can_be_taken_along(client: TestClient, format: str) -> None:
    answer = client.get(f"/export?q=whaling&format={format}")
    assert answer.headers["content-disposition"] == f'attachment; filename="communique-statements.{format}"'
    match format:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(answer.text)))
        case "jsonl":
            import json

            rows = [json.loads(line) for line in answer.text.splitlines()]
        case "json":
            rows = answer.json()
        case _:
            import pyarrow.parquet as pq

            rows = pq.read_table(io.BytesIO(answer.content)).to_pylist()
    assert len(rows) == 12
    assert {row["words"] for row in rows} == {"that Peru must respect the ban on whaling"}


@pytest.mark.parametrize(
    ("format", "name", "header"),
    [("gdelt", "gdelt.tsv", 0), ("polecat", "polecat.tsv", 1), ("plover", "plover.jsonl", 0)],
)
def test_events_that_are_shown_can_be_taken_along_in_layouts_of_other_data(
    client: TestClient, format: str, name: str, header: int
) -> None:
    asked = "what=events&event=SANCTION&from=2024-03&to=2024-05"
    assert f"format={format}" in html.unescape(client.get(f"/?{asked}").text)
    answer = client.get(f"/export?{asked}&format={format}")
    assert f'filename="communique-{name}"' in answer.headers["content-disposition"]
    assert len(answer.text.splitlines()) == total(client.get(f"/?{asked}").text) + header == 3 + header
    assert client.get(f"/export?what=positions&format={format}").status_code == 400


def test_a_document_shows_its_text_unchanged(client: TestClient) -> None:
    record = story(3)
    page = client.get("/documents/story-3").text
    article = re.findall(r"<article.*?</article>", page, re.DOTALL)[0]
    article = re.sub(r'<span class="tag[^>]*>[^<]*</span>', "", article)
    paragraphs = [html.unescape(re.sub(r"<[^>]+>", "", p)) for p in re.findall(r"<p>(.*?)</p>", article, re.DOTALL)]
    assert paragraphs == [p for p in record.document.text.split("\n") if p]


def test_every_row_and_its_words_point_at_each_other(client: TestClient) -> None:
    page = client.get("/documents/story-3").text
    record = story(3)
    for row in (*record.statements, *record.events, *record.positions):
        assert f'<li id="{row.id}">' in page
        assert f'id="at-{row.id}"' in page
        assert f'href="#at-{row.id}"' in page


def test_nesting_is_visible(client: TestClient) -> None:
    page = client.get("/documents/story-3").text
    inner, outer = story(3).statements[3].id, story(3).statements[2].id
    after = page[page.index(f'<li id="{outer}">') :]
    assert re.match(rf'.*?<ol class="coded"><li id="{inner}">', after, re.DOTALL)


def test_layers_are_in_the_address(client: TestClient) -> None:
    page = client.get("/documents/story-3?layers=events&layers=actors").text
    assert 'class="text with-events with-actors "' in page
    assert re.findall(r'value="([a-z]+)" checked', page) == ["events", "actors"]
    assert 'class="text "' in client.get("/documents/story-3?layers=none").text


def test_a_statement_has_an_address_of_its_own(client: TestClient) -> None:
    id = story(3).statements[1].id
    answer = client.get(f"/statements/{id}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/documents/story-3#{id}")


def test_an_actor_page_says_where_it_stands_and_whom_it_speaks_to(client: TestClient) -> None:
    page = client.get("/actors/NOR").text
    words = shown(page)
    assert "Norway" in words and "Ada Vik" in words and "mutual respect" in words
    assert 'href="/dyad?source=NOR&amp;target=PER"' in page
    assert "/charts/stances.json?actor=NOR" in page


def test_a_person_page_shows_the_offices_it_was_called_by(client: TestClient) -> None:
    words = shown(client.get("/actors/person/luis-rojas").text)
    assert "President of Peru" in words and "Offices" in words


def test_an_issue_page_shows_who_stands_where_over_time(client: TestClient) -> None:
    page = client.get("/issues/environment").text
    assert "/charts/standings.json?issue=environment" in page and "/charts/matrix.json?issue=environment" in page
    assert "accusation" in page and "denial" in page


def test_a_dyad_page_leads_from_a_bar_to_the_acts_behind_it(client: TestClient) -> None:
    page = client.get("/dyad?source=PER&target=NOR").text
    link = next(a for a in map(html.unescape, re.findall(r'href="([^"]+)"', page)) if "quad=MATERIAL+CONFLICT" in a)
    assert "from=2024-01-01&to=2024-01-31" in link
    assert total(client.get(link).text) == 1


def test_breaks_have_a_page_of_their_own(client: TestClient) -> None:
    assert "Breaks between Norway and Peru" in shown(client.get("/dyad/breaks?source=NOR&target=PER").text)


def test_a_formula_has_first_and_last_use_and_context(client: TestClient) -> None:
    page = client.get("/wording?phrase=mutual+respect").text
    assert '<a href="/documents/story-0"><time datetime="2024-01-05">' in page
    assert '<a href="/documents/story-11"><time datetime="2024-12-05">' in page
    assert re.search(r'adding that </td><td><a href="/documents/story-11#at-[^"]+"><mark>mutual respect', page)


def test_two_statements_are_compared_word_by_word(client: TestClient) -> None:
    before, after = story(0).statements[0].id, story(1).statements[1].id
    page = client.get(f"/compare?before={before}&after={after}").text
    assert "<del>" in page and "<ins>" in page
    assert client.get(f"/compare?before=/documents/story-0%23at-{before}&after={after}").text == page


def test_a_statement_is_compared_with_earlier_ones_of_its_speaker(client: TestClient) -> None:
    after = story(3).statements[0].id
    assert f'href="/compare?after={after}"' in client.get("/documents/story-3").text
    page = client.get(f"/compare?after={after}").text
    days = re.findall(r'<li><time datetime="([^"]+)"', page)
    assert days and max(days) <= "2024-04-05"
    assert f"before={after}" not in page and f"before={story(0).statements[0].id}&amp;after={after}" in page


def test_an_event_with_one_report_a_day_is_one_cluster(client: TestClient) -> None:
    page = client.get("/clusters?event=SANCTION").text
    ids = set(re.findall(r'href="/clusters/(c[0-9a-f]+)"', page))
    assert len(ids) == 12
    assert "1 row in 1 report, 1 without copies" in shown(client.get(f"/clusters/{min(ids)}").text)


@pytest.mark.parametrize(
    "address",
    [
        "/actors",
        "/actors?called=vik",
        "/issues",
        "/dyad",
        "/wording",
        "/changes?actor=NOR&issue=environment",
        "/clusters",
        "/review",
        "/documents",
        "/documents?publisher=The+Fjord+Post",
        "/sql",
        "/api",
        "/about",
        "/typical/NOR",
        "/network",
        "/network?kind=actor-actor&agreement=conflict&from=2024-02&to=2024-06",
        "/network?kind=issue-issue&normalization=jaccard",
    ],
)
def test_the_other_pages_are_there(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/documents/none",
        "/actors/person/none",
        "/issues/none",
        "/clusters/none",
        "/statements/none",
        "/charts/none.svg",
        "/none",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "chart",
    [
        "acts.%s?source=PER&target=NOR",
        "intensity.%s?source=PER&target=NOR",
        "stances.%s?actor=NOR",
        "standings.%s?issue=environment",
        "matrix.%s?issue=environment",
        "formula.%s?phrase=mutual+respect",
        "network.%s?kind=actor-issue",
        "network.%s?kind=actor-actor&agreement=conflict",
    ],
)
def test_every_chart_comes_as_specification_picture_and_table(client: TestClient, chart: str) -> None:
    assert client.get("/charts/" + chart % "json").json()["datasets"]["rows"]
    svg = client.get("/charts/" + chart % "svg")
    assert svg.headers["content-type"].startswith("image/svg+xml") and "<svg" in svg.text
    assert len(client.get("/charts/" + chart % "csv").text.splitlines()) > 1


def test_every_page_can_be_walked_without_a_mouse_or_eyes(client: TestClient) -> None:
    for address in ("/", "/documents/story-3", "/actors/NOR", "/dyad?source=PER&target=NOR", "/review"):
        page = client.get(address).text
        assert '<html lang="en">' in page and 'class="skip" href="#main"' in page
        assert page.count("<h1>") == 1 and '<main id="main"' in page and "<nav aria-label" in page
        for field in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            if 'type="hidden"' in field:
                continue
            before = page[: page.index(field)]
            assert before.rfind("<label") > before.rfind("</label>"), field
