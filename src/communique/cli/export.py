"""`communique export`: an archive's rows in the formats of other tools, and as a replication bundle."""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.asking import ArchivePath, AsOf, From, MachineOnly, To, opened

if TYPE_CHECKING:
    from communique.archive.store import Archive
    from communique.records import Record

app = typer.Typer()


class Layout(StrEnum):
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    records = "records"
    gdelt = "gdelt"
    polecat = "polecat"
    plover = "plover"
    annotations = "annotations"
    brat = "brat"
    conllu = "conllu"
    bundle = "bundle"


@app.command(epilog="Example: communique export polecat events.tsv --from 2024-01-01 --archive my-archive")
def export(
    layout: Annotated[
        Layout,
        typer.Argument(
            help="Tables: csv, jsonl, parquet (a folder with one file a table). Records: records (JSON lines). Events: "
            "gdelt, polecat, plover (a file). Annotated texts: annotations (W3C Web Annotation, JSON lines), brat, "
            "conllu (a folder). bundle: a zip for replication. For networks see communique network --output."
        ),
    ],
    output: Annotated[Path, typer.Argument(help="The file or folder to write; it must not be there yet.")],
    archive: ArchivePath = "archive",
    start: From = None,
    end: To = None,
    without_texts: Annotated[bool, typer.Option("--without-texts", help="bundle: leave the articles out.")] = False,
    header: Annotated[
        bool, typer.Option("--header", help="gdelt: with names of columns, which GDELT has not.")
    ] = False,
    machine_only: MachineOnly = False,
    as_of: AsOf = None,
) -> None:
    """Write an archive's rows for other tools."""
    from communique.errors import InputError

    if output.exists():
        raise InputError(f"{output}: is there already; name another file or folder")
    if not output.absolute().parent.is_dir():
        raise InputError(f"{output}: its folder is not there; make it first")
    kept = opened(archive, machine_only, as_of)
    if layout in (Layout.csv, Layout.jsonl, Layout.parquet):
        said = _tables(kept, layout.value, output, start, end)
    elif layout in (Layout.gdelt, Layout.polecat, Layout.plover):
        said = _events(kept, layout, output, start, end, header)
    elif layout is Layout.bundle:
        from communique.exporting.bundle import write_bundle

        if start or end:
            raise InputError("a bundle holds the whole archive: leave --from and --to out, or export csv")
        said = f"{write_bundle(kept, output, texts=not without_texts):,} rows"
    else:
        said = _records(kept, layout, output, start, end)
    print(f"{said} in {output}", file=sys.stderr)


def _tables(archive: "Archive", ending: str, folder: Path, start: str | None, end: str | None) -> str:
    from communique.analysis.tables import Day, rows_where
    from communique.exporting.tables import write_table

    folder.mkdir()
    rows = 0
    first: Day = start
    for table in ("statements", "events", "positions", "phrases"):
        found = rows_where(archive, table, start=first, end=end, copies=True)
        write_table(found, folder / f"{table}.{ending}")
        rows += found.num_rows
    where, given = _published(start, end)
    for table, sql in (
        ("documents", f"SELECT * FROM documents WHERE {where}"),
        ("actors", f"SELECT * FROM actors WHERE record IN (SELECT record FROM documents WHERE {where})"),
        ("mentions", f"SELECT * FROM mentions WHERE record IN (SELECT record FROM documents WHERE {where})"),
    ):
        found = archive.ask(sql, given)
        write_table(found, folder / f"{table}.{ending}")
        rows += found.num_rows
    return f"{rows:,} rows"


def _events(archive: "Archive", layout: Layout, path: Path, start: str | None, end: str | None, header: bool) -> str:
    from communique.exporting.gdelt import write_gdelt
    from communique.exporting.plover import write_plover
    from communique.exporting.polecat import write_polecat
    from communique.exporting.told import told_events

    told = told_events(archive, start=start, end=end)
    with path.open("w", encoding="utf8", newline="") as file:
        if layout is Layout.gdelt:
            rows = write_gdelt(told, file, header)
        else:
            rows = (write_polecat if layout is Layout.polecat else write_plover)(told, file)
    return f"{rows:,} rows"


def _records(archive: "Archive", layout: Layout, path: Path, start: str | None, end: str | None) -> str:
    from communique.exporting.annotations import web_annotations

    where, given = _published(start, end)
    found = archive.records(where, given)
    if layout in (Layout.records, Layout.annotations):
        line: Callable[[Record], str] = (
            (lambda r: json.dumps(web_annotations(r), ensure_ascii=False))
            if layout is Layout.annotations
            else (lambda r: r.model_dump_json())
        )
        documents = 0
        with path.open("w", encoding="utf8") as file:
            for record in found:
                file.write(line(record) + "\n")
                documents += 1
        return f"{documents:,} documents"
    path.mkdir()
    documents = 0
    for record in found:
        _write_text(record, layout, path)
        documents += 1
    if layout is Layout.brat:
        from communique.exporting.brat import CONFIGURATION

        (path / "annotation.conf").write_text(CONFIGURATION, encoding="utf8")
    return f"{documents:,} documents"


def _write_text(record: "Record", layout: Layout, folder: Path) -> None:
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in record.document.id)
    if layout is Layout.brat:
        from communique.exporting.brat import brat

        text, annotations = brat(record)
        (folder / f"{name}.txt").write_text(text, encoding="utf8", newline="")
        (folder / f"{name}.ann").write_text(annotations, encoding="utf8")
    else:
        from communique.exporting.conllu import conllu
        from communique.parsing import parse_document

        (folder / f"{name}.conllu").write_text(conllu(record, parse_document(record.document)), encoding="utf8")


def _published(start: str | None, end: str | None) -> tuple[str, list[str]]:
    from communique.reading.text import iso_date

    given = [iso_date(day, "--from/--to") or "" for day in (start, end) if day]
    parts = [p for p, day in (("published >= CAST(? AS DATE)", start), ("published <= CAST(? AS DATE)", end)) if day]
    return " AND ".join(parts) or "true", given
