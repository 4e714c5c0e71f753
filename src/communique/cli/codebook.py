"""`communique codebook check FILE`: does a codebook of one's own hold together, and what does it hold."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Codebooks of events: check one of your own.")


@app.callback()
def root() -> None:
    """Keeps `check` a command of its own."""


@app.command(epilog="Example: communique codebook check my-codebook.yaml")
def check(
    file: Annotated[Path, typer.Argument(help="A codebook as docs/events.md describes it (YAML).")],
    json_output: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """List everything that is wrong with a codebook, one line each; exit status 1 if there is anything."""
    from communique.coding.codebook import check_codebook, load_codebook

    problems = check_codebook(file)
    book = load_codebook(file) if not problems else None
    rows = len({id(e) for found in book.entries.values() for e in found}) if book is not None else 0
    if json_output:
        summary = {"name": book.name, "classes": len(book.classes), "rows": rows} if book is not None else None
        typer.echo(json.dumps({"file": str(file), "problems": problems, "codebook": summary}))
    elif book is not None:
        typer.echo(f"{file}: good. Codebook {book.name}: {len(book.classes)} classes, {rows} rows of lexicon.")
    else:
        for problem in problems:
            typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
