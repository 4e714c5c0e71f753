"""A document as the archive has it: its record, with what people decided about its rows."""

import pyarrow as pa

from communique.archive.reviews import REVIEWED
from communique.archive.rows import record_of
from communique.archive.schema import CODED, TABLES
from communique.archive.store import Archive
from communique.records import Record
from communique.web.asking import Row, rows
from communique.web.questions import quoted

_LISTS = {f.name for schema in TABLES.values() for f in schema if pa.types.is_list(f.type)}


def reviewed_record(archive: Archive, document: str) -> Record | None:
    """A document's record with people's corrections and additions; what they rejected stays, for the page to strike."""
    machine = archive.record(document)
    changed = [r for r in verdicts(archive, document).values() if r["decision"] in ("correct", "add")]
    if machine is None or not changed:
        return machine
    wanted = quoted(document)
    parts = {}
    for table in CODED:
        key = "id" if table in REVIEWED else "n"
        there = {
            r[key]: r for r in rows(archive, f"SELECT * FROM machine.{table} WHERE document = {wanted} ORDER BY n")
        }
        if table in REVIEWED:
            there.update((r[key], r) for r in rows(archive, f"SELECT * FROM {table} WHERE document = {wanted}"))
        parts[table] = [{k: [] if v is None and k in _LISTS else v for k, v in r.items()} for r in there.values()]
    return record_of(rows(archive, f"SELECT * FROM machine.documents WHERE id = {wanted}")[0], parts)


def document_of(archive: Archive, row: str) -> str | None:
    """The document that a statement, event or position belongs to."""
    wanted = quoted(row)
    tables = ("statements", "events", "positions")
    found = rows(archive, " UNION ALL ".join(f"(SELECT document FROM {t} WHERE id = {wanted} LIMIT 1)" for t in tables))
    return found[0]["document"] if found else None


def verdicts(archive: Archive, document: str) -> dict[str, Row]:
    """The newest review of each of a document's rows, by the row's id."""
    found = rows(archive, f'SELECT * FROM reviews WHERE document = {quoted(document)} ORDER BY "at", id')
    return {row["row"]: row for row in found}
