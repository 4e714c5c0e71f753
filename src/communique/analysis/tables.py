"""Rows of an archive by actor, target, issue, time, kind and words: `statements`, `events`, `positions`, `phrases`.

Near copies are left out: a report and its reprints are one family, of which one is coded. The column `reports` says how
many documents the family has, so that whoever wants to count reports can.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from communique.archive.store import Archive
from communique.coding.issue_codebook import load_issues
from communique.errors import InputError, MissingPartError

if TYPE_CHECKING:
    import pyarrow as pa

Form = Literal["arrow", "pandas", "polars", "rows"]
Day = date | str | None

# Which columns each filter looks at: one id and its country, or lists of them.
_ACTOR = {
    "statements": ("source", "source_country"),
    "events": ("sources", "source_countries"),
    "positions": ("actor", "actor_country"),
    "phrases": ("actor", "actor_country"),
}
_TARGET = {
    "statements": ("addressees", "addressee_countries"),
    "events": ("targets", "target_countries"),
    "positions": ("targets", "target_countries"),
}
_KIND = {
    "statements": ("kind",),
    "events": ("plover", "mode", "quad", "cameo"),
    "positions": ("kind",),
    "phrases": ("phrase",),
}
_WORDS = {"statements": "content", "events": "words", "positions": "words", "phrases": "words"}
_LISTS = {"sources", "targets", "addressees"}
_STATE = re.compile(r"[A-Z]{3}")


def statements(archive: Archive, *, form: Form = "arrow", **filters: Any) -> Any:
    """Who said what: one row a statement; see `rows_where` for the filters. `kind`: direct, indirect or mixed."""
    return shaped(rows_where(archive, "statements", **filters), form)


def events(archive: Archive, *, form: Form = "arrow", **filters: Any) -> Any:
    """Who did what to whom: one row an event; see `rows_where`. `kind`: a PLOVER class, a mode, a CAMEO code …"""
    return shaped(rows_where(archive, "events", **filters), form)


def positions(archive: Archive, *, form: Form = "arrow", **filters: Any) -> Any:
    """Who stands where on what: one row a position; see `rows_where`. `kind`: demand, refusal, red_line …"""
    return shaped(rows_where(archive, "positions", **filters), form)


def phrases(archive: Archive, *, form: Form = "arrow", **filters: Any) -> Any:
    """Official formulas: one row a use; see `rows_where`. `kind`: the formula."""
    return shaped(rows_where(archive, "phrases", **filters), form)


def rows_where(
    archive: Archive,
    table: str,
    *,
    actor: str | None = None,
    target: str | None = None,
    issue: str | None = None,
    start: Day = None,
    end: Day = None,
    kind: str | None = None,
    text: str | None = None,
    copies: bool = False,
    limit: int | None = None,
) -> "pa.Table":
    """Rows of a table that pass all filters given, newest first, with `reports`, the size of the document's family.

    Args:
        archive: where to look.
        table: "statements", "events", "positions" or "phrases".
        actor: who speaks or acts: an id, or a state's code, which takes in its bodies and officials.
        target: who is addressed or acted upon, likewise.
        issue: an issue of the codebook, those below it included; statements, events and formulas count where a
            position in the same statement touches it.
        start: first day, as date or YYYY-MM-DD.
        end: last day, itself included.
        kind: what kind of row; see the functions above.
        text: words that the row's passage holds, in any case.
        copies: keep rows of near copies too, where an archive has any.
        limit: at most so many rows.

    Raises:
        InputError: no such table, a day that is none, or a filter that the table has no column for.
    """
    where, given = conditions(
        table, actor=actor, target=target, issue=issue, start=start, end=end, kind=kind, text=text, copies=copies
    )
    columns = "t.* EXCLUDE (record, n), r.reports"
    most = f"LIMIT {int(limit)}" if limit is not None else ""
    return archive.ask(
        f"""
        WITH sizes AS (SELECT family, count(*) AS reports FROM documents GROUP BY family),
             r AS (SELECT record, reports FROM documents JOIN sizes USING (family)),
             t AS (SELECT * FROM {table} t WHERE {where} ORDER BY day DESC NULLS LAST, document, n {most})
        SELECT {columns} FROM t LEFT JOIN r USING (record) ORDER BY t.day DESC NULLS LAST, t.document, t.n
        """,
        given,
    )


def conditions(
    table: str,
    *,
    actor: str | None = None,
    target: str | None = None,
    issue: str | None = None,
    start: Day = None,
    end: Day = None,
    kind: str | None = None,
    text: str | None = None,
    copies: bool = False,
) -> tuple[str, list[Any]]:
    """The filters of `rows_where` as an SQL condition on the table under the name t, and its parameters."""
    if table not in _ACTOR:
        raise InputError(f"{table}: ask one of {', '.join(_ACTOR)}")
    parts: list[str] = [] if copies else ["t.duplicate IS NOT TRUE"]
    given: list[Any] = []
    if actor:
        named, values = involves(actor, *_ACTOR[table])
        parts.append(named)
        given += values
    if target:
        if table not in _TARGET:
            raise InputError(f"{table}: have no target; leave it out, or ask for positions or statements")
        named, values = involves(target, *_TARGET[table])
        parts.append(named)
        given += values
    if issue:
        parts.append(
            "list_has_any(t.issues, ?)"
            if table == "positions"
            else f"(t.record, t.{'id' if table == 'statements' else 'statement'}) IN "
            "(SELECT (record, statement) FROM positions WHERE list_has_any(issues, ?))"
        )
        given.append(load_issues().with_narrower(issue))
    for day, compared in ((as_day(start, "from"), ">="), (as_day(end, "to"), "<=")):
        if day is not None:
            parts.append(f"t.day {compared} ?")
            given.append(day)
    if kind:
        parts.append("(" + " OR ".join(f"lower(t.{column}) = lower(?)" for column in _KIND[table]) + ")")
        given += [kind] * len(_KIND[table])
    if text:
        parts.append(f"contains(lower(t.{_WORDS[table]}), lower(?))")
        given.append(text)
    return " AND ".join(parts) or "true", given


def involves(actor: str, ids: str, countries: str) -> tuple[str, list[Any]]:
    """SQL for "this column names the actor, one of its bodies or somebody of that state", and its parameters."""
    if _STATE.fullmatch(actor) and actor not in ("IGO", "NGO"):
        # The archive writes the country beside every state, body and official: one column tells, and it is narrow.
        return (f"list_contains(t.{countries}, ?)" if ids in _LISTS else f"t.{countries} = ?"), [actor]
    if "/" not in actor:
        either = f"list_contains(t.{countries}, ?)" if ids in _LISTS else f"t.{countries} = ?"
        same = f"list_contains(t.{ids}, ?)" if ids in _LISTS else f"t.{ids} = ?"
        return f"({either} OR {same})", [actor, actor]
    if ids in _LISTS:
        below = f"contains(concat('|', array_to_string(t.{ids}, '|')), concat('|', ?::VARCHAR, '/'))"
        return f"(list_contains(t.{ids}, ?) OR {below})", [actor, actor]
    return f"(t.{ids} = ? OR starts_with(t.{ids}, concat(?::VARCHAR, '/')))", [actor, actor]


def as_day(value: Day, name: str) -> date | None:
    """A day given as date or text.

    Raises:
        InputError: it is none.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InputError(f"--{name} {value}: is no day; write it YYYY-MM-DD") from None


def shaped(table: "pa.Table", form: Form) -> Any:
    """A table as Arrow, pandas, polars or a list of dicts.

    Raises:
        MissingPartError: pandas or polars is not installed.
        InputError: no such form.
    """
    if form == "arrow":
        return table
    if form == "rows":
        return table.to_pylist()
    if form not in ("pandas", "polars"):
        raise InputError(f"{form}: tables come as arrow, pandas, polars or rows")
    try:
        if form == "pandas":
            return table.to_pandas()
        import polars

        return polars.from_arrow(table)
    except ImportError:
        raise MissingPartError(f"{form} is not installed; pip install {form}") from None


def columns_shown(table: str) -> Sequence[str]:
    """The columns of a table that fit on a screen."""
    return {
        "statements": ("day", "source", "addressees", "kind", "cue", "content", "reports"),
        "events": ("day", "sources", "plover", "targets", "cameo", "modality", "words", "reports"),
        "positions": ("day", "actor", "kind", "targets", "issues", "words", "reports"),
        "phrases": ("day", "actor", "phrase", "words", "reports"),
    }[table]
