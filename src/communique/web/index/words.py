"""Which rows hold a word: postings in the index, and the same question as a plain condition where there is none.

A word is a run of letters and digits of a text in lower case. `questions.scanned` reads every text; `looked_up` finds the same rows
through the postings: for a word or a beginning by them alone, for more by them first and the texts of those rows then.
"""

import re

import duckdb

from communique.web.filters import KINDS, Kind
from communique.web.questions import WORDS, Sought, quoted, scanned

_SPLIT = r"list_filter(string_split_regex(lower({text}), '[^\pL\pN]+'), lambda w: w <> '')"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Postings by kind of row, and the words that there are; both by the word's hash, which is smaller."""
    connection.execute("CREATE SCHEMA words")
    for kind in KINDS:
        connection.execute(f"CREATE TABLE words.{kind} (word UBIGINT, place INTEGER)")
    connection.execute("CREATE TABLE words.known (word UBIGINT, written VARCHAR)")


def add(connection: duckdb.DuckDBPyConnection, kind: Kind, after: int) -> None:
    """The words of rows behind a place."""
    split = _SPLIT.format(text=WORDS[kind])
    rows = f"SELECT place_, unnest({split}) AS w FROM base.{kind} WHERE place_ > {after}"
    connection.execute(f"INSERT INTO words.{kind} SELECT DISTINCT hash(w), place_ FROM ({rows}) ORDER BY ALL")
    connection.execute(
        f"INSERT INTO words.known SELECT hash(w), w FROM (SELECT DISTINCT w FROM ({rows})) "
        "WHERE hash(w) NOT IN (SELECT word FROM words.known) ORDER BY w"
    )


def looked_up(connection: duckdb.DuckDBPyConnection) -> Sought:
    """How to ask an index; the connection cuts terms into words as texts are cut."""

    def condition(kind: Kind, term: str) -> str:
        with connection.cursor() as cursor:
            cut: list[str] = cursor.execute(f"SELECT {_SPLIT.format(text='?')}", [term.rstrip("*")]).fetchall()[0][0]
        if not cut:  # nothing but signs
            return scanned(kind, term)
        whole, begun = (cut[:-1], cut[-1:]) if term.endswith("*") and _ends_in_word(term) else (cut, [])
        parts = [_holding(kind, f"word = hash({quoted(w)})") for w in dict.fromkeys(whole)]
        parts += [
            _holding(kind, f"word IN (SELECT word FROM words.known WHERE starts_with(written, {quoted(w)}))")
            for w in begun
        ]
        if len(cut) > 1 or cut[0] != term.rstrip("*"):
            parts.append(scanned(kind, term))
        return f"({' AND '.join(parts)})"

    return condition


def _holding(kind: Kind, which: str) -> str:
    return f"place_ IN (SELECT place FROM words.{kind} WHERE {which})"


def _ends_in_word(term: str) -> bool:
    return bool(re.search(r"\w$", term.rstrip("*").rstrip()))
