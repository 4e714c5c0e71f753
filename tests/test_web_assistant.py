"""The MCP server: the page's questions as tools, answers with addresses."""

from pathlib import Path

import anyio
import pytest
from mcp import Client

from communique.archive.store import open_archive
from communique.web.assistant import make_server
from web_client import make_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("mcp"))


def ask(archive: Path, tool: str, **given: object):  # type: ignore[no-untyped-def]
    async def run():  # type: ignore[no-untyped-def]
        async with Client(make_server(open_archive(archive), "https://page.example/")) as client:
            return await client.call_tool(tool, given)

    return anyio.run(run)


def test_statements_come_with_the_address_to_cite(archive: Path) -> None:
    answer = ask(archive, "statements", q="accusations", actor="PER", limit=3).structured_content
    assert answer["total"] == 12
    assert len(answer["rows"]) == 3
    assert answer["rows"][0]["words"] == "We reject these accusations"
    assert answer["rows"][0]["address"].startswith("https://page.example/documents/story-11#at-s")


def test_a_page_goes_on_where_the_last_ended(archive: Path) -> None:
    first = ask(archive, "events", limit=20).structured_content
    second = ask(archive, "events", limit=20, cursor=first["next"]).structured_content
    ids = [r["id"] for r in (*first["rows"], *second["rows"])]
    assert len(set(ids)) == 36
    assert second["next"] is None


def test_names_are_looked_up(archive: Path) -> None:
    found = ask(archive, "look_up", name="norw").structured_content["result"]
    assert {"what": "actor", "name": "Norway", "id": "NOR"}.items() <= found[0].items()


def test_a_wrong_date_is_told_as_such(archive: Path) -> None:
    answer = ask(archive, "statements", since="yesterday")
    assert answer.is_error
    assert "yesterday" in answer.content[0].text


def test_a_document_that_is_not_there(archive: Path) -> None:
    assert ask(archive, "document", id="none").is_error
    assert "Peru" in ask(archive, "document", id="story-1").structured_content["text"]
