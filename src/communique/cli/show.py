"""`communique show`: records of an archive, as the terminal's table."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command(epilog="Example: communique show --archive my-archive --limit 3")
def show(
    documents: Annotated[list[str] | None, typer.Argument(help="Ids of documents; all, where none is given.")] = None,
    archive: Annotated[Path, typer.Option(help="The archive's folder.")] = Path("archive"),
    limit: Annotated[int, typer.Option(help="Show at most this many documents.")] = 20,
) -> None:
    """Show coded documents of an archive: who said what to whom, acts, issues, formulas."""
    from rich.console import Console

    from communique.archive.store import open_archive
    from communique.errors import InputError
    from communique.exporting.text import WIDTH, record_table

    kept = open_archive(archive, create=False)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    shown = 0
    chosen = ("list_contains(?, id)", [documents]) if documents else ("true", None)
    for record in kept.records(*chosen):
        if shown == limit:
            console.print(f"[dim]… and more; raise --limit {limit}[/dim]")
            break
        if shown:
            console.print()
        console.print(record_table(record))
        shown += 1
    if not shown:
        raise InputError(
            f"{archive}: no such document; `communique query 'SELECT id, title FROM documents'` lists them"
        )
