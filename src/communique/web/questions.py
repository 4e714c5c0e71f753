"""Filters as SQL conditions on the archive's tables. Values go in as quoted literals made here and nowhere else."""

import re
from collections.abc import Callable, Sequence

from communique.coding.issues import load_issues
from communique.web.filters import Filters, Kind

_TERM = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')

WORDS = {"statements": "content", "events": "words", "positions": "words", "phrases": "words"}
_WHO = {"statements": "source", "positions": "actor", "phrases": "actor"}
_COUNTRY = {"statements": "source_country", "positions": "actor_country", "phrases": "actor_country"}
_WHOM = {"statements": "addressees", "events": "targets", "positions": "targets"}
_WHOM_COUNTRY = {"statements": "addressee_countries", "events": "target_countries", "positions": "target_countries"}


Sought = Callable[[Kind, str], str]
"""From a kind of row and a term of a search to an SQL condition."""

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
    return f"(contains(lower({column}), {quoted(longest)}) AND regexp_matches(lower({column}), {quoted(pattern(term))}))"


def scanned(kind: Kind, term: str) -> str:
    """The same for a kind of row; `web/index/words.py` finds them faster."""
    return holds_words(WORDS[kind], term)


def issue_ids(issue: str) -> list[str]:
    """An issue and the narrower ones below it."""
    book = load_issues()
    below = [id for id in book.issues if issue in book.ancestors(id)]
    return [issue, *below]


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


def conditions(kind: Kind, f: Filters, actors_named: dict[str, list[str]], sought: Sought = scanned) -> str:
    """The WHERE of a search.

    Args:
        kind: of rows.
        f: what is asked.
        actors_named: for each term of the search, ids of the actors called so.
        sought: how rows are found by a word.
    """
    found = ["duplicate IS NOT TRUE", *period("day", f.since, f.until)]
    link = "id" if kind == "statements" else "statement"
    for term in terms(f.q):
        ways = [sought(kind, term)]
        if named := actors_named.get(term):
            ids = listed(named)
            if kind == "events":
                ways += [f"list_has_any(sources, [{ids}])", f"list_has_any(source_countries, [{ids}])"]
            else:
                ways += [f"{_WHO[kind]} IN ({ids})", f"{_COUNTRY[kind]} IN ({ids})"]
        if issues := issues_named(term):
            ways.append(f"{link} IN (SELECT statement FROM positions WHERE list_has_any(issues, [{listed(issues)}]))")
        found.append(f"({' OR '.join(ways)})")
    if f.actor:
        if kind == "events":
            found.append(among_actors(("sources", "source_countries"), f.actor))
        else:
            found.append(is_actor((_WHO[kind], _COUNTRY[kind]), f.actor))
    if f.target:
        if kind == "phrases":
            found.append(
                f"statement IN (SELECT id FROM statements WHERE "
                f"{among_actors(('addressees', 'addressee_countries'), f.target)})"
            )
        else:
            found.append(among_actors((_WHOM[kind], _WHOM_COUNTRY[kind]), f.target))
    if f.issue:
        some = f"list_has_any(issues, [{listed(issue_ids(f.issue))}])"
        found.append(some if kind == "positions" else f"{link} IN (SELECT statement FROM positions WHERE {some})")
    if f.kind:
        if kind in ("statements", "positions"):
            found.append(f"kind = {quoted(f.kind)}")
        else:
            found.append(f"statement IN (SELECT id FROM statements WHERE kind = {quoted(f.kind)})")
    for column, value in (("plover", f.event), ("quad", f.quad)):
        if value:
            some = f"{column} = {quoted(value)}"
            found.append(some if kind == "events" else f"{link} IN (SELECT statement FROM events WHERE {some})")
    if f.done:
        some = f"modality NOT IN ({listed(NOT_DONE)})"
        found.append(some if kind == "events" else f"{link} IN (SELECT statement FROM events WHERE {some})")
    if f.phrase:
        some = f"phrase = {quoted(f.phrase)}"
        found.append(some if kind == "phrases" else f"{link} IN (SELECT statement FROM phrases WHERE {some})")
    if f.publisher:
        found.append(f"publisher = {quoted(f.publisher)}")
    if f.language:
        found.append(f"document IN (SELECT id FROM documents WHERE language = {quoted(f.language)})")
    return " AND ".join(found) or "TRUE"
