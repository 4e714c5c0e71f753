"""`communique query` and `communique archive`: ask an archive, and look after it."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Column

    from communique.archive.store import Archive

app = typer.Typer()
care = typer.Typer(no_args_is_help=True, help="Look after an archive.")


class Format(StrEnum):
    table = "table"
    csv = "csv"
    jsonl = "jsonl"


@app.command(epilog='Example: communique query "SELECT source, content FROM statements LIMIT 5" --archive my-archive')
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT over documents, statements, events, positions, phrases …")],
    archive: Annotated[str, typer.Option(help="The archive's folder or object-store address.")] = "archive",
    format: Annotated[Format, typer.Option(help="How to print the answer.")] = Format.table,
    machine_only: Annotated[bool, typer.Option("--machine-only", help="Leave people's reviews out.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="The archive as it was: a batch's number, a day, or a moment.")
    ] = None,
) -> None:
    """Ask an archive in SQL (DuckDB's); nothing can be changed and no file read."""
    from communique.archive.store import moment_or_number, open_archive

    kept = open_archive(archive, create=False, machine_only=machine_only, as_of=moment_or_number(as_of))
    show_rows(kept.query(sql), format)


@care.command(epilog="Example: communique archive info --archive my-archive")
def info(archive: Annotated[str, typer.Option(help="The archive's folder or address.")] = "archive") -> None:
    """Rows by table, and the batches that brought them."""
    from rich.console import Console
    from rich.table import Table

    from communique.archive.store import open_archive

    kept = open_archive(archive, create=False)
    console = Console()
    console.print(f"layout {kept.snapshot().oldest}", highlight=False)
    table = Table("table", "rows")
    for name, rows in kept.counts().items():
        table.add_row(name, f"{rows:,}")
    console.print(table)
    console.print(kept_uncoded(kept), highlight=False)
    table = Table("batch", "kind", "at", "by")
    for row in kept.ask('SELECT seq, kind, "at", "by" FROM batches ORDER BY seq DESC LIMIT 10').to_pylist():
        table.add_row(str(row["seq"]), row["kind"], f"{row['at']:%Y-%m-%d %H:%M}", row["by"])
    console.print(table)


def kept_uncoded(archive: "Archive") -> str:
    """How many documents are coded, and why the others are only kept."""
    from communique.reading.language import CODED

    coded, copies, others = 0, 0, dict[str, int]()
    for row in archive.ask(
        "SELECT language, duplicate_of IS NOT NULL AS copy, count(*) AS n FROM documents GROUP BY ALL ORDER BY n DESC"
    ).to_pylist():
        if row["copy"]:
            copies += row["n"]
        elif row["language"] is None or row["language"] in CODED:
            coded += row["n"]
        else:
            others[row["language"]] = row["n"]
    listed = f" ({', '.join(f'{language} {n:,}' for language, n in others.items())})" if others else ""
    return f"{coded:,} coded, {copies:,} near copies, {sum(others.values()):,} in other languages{listed}"


@care.command(epilog="Example: communique archive check --archive my-archive")
def check(archive: Annotated[str, typer.Option(help="The archive's folder or address.")] = "archive") -> None:
    """Read every file that counts, and say which cannot be read; exit status 2 where there is one."""
    from communique.archive.checking import check_archive
    from communique.archive.store import open_archive

    found = check_archive(open_archive(archive, create=False))
    for line in found.damaged:
        print(line, file=sys.stderr)
    print(
        f"{found.files:,} files, {found.rows:,} rows; {len(found.damaged)} damaged, {found.unused} left by broken runs"
    )
    if found.damaged:
        raise typer.Exit(2)


@care.command(epilog="Example: communique archive compact --archive my-archive")
def compact(archive: Annotated[str, typer.Option(help="The archive's folder or address.")] = "archive") -> None:
    """Put many small files into few, and clear what broken runs left; earlier states stay readable with --as-of."""
    from communique.archive.compacting import compact as make_few
    from communique.archive.store import open_archive

    done = make_few(open_archive(archive, create=False))
    print(f"{done.before:,} files became {done.after:,}; {done.cleared:,} of broken runs cleared")


@care.command(epilog="Example: communique archive migrate --archive my-archive")
def migrate(archive: Annotated[str, typer.Option(help="The archive's folder or address.")] = "archive") -> None:
    """Bring an archive of an older version to the layout of this one; earlier states stay readable with --as-of."""
    from communique.archive.migrations import migrate as bring_up
    from communique.archive.schema import SCHEMA
    from communique.archive.store import open_archive

    done = bring_up(open_archive(archive, create=False))
    if done.files:
        print(f"layout {done.layout} became {SCHEMA}; {done.files:,} files written")
    else:
        print(f"layout {SCHEMA} already, nothing to do")


def show_rows(rows: "pa.Table", format: Format, shown: Sequence[str] | None = None) -> None:
    """Print an answer as asked; on a screen only the columns `shown`, in a file all of them."""
    from communique.exporting.tables import write_csv, write_jsonl

    if format is Format.jsonl:
        write_jsonl(rows, sys.stdout)
    elif format is Format.csv:
        write_csv(rows, sys.stdout)
    elif not rows.num_rows:
        print("No rows: nothing in the archive fits. `communique archive info` tells what it holds.")
    else:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        if shown is not None:
            rows = rows.select(list(shown))
        cells = [[_cell(v) for v in row.values()] for row in rows.to_pylist()]
        console = Console()
        many = console.width < 100 and len(rows.schema) > 8
        table = Table(*map(_column, rows.schema, zip(*cells, strict=True)), padding=(0, 0 if many else 1))
        for row in cells:
            table.add_row(*map(Text, row))
        console.print(table)


def _column(field: "pa.Field", cells: Sequence[str]) -> "Column":
    """On a narrow screen words and ids are folded, days and numbers are whole, and headings break where they must."""
    import pyarrow as pa
    from rich.table import Column

    words = pa.types.is_string(field.type) or pa.types.is_list(field.type)
    return Column(
        field.name.replace("_", " "),
        overflow="fold",
        no_wrap=field.name in ("day", "period"),
        min_width=None if words else max(map(len, cells)),
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())
