"""What there is to choose from in an archive, and how much it holds; computed once for each of its states."""

from typing import Any

from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.web import asking
from communique.web.remembering import remembered
from communique.web.rendering import issue_name

Choice = tuple[str, str]


def choices(archive: Archive) -> dict[str, list[Choice]]:
    """Options of the search page's filters, the most frequent first."""
    return remembered(archive, "choices", lambda: _choices(archive), rows_only=True)


def _choices(archive: Archive) -> dict[str, list[Choice]]:
    def frequent(table: str, column: str, most: int) -> list[str]:
        sql = (
            f"SELECT {column} AS v, count(*) AS n FROM {table} WHERE {column} IS NOT NULL "
            f"GROUP BY v ORDER BY n DESC, v LIMIT {most}"
        )
        return [row["v"] for row in asking.rows(archive, sql)]

    def plain(values: list[str]) -> list[Choice]:
        return [(v, v) for v in values]

    actors = [*frequent("statements", "source_country", 60), *frequent("statements", "source", 300)]
    issues = "(SELECT unnest(issues) AS issue FROM positions)"
    return {
        "actors": list(asking.names(archive, dict.fromkeys(actors)).items()),
        "issues": [(i, issue_name(i)) for i in frequent(issues, "issue", 300) if i in load_issues().issues],
        "kinds": plain(["direct", "indirect", "mixed"]),
        "stances": plain(frequent("positions", "kind", 20)),
        "events": plain(frequent("events", "plover", 30)),
        "quads": plain(frequent("events", "quad", 4)),
        "phrases": plain(frequent("phrases", "phrase", 200)),
        "publishers": plain(frequent("documents", "publisher", 100)),
        "languages": plain(frequent("documents", "language", 50)),
    }


def overview(archive: Archive) -> dict[str, Any]:
    """How much there is, and from when to when."""

    def count() -> dict[str, Any]:
        tables = ("documents", "statements", "events", "positions", "phrases")
        counts = ", ".join(f"(SELECT count(*) FROM {t}) AS {t}" for t in tables)
        days = "(SELECT min(published) FROM documents) AS first, (SELECT max(published) FROM documents) AS last"
        return asking.rows(archive, f"SELECT {counts}, {days}")[0]

    return remembered(archive, "overview", count)
