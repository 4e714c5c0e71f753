"""Filters as SQL conditions on the archive's tables. Values go in as quoted literals made here and nowhere else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from communique.coding.issue_codebook import load_issues
from communique.web.filters import Filters, Kind

_TERM = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')

WORDS = {"statements": "content", "events": "words", "positions": "words", "phrases": "words"}
SPEAKERS = {
    "statements": ("source", "source_country"),
    "positions": ("actor", "actor_country"),
    "phrases": ("actor", "actor_country"),
}
WHOM = {
    "statements": ("addressees", "addressee_countries"),
    "events": ("targets", "target_countries"),
    "positions": ("targets", "target_countries"),
}


ACTOR, BODY, TARGET, ISSUE = "@/>#"
"""What a tag begins with: an actor or state of a row, one whose body such an actor is, one whom it is to, an issue."""


@dataclass(frozen=True)
class Part:
    """One condition on the rows of a table; rows of another table follow by the statement that they share.

    sql: on the table as it is. An index finds the same by `term`, words in the row's text, or by `tags`, any of which a
    row may have (see `web/index`).
    """

    table: Kind
    sql: str
    term: str = ""
    tags: tuple[str, ...] = ()


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


def conditions(kind: Kind, f: Filters, actors_named: dict[str, list[str]]) -> str:
    """The WHERE of a search on an archive's own tables; see `parts`."""
    found = ["duplicate IS NOT TRUE"]
    found += [f"({' OR '.join(_here(kind, part) for part in group)})" for group in parts(kind, f, actors_named)]
    return " AND ".join(found)


def _here(kind: Kind, part: Part) -> str:
    """A condition on another table as one on this."""
    if part.table == kind:
        return part.sql
    link = "id" if kind == "statements" else "statement"
    other = "id" if part.table == "statements" else "statement"
    return f"{link} IN (SELECT {other} FROM {part.table} WHERE {part.sql})"


def parts(kind: Kind, f: Filters, actors_named: dict[str, list[str]]) -> list[list[Part]]:
    """What a search asks of a row besides that it is no copy: of each group, one part at least.

    Args:
        kind: of rows.
        f: what is asked.
        actors_named: for each term of the search, ids of the actors called so.
    """
    found = [[Part(kind, some)] for some in period("day", f.since, f.until)]
    for term in terms(f.q):
        found.append([Part(kind, holds_words(WORDS[kind], term), term=term)])
        if named := actors_named.get(term, ()):
            found[-1].append(Part(kind, _of_one(kind, named), tags=tuple(ACTOR + id for id in named)))
        if issues := issues_named(term):
            found[-1].append(touching(issues))
    if f.actor:
        found.append([by_actor(kind, f.actor)])
    if f.target:
        found.append([towards("statements" if kind == "phrases" else kind, f.target)])
    if f.issue:
        found.append([touching(issue_ids(f.issue))])
    if f.kind:
        found.append([Part(kind if kind == "positions" else "statements", f"kind = {quoted(f.kind)}")])
    if f.event:
        found.append([Part("events", f"plover = {quoted(f.event)}")])
    if f.quad:
        found.append([Part("events", f"quad = {quoted(f.quad)}")])
    if f.done:
        found.append([Part("events", f"modality NOT IN ({listed(NOT_DONE)})")])
    if f.phrase:
        found.append([Part("phrases", f"phrase = {quoted(f.phrase)}")])
    if f.publisher:
        found.append([Part(kind, f"publisher = {quoted(f.publisher)}")])
    if f.language:
        some = f"document IN (SELECT id FROM documents WHERE language = {quoted(f.language)})"
        found.append([Part(kind, some)])
    return found


def _of_one(kind: Kind, ids: Sequence[str]) -> str:
    """Rows of one of these actors or states."""
    if kind == "events":
        return f"({holds_any('sources', ids)} OR {holds_any('source_countries', ids)})"
    who, country = SPEAKERS[kind]
    return f"({who} IN ({listed(ids)}) OR {country} IN ({listed(ids)}))"


def by_actor(kind: Kind, id: str) -> Part:
    """Rows of an actor; of a state, those of all its people and bodies."""
    if kind == "events":
        return Part(kind, among_actors(("sources", "source_countries"), id), tags=(ACTOR + id,))
    return Part(kind, is_actor(SPEAKERS[kind], id), tags=(ACTOR + id, BODY + id))


def towards(kind: Kind, id: str) -> Part:
    """Rows that are to or on somebody."""
    return Part(kind, among_actors(WHOM[kind], id), tags=(TARGET + id,))


def touching(issues: Sequence[str]) -> Part:
    """Positions on any of these issues."""
    return Part("positions", holds_any("issues", issues), tags=tuple(ISSUE + i for i in issues))
