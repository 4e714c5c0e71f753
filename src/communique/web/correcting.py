"""What a form says of a row, as a review that the archive keeps."""

from collections.abc import Mapping
from typing import Any, get_args

from communique.actors.registry import load_registry
from communique.archive.reviews import REVIEWED, Review, review
from communique.archive.rows import country_of
from communique.archive.store import Archive
from communique.coding.codebook import load_codebook
from communique.coding.issue_codebook import load_issues
from communique.errors import InputError
from communique.records import Modality, PositionKind, StatementKind
from communique.web.asking import Row, actor_id, rows
from communique.web.questions import quoted

FIELDS: dict[str, tuple[str, ...]] = {
    "statements": ("source", "addressees", "kind", "negated", "occasion", "date"),
    "events": ("sources", "targets", "plover", "mode", "modality", "date"),
    "positions": ("actor", "targets", "issues", "kind", "condition"),
}
_LISTS = {"addressees", "sources", "targets", "issues"}
_ACTORS = {"source", "actor", "addressees", "sources", "targets"}


def choices_of(table: str) -> dict[str, tuple[str, ...]]:
    """Values of the fields that have a fixed set."""
    if table == "statements":
        return {"kind": get_args(StatementKind)}
    if table == "events":
        return {"plover": tuple(load_codebook().classes), "modality": get_args(Modality)}
    return {"kind": get_args(PositionKind)}


def row_of(archive: Archive, table: str, id: str) -> Row | None:
    """A row as it counts now; where it was rejected, as the machine made it."""
    if table not in REVIEWED:
        return None
    for source in (table, f"machine.{table}"):
        if found := rows(archive, f"SELECT * FROM {source} WHERE id = {quoted(id)}"):
            return found[0]
    return None


def actor_of(archive: Archive, field: str, given: str) -> str:
    """The id of an actor whom a reviewer names by id or by whole name.

    Raises:
        InputError: nobody is called so, and it is no id of a person or body either.
    """
    id = actor_id(archive, given)
    known = "/" in id or id in load_registry().entries
    if not known and not rows(archive, f"SELECT id FROM actors WHERE id = {quoted(id)} LIMIT 1"):
        raise InputError(f"{field}: nobody is called {given!r}; give an id, such as CHN, CHN/mfa or person/NAME")
    return id


def _several(archive: Archive, field: str, said: str) -> list[str]:
    """Ids with commas or spaces between them; names of actors with commas."""
    whole = field in _ACTORS and actor_id(archive, said) != said
    parts = [part.strip() for part in said.split(",")] if "," in said or whole else said.split()
    return [actor_of(archive, field, part) if field in _ACTORS else part for part in parts if part]


def changed(archive: Archive, table: str, row: Row, given: Mapping[str, str]) -> dict[str, Any]:
    """The columns that a form changes, as values of the table.

    Raises:
        InputError: a value is not among those that its field may have.
    """
    found: dict[str, Any] = {}
    for field in FIELDS[table]:
        said = " ".join(given.get(field, "").split())
        value: Any = said or None
        if field in _LISTS:
            value = _several(archive, field, said)
        elif field in _ACTORS and said:
            value = actor_of(archive, field, said)
        elif field == "negated":
            value = said == "yes"
        allowed = choices_of(table).get(field)
        if allowed and value not in allowed:
            raise InputError(f"{field}: {said!r} is none of {', '.join(allowed)}")
        if field == "issues" and (unknown := [i for i in value if i not in load_issues().issues]):
            raise InputError(f"issues: {unknown[0]!r} is not in the codebook")
        before = row[field]
        before = before or [] if field in _LISTS else str(before) if field == "date" and before else before
        if value != before:
            found[field] = value
    return found


def correct(
    archive: Archive, table: str, id: str, given: Mapping[str, str], reviewer: str, reason: str | None
) -> Review:
    """Keep a correction.

    Raises:
        InputError: there is no such row, nothing is changed, or a value does not fit.
    """
    row = row_of(archive, table, id)
    if row is None:
        raise InputError(f"{table}: no row {id!r} in this archive")
    corrections = changed(archive, table, row, given)
    if not corrections:
        raise InputError("nothing is changed; confirm the row instead")
    return review(archive, table, id, "correct", reviewer, corrections, reason)


def add_statement(
    archive: Archive, document: str, start: int, end: int, actor: str, kind: str, reviewer: str, reason: str | None
) -> Review:
    """Keep a statement that the coder missed.

    Args:
        archive: where.
        document: id of the document.
        start, end: the statement's words, characters of the text.
        actor: id or whole name of who says it, "" where it is not named.
        kind: direct, indirect or mixed.
        reviewer: who says so.
        reason: why.

    Raises:
        InputError: there is no such document, actor or kind, or no words there.
    """
    record = archive.record(document)
    if record is None:
        raise InputError(f"no document {document!r} in this archive")
    text = record.document.text
    if not (0 <= start < end <= len(text)) or not text[start:end].strip():
        raise InputError(f"characters {start} to {end} hold no words of this text of {len(text)}")
    if kind not in get_args(StatementKind):
        raise InputError(f"kind: {kind!r} is none of {', '.join(get_args(StatementKind))}")
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    actor = actor_of(archive, "speaker", actor) if actor else ""
    said = record.document.published
    row = {
        "content": text[start:end],
        "content_spans": [[start, end]],
        "source": actor or None,
        "kind": kind,
        "negated": False,
        "addressees": [],
        "addressee_countries": [],
        "source_spans": [],
        "cue_spans": [],
        "confidence": 1.0,
        "day": said[:10] if said else None,
        "publisher": record.document.publisher,
        "duplicate": record.document.duplicate_of is not None,
    }
    row["source_country"] = country_of(actor or None, {a.id: a for a in record.actors})
    return review(archive, "statements", document, "add", reviewer, row, reason)


def queue(archive: Archive, table: str, by: str, most: int = 25) -> list[Row]:
    """Rows that nobody has reviewed: the least sure first, or by chance (always the same chance)."""
    if table not in REVIEWED:
        raise InputError(f"{table}: only {', '.join(REVIEWED)} can be reviewed")
    order = "hash(id)" if by == "random" else "confidence, id"
    words = "content" if table == "statements" else "words"
    return rows(
        archive,
        f"WITH top AS MATERIALIZED (SELECT id, confidence FROM machine.{table} m WHERE NOT EXISTS "
        f'(FROM reviews WHERE "row" = m.id) ORDER BY {order} LIMIT {most}) '
        f"SELECT id, document, confidence, {words} AS words FROM machine.{table} SEMI JOIN top USING (id) "
        f"ORDER BY {order}",
    )
