"""`communique serve`: what the options make of the server."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from communique.cli.main import app
from web_client import make_archive, make_users


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Starts the command with further options; gives the application's settings and what uvicorn was told."""
    make_archive(tmp_path)
    make_users(tmp_path)
    told: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda page, **options: told.update(options, settings=page.state.settings))

    def start(*options: str) -> dict[str, Any]:
        answer = CliRunner().invoke(app, ["serve", "--archive", str(tmp_path / "archive"), *options])
        assert answer.exit_code == 0, answer.output
        return told

    return start


def test_the_page_is_for_this_machine_only_unless_it_is_told_otherwise(started: Any) -> None:
    told = started()
    assert (told["host"], told["proxy_headers"]) == ("127.0.0.1", False)
    settings = told["settings"]
    assert "*" not in settings.hosts and settings.users is None and settings.index and not settings.https


def test_behind_a_tls_proxy_its_word_on_who_asks_is_taken(started: Any) -> None:
    told = started("--https", "--name", "news.example")
    assert told["proxy_headers"] and told["settings"].https and "news.example" in told["settings"].hosts


def test_the_index_can_be_left_out(started: Any) -> None:
    assert not started("--no-index")["settings"].index
