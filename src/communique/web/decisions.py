"""What reviewers decided: lists and counts of the table of reviews."""

import json

from communique.archive.store import Archive
from communique.web.asking import Row, rows
from communique.web.correcting import FIELDS
from communique.web.questions import listed, quoted


def reviews(archive: Archive, row: str = "", most: int = 30) -> list[Row]:
    """Decisions, the newest first: of one row, or of all."""
    where = f'"row" = {quoted(row)}' if row else "TRUE"
    return rows(archive, f'SELECT * FROM reviews WHERE {where} ORDER BY "at" DESC, id DESC LIMIT {most}')


def told(archive: Archive, most: int = 30) -> list[Row]:
    """Newest decisions as people read them: with the words of the row, and of its changes the fields of the form."""
    found = reviews(archive, most=most)
    words: dict[str, str] = {}
    for table, column in (("statements", "content"), ("events", "words"), ("positions", "words")):
        ids = listed([r["row"] for r in found if r["table"] == table])
        sql = f"SELECT id, {column} AS words FROM machine.{table} WHERE id IN ({ids})"
        words.update((r["id"], r["words"]) for r in rows(archive, sql))
    for one in found:
        given = json.loads(one["corrections"] or "{}")
        one["words"] = given.get("content") or words.get(one["row"], one["row"])
        one["changes"] = [
            (field, ", ".join(map(str, value)) if isinstance(value, list) else "–" if value is None else str(value))
            for field, value in given.items()
            if one["decision"] == "correct" and field in FIELDS[one["table"]]
        ]
    return found


def reviewers(archive: Archive) -> list[Row]:
    """Who decided how often."""
    return rows(
        archive,
        "SELECT reviewer, count(*) AS count, count(*) FILTER (WHERE decision = 'confirm') AS confirmed, "
        "count(*) FILTER (WHERE decision = 'correct') AS corrected, count(*) FILTER (WHERE decision = 'reject') "
        "AS rejected, "
        "count(*) FILTER (WHERE decision = 'add') AS added, max(\"at\") AS last FROM reviews GROUP BY reviewer "
        "ORDER BY count DESC, reviewer",
    )


def agreement(archive: Archive) -> list[Row]:
    """By table: how many of the machine's rows that were reviewed were confirmed, and how often two reviewers agree."""
    return rows(
        archive,
        "WITH newest AS (SELECT * FROM reviews WHERE decision <> 'add' QUALIFY row_number() OVER "
        '(PARTITION BY "row", reviewer ORDER BY "at" DESC, id DESC) = 1), '
        "pairs AS (SELECT a.\"table\" AS t, (a.decision = 'reject') = (b.decision = 'reject') "
        "AND coalesce(a.corrections, '') = coalesce(b.corrections, '') AS same "
        'FROM newest a JOIN newest b ON a."row" = b."row" AND a.reviewer < b.reviewer) '
        'SELECT n."table" AS "table", count(*) AS decisions, '
        "avg((decision = 'confirm' AND corrections IS NULL)::INT) AS confirmed, "
        '(SELECT count(*) FROM pairs WHERE t = n."table") AS twice, (SELECT avg(same::INT) FROM pairs WHERE t = '
        'n."table") AS same '
        'FROM newest n GROUP BY n."table" ORDER BY decisions DESC, n."table"',
    )
