"""Which rows hold a word, are of an actor or touch an issue: postings in the index.

A word is a run of letters and digits of a text in lower case. `questions.PLAIN` reads every text; `looked_up` finds the
same rows through the postings: for a word or a beginning by them alone, for more by them first and then by the texts of
those rows. Actors and issues are kept in the same way, with a sign in front that no word has.
"""

import re
from collections.abc import Sequence

import duckdb

from communique.web.filters import KINDS, Kind
from communique.web.questions import PLAIN, SPEAKERS, WORDS, Ways, quoted

_SPLIT = r"list_filter(string_split_regex(lower({text}), '[^\pL\pN]+'), lambda w: w <> '')"
_ACTOR, _ISSUE = "@", "#"
_TAGS = {
    **{kind: f"['{_ACTOR}' || {who}, '{_ACTOR}' || {country}]" for kind, (who, country) in SPEAKERS.items()},
    "events": f"list_transform(list_concat(sources, source_countries), lambda a: '{_ACTOR}' || a)",
}


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Postings by kind of row, and the words that there are; both by the word's hash, which is smaller."""
    connection.execute("CREATE SCHEMA words")
    for kind in KINDS:
        connection.execute(f"CREATE TABLE words.{kind} (word UBIGINT, place INTEGER)")
    connection.execute("CREATE TABLE words.known (word UBIGINT, written VARCHAR)")


def add(connection: duckdb.DuckDBPyConnection, kind: Kind, after: int) -> None:
    """The words of rows behind a place, with their actors and issues."""
    there = f"FROM base.{kind} WHERE place_ > {after}"
    rows = f"SELECT place_, unnest({_SPLIT.format(text=WORDS[kind])}) AS w {there}"
    tags = _TAGS[kind]
    if kind == "positions":
        tags = f"list_concat({tags}, list_transform(issues, lambda i: '{_ISSUE}' || i))"
    tagged = f"SELECT place_, unnest({tags}) AS w {there}"
    connection.execute(
        f"INSERT INTO words.{kind} SELECT DISTINCT hash(w), place_ FROM ({rows} UNION ALL {tagged}) "
        "WHERE w IS NOT NULL ORDER BY ALL"
    )
    connection.execute(
        f"INSERT INTO words.known SELECT hash(w), w FROM (SELECT DISTINCT w FROM ({rows})) "
        "WHERE hash(w) NOT IN (SELECT word FROM words.known) ORDER BY w"
    )


def looked_up(connection: duckdb.DuckDBPyConnection) -> Ways:
    """How to ask an index; the connection cuts terms into words as texts are cut."""

    def condition(kind: Kind, term: str, named: Sequence[str]) -> str:
        with connection.cursor() as cursor:
            cut: list[str] = cursor.execute(f"SELECT {_SPLIT.format(text='?')}", [term.rstrip("*")]).fetchall()[0][0]
        if not cut:  # nothing but signs
            return PLAIN.word(kind, term, named)
        begins = term.endswith("*") and re.search(r"\w$", term.rstrip("*").rstrip()) is not None
        actors = [_ACTOR + id for id in named]
        if len(cut) == 1 and cut[0] == term:
            return _holding(kind, _one_of([term, *actors]))
        parts = [_holding(kind, _one_of([w])) for w in dict.fromkeys(cut[:-1] if begins else cut)]
        if begins:
            begun = f"SELECT word FROM words.known WHERE starts_with(written, {quoted(cut[-1])})"
            parts.append(_holding(kind, f"word IN ({begun})"))
        if len(cut) > 1 or cut[0] != term.rstrip("*"):
            parts.append(f"({PLAIN.word(kind, term, ())})")
        found = f"({' AND '.join(parts)})"
        return f"({found} OR {_holding(kind, _one_of(actors))})" if actors else found

    def touching(issues: Sequence[str]) -> str:
        return _holding("positions", _one_of([_ISSUE + i for i in issues]))

    return Ways(condition, touching, "counted.", "id_", "of_")


def _holding(kind: Kind, which: str) -> str:
    return f"place_ IN (SELECT place FROM words.{kind} WHERE {which})"


def _one_of(words: Sequence[str]) -> str:
    hashed = [f"hash({quoted(w)})" for w in words]
    return f"word = {hashed[0]}" if len(hashed) == 1 else f"word IN ({', '.join(hashed)})"
