"""SQL typed by a reader: one SELECT on a locked-down DuckDB, with limits on rows, time and memory."""

from dataclasses import dataclass
from typing import Any

from communique.archive import views
from communique.archive.schema import TABLES
from communique.archive.store import Archive
from communique.web.index import Indexed
from communique.web.settings import Settings


@dataclass(frozen=True)
class Answer:
    """columns and rows of an answer; cut: whether there are more rows than are shown."""

    columns: list[str]
    rows: list[list[Any]]
    cut: bool


def answer(archive: Archive, sql: str, settings: Settings) -> Answer:
    """The answer to one SELECT.

    Raises:
        InputError: not one SELECT, wrong, or too slow or large.
    """
    views.check_sql(sql)
    connection = archive.plain() if isinstance(archive, Indexed) else archive.connection()
    bare = sql.strip().rstrip(";")
    limited = f"SELECT * FROM (\n{bare}\n) LIMIT {settings.query_rows + 1}"
    table = views.run(connection, limited, None, settings.query_seconds)
    shown = table.slice(0, settings.query_rows)
    return Answer(
        table.column_names, [list(row.values()) for row in shown.to_pylist()], table.num_rows > shown.num_rows
    )


def columns() -> dict[str, list[str]]:
    """The tables that can be asked, with their columns."""
    return {name: schema.names for name, schema in TABLES.items() if name not in views.HIDDEN}
