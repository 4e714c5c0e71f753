"""Counts of formulas: who uses which, since when, in which words."""

from communique.archive.store import Archive
from communique.web.asking import Row, rows
from communique.web.questions import is_actor, quoted
from communique.web.summaries import SPEAKS, STANDS


def phrases_of(archive: Archive, id: str, most: int = 15) -> list[Row]:
    """Formulas of the codebook that an actor uses, with the share of all uses that are its own."""
    return rows(
        archive,
        f"SELECT phrase, count(*) FILTER (WHERE {is_actor(STANDS, id)}) AS count, count(*) AS uses FROM phrases "
        f"GROUP BY phrase HAVING count > 0 ORDER BY count * count::DOUBLE / uses DESC, phrase LIMIT {most}",
    )


def formulas(archive: Archive) -> list[Row]:
    """Formulas in use: how often, by how many sides, first and last day."""
    return rows(
        archive,
        "SELECT phrase, count(*) AS count, count(DISTINCT coalesce(actor_country, actor)) AS sides, min(day) AS "
        "first, "
        "max(day) AS last FROM phrases WHERE NOT coalesce(duplicate, FALSE) GROUP BY phrase ORDER BY count "
        "DESC, phrase",
    )


def users_of(archive: Archive, phrase: str) -> list[Row]:
    """Sides that use a formula: how often, first and last day, with the documents of these."""
    return rows(
        archive,
        "SELECT coalesce(actor_country, actor) AS id, count(*) AS count, min(day) AS first, arg_min(document, "
        "day) AS first_in, "
        f"max(day) AS last, arg_max(document, day) AS last_in FROM phrases WHERE phrase = {quoted(phrase)} "
        "GROUP BY id ORDER BY count DESC, id NULLS LAST LIMIT 50",
    )


def uses_in_context(archive: Archive, phrase: str, most: int = 40, around: int = 70) -> list[Row]:
    """The newest uses of a formula, each with the words before and after it."""
    return rows(
        archive,
        "SELECT p.document, p.statement, p.day, coalesce(p.actor_country, p.actor) AS actor, d.title, "
        f"d.text[greatest(1, p.at - {around} + 1) : p.at] AS before, p.words, d.text[p.till + 1 : p.till + "
        f"{around}] AS after "
        "FROM (SELECT *, spans[1][1] AS at, spans[len(spans)][2] AS till FROM phrases "
        f"WHERE phrase = {quoted(phrase)} ORDER BY day DESC NULLS LAST, document, n LIMIT {most}) p "
        "JOIN documents d ON d.record = p.record ORDER BY p.day DESC NULLS LAST, p.document, p.n",
    )


def said_by(archive: Archive, actor: str) -> int:
    """How many statements a side has made."""
    found: int = rows(archive, f"SELECT count(*) AS n FROM statements WHERE {is_actor(SPEAKS, actor)}")[0]["n"]
    return found
