"""What the server is told when it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """archive: folder or address of the archive; users: file of names and argon2 hashes, None: nobody can correct.

    login_to_read: ask for a login before anything is shown. hosts: names the page answers to ("*": any).
    index: answer from an index that is made in the background. https: cookies only over TLS. body_bytes: largest
    request taken. query_seconds, query_rows: limits on typed SQL.
    """

    archive: str
    users: Path | None = None
    login_to_read: bool = False
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]", "testserver")
    index: bool = True
    https: bool = False
    body_bytes: int = 1_000_000
    session_seconds: int = 12 * 3600
    query_seconds: float = 10.0
    query_rows: int = 1000
    export_rows: int = 100_000
