"""Filters as SQL conditions on the archive's tables. Values go in as quoted literals made here and nowhere else."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from communique.coding.issue_codebook import load_issues
from communique.web.filters import Filters, Kind

_TERM = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')

WORDS = {"statements": "content", "events": "words", "positions": "words", "phrases": "words"}
_WHO = {"statements": "source", "positions": "actor", "phrases": "actor"}
_COUNTRY = {"statements": "source_country", "positions": "actor_country", "phrases": "actor_country"}
SPEAKERS = {kind: (_WHO[kind], _COUNTRY[kind]) for kind in _WHO}
_WHOM = {"statements": "addressees", "events": "targets", "positions": "targets"}
_WHOM_COUNTRY = {"statements": "addressee_countries", "events": "target_countries", "positions": "target_countries"}


@dataclass(frozen=True)
class Ways:
    """How an archive's tables are asked; an index has quicker ways to find the same (see `web/index`).

    word: from a kind of row, a term of a search and the ids of actors called so to the condition that the row has the
    words or is of such an actor. issues: positions on one of these. schema: of the tables, with its dot. id, of:
    columns that tell a statement and tie other rows to theirs.
    """

    word: Callable[[Kind, str, Sequence[str]], str]
    issues: Callable[[Sequence[str]], str]
    schema: str = ""
    id: str = "id"
    of: str = "statement"


NOT_DONE = ("demanded", "conditional", "denied")  # as in analysis/dyads.py


def quoted(value: str) -> str:
    """A value as an SQL string."""
    return "'" + value.replace("\x00", "").replace("'", "''") + "'"


def listed(values: Sequence[str]) -> str:
    return ", ".join(quoted(v) for v in values) or "NULL"


def terms(q: str) -> list[str]:
    """Words and quoted phrases of a search, in lower case."""
    found = (next(filter(None, match.groups())) for match in _TERM.finditer(q))
    return [" ".join(term.lower().split()) for term in found if term.strip('"“”*')]


def pattern(term: str) -> str:
    """A term as a regular expression (RE2) on text in lower case: whole words, hyphens as written, `*` any ending."""
    inner = r"\s+".join(re.escape(word) for word in term.rstrip("*").split())
    tail = "" if term.endswith("*") else r"($|[^\pL\pN])"
    return rf"(^|[^\pL\pN]){inner}{tail}"


def holds_words(column: str, term: str) -> str:
    """Rows whose words hold a term; the plain test in front of the expression spares most rows the slow one."""
    longest = max(term.rstrip("*").split(), key=len)
    return (
        f"(contains(lower({column}), {quoted(longest)}) AND regexp_matches(lower({column}), {quoted(pattern(term))}))"
    )


def holds_any(column: str, values: Sequence[str]) -> str:
    """Rows whose list has one of these; far quicker one by one than by list_has_any where they are few."""
    if not 0 < len(values) <= 12:
        return f"list_has_any({column}, [{listed(values)}])"
    return "(" + " OR ".join(f"list_contains({column}, {quoted(v)})" for v in values) + ")"


def _word(kind: Kind, term: str, named: Sequence[str]) -> str:
    either = [holds_words(WORDS[kind], term)]
    if named and kind == "events":
        either += [holds_any("sources", named), holds_any("source_countries", named)]
    elif named:
        either += [f"{_WHO[kind]} IN ({listed(named)})", f"{_COUNTRY[kind]} IN ({listed(named)})"]
    return " OR ".join(either)


PLAIN = Ways(_word, lambda issues: holds_any("issues", issues))
"""How an archive's own tables are asked."""


def issue_ids(issue: str) -> list[str]:
    """An issue and the narrower ones below it."""
    return load_issues().with_narrower(issue)


def issues_named(term: str) -> list[str]:
    """Issues whose name is or holds this term as words."""
    sought = f" {term} "
    return [i.id for i in load_issues().issues.values() if sought in f" {i.name.lower()} "]


def is_actor(columns: tuple[str, str], id: str) -> str:
    """The actor itself, its bodies, and for a state everybody of it."""
    who, country = columns
    return f"({who} = {quoted(id)} OR starts_with({who}, {quoted(id + '/')}) OR {country} = {quoted(id)})"


def among_actors(columns: tuple[str, str], id: str) -> str:
    """The same for columns that hold lists."""
    who, country = columns
    return f"(list_contains({who}, {quoted(id)}) OR list_contains({country}, {quoted(id)}))"


def period(column: str, since: str, until: str) -> list[str]:
    """Days from `since` to `until`, both included, each a year, a month or a day."""
    found = []
    if since:
        found.append(f"{column} >= DATE {quoted(_padded(since, '01-01'))}")
    if until:
        step = {4: "1 YEAR", 7: "1 MONTH"}.get(len(until), "1 DAY")
        found.append(f"{column} < DATE {quoted(_padded(until, '01-01'))} + INTERVAL {step}")
    return found


def _padded(date: str, rest: str) -> str:
    return "-".join([*date.split("-"), *rest.split("-")][:3]) if len(date) < 10 else date


def conditions(kind: Kind, f: Filters, actors_named: dict[str, list[str]], ways: Ways = PLAIN) -> str:
    """The WHERE of a search.

    Args:
        kind: of rows.
        f: what is asked.
        actors_named: for each term of the search, ids of the actors called so.
        ways: how the tables are asked.
    """
    found = ["duplicate IS NOT TRUE", *period("day", f.since, f.until)]
    link = ways.id if kind == "statements" else ways.of

    def linked(table: str, some: str) -> str:
        """Rows of the same statement as some of another table."""
        return f"{link} IN (SELECT {ways.of} FROM {ways.schema}{table} WHERE {some})"

    def in_statements(some: str) -> str:
        return f"{ways.of} IN (SELECT {ways.id} FROM {ways.schema}statements WHERE {some})"

    for term in terms(f.q):
        either = [ways.word(kind, term, actors_named.get(term, ()))]
        if issues := issues_named(term):
            either.append(linked("positions", ways.issues(issues)))
        found.append(f"({' OR '.join(either)})")
    if f.actor:
        if kind == "events":
            found.append(among_actors(("sources", "source_countries"), f.actor))
        else:
            found.append(is_actor((_WHO[kind], _COUNTRY[kind]), f.actor))
    if f.target:
        if kind == "phrases":
            found.append(in_statements(among_actors(("addressees", "addressee_countries"), f.target)))
        else:
            found.append(among_actors((_WHOM[kind], _WHOM_COUNTRY[kind]), f.target))
    if f.issue:
        some = ways.issues(issue_ids(f.issue))
        found.append(some if kind == "positions" else linked("positions", some))
    if f.kind:
        some = f"kind = {quoted(f.kind)}"
        found.append(some if kind in ("statements", "positions") else in_statements(some))
    for column, value in (("plover", f.event), ("quad", f.quad)):
        if value:
            some = f"{column} = {quoted(value)}"
            found.append(some if kind == "events" else linked("events", some))
    if f.done:
        some = f"modality NOT IN ({listed(NOT_DONE)})"
        found.append(some if kind == "events" else linked("events", some))
    if f.phrase:
        some = f"phrase = {quoted(f.phrase)}"
        found.append(some if kind == "phrases" else linked("phrases", some))
    if f.publisher:
        found.append(f"publisher = {quoted(f.publisher)}")
    if f.language:
        found.append(f"document IN (SELECT id FROM documents WHERE language = {quoted(f.language)})")
    return " AND ".join(found) or "TRUE"
