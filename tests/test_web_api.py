"""The JSON API: filters as on the page, cursors that lose and double nothing, errors that say what is wrong."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from communique.errors import InputError
from communique.records import Record
from communique.web.filters import read_cursor, write_cursor
from web_client import make_client
from web_records import story


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with make_client(tmp_path_factory.mktemp("web")) as made:
        yield made


@pytest.mark.parametrize("sort", ["newest", "oldest", "surest", "least_sure"])
@pytest.mark.parametrize(("kind", "rows"), [("statements", 48), ("events", 36), ("positions", 24), ("phrases", 12)])
def test_cursors_give_every_row_once(client: TestClient, kind: str, rows: int, sort: str) -> None:
    seen: list[tuple[str, str]] = []
    cursor = ""
    while True:
        answer = client.get(f"/api/{kind}?limit=7&sort={sort}" + (f"&cursor={cursor}" if cursor else "")).json()
        assert answer["total"] == rows
        seen += [(r["document"], r["words"], r["address"]) for r in answer["rows"]]
        if not (cursor := answer["next"]):
            break
    assert len(seen) == len(set(seen)) == rows


def test_rows_have_the_address_of_their_words(client: TestClient) -> None:
    row = client.get("/api/statements?q=accusations&limit=1&sort=oldest").json()["rows"][0]
    assert row["address"] == f"/documents/story-0#at-{story(0, '2024-01-05').statements[1].id}"
    assert row["words"] == "We reject these accusations"


def test_a_document_comes_as_the_record_it_was(client: TestClient) -> None:
    found = client.get("/api/documents/story-2").json()
    assert Record.model_validate(found).document.id == "story-2"


@pytest.mark.parametrize("cursor", ["zzz", "W10", "WzEsMl0", "e30", "WyIyMDI0LTAxLTAxJyBPUiAxPTEgLS0iLDEsMV0"])
def test_a_cursor_of_somebody_else_is_refused(client: TestClient, cursor: str) -> None:
    answer = client.get(f"/api/statements?cursor={cursor}")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_a_cursor_comes_back_as_it_went() -> None:
    assert read_cursor(write_cursor(["2024-01-01", -5, 3])) == ["2024-01-01", -5, 3]
    with pytest.raises(InputError):
        read_cursor("!")


def test_faults_are_json(client: TestClient) -> None:
    assert client.get("/api/documents/none").json()["detail"].startswith("No document")
    assert client.get("/api/statements?limit=0").status_code == 422
    assert client.get("/api/none").json() == {"detail": "There is no page with this address."}


def test_the_description_names_every_call(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    assert {"/api/statements", "/api/events", "/api/positions", "/api/phrases", "/api/documents/{id}"} <= set(
        described["paths"]
    )
    names = {p["name"] for p in described["paths"]["/api/statements"]["get"]["parameters"]}
    assert {"q", "actor", "target", "issue", "from", "to", "sort", "limit", "cursor"} <= names
