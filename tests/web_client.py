"""A test client over an archive of the invented records, and ways to log in."""

import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from communique.archive.store import open_archive
from communique.web.app import create_app
from communique.web.settings import Settings
from communique.web.users import set_password
from web_records import stories

PASSWORD = "correct horse battery"


def make_archive(folder: Path) -> Path:
    open_archive(folder / "archive").add(stories())
    return folder / "archive"


def make_users(folder: Path) -> Path:
    for name in ("ada", "luis"):
        set_password(folder / "users", name, PASSWORD)
    return folder / "users"


def make_client(folder: Path, **settings: Any) -> TestClient:
    """A client of a page over the archive in `folder`, made where it is not there yet."""
    if not (folder / "archive").exists():
        make_archive(folder)
    return TestClient(create_app(Settings(str(folder / "archive"), **settings)), follow_redirects=False)


def token_of(page: str) -> str:
    """The form token of a page."""
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def log_in(client: TestClient, name: str = "ada", password: str = PASSWORD) -> Any:
    token = token_of(client.get("/login").text)
    return client.post("/login", data={"token": token, "name": name, "password": password, "next": "/review"})
