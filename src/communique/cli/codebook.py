"""`communique codebook`: does a codebook of one's own hold together, and which issues are there."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Codebooks: check one of your own, list the issues.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog="Example: communique codebook check my-codebook.yaml")
def check(
    file: Annotated[
        Path, typer.Argument(help="Events (YAML, docs/events.md), issues or formulas (TSV, docs/positions.md).")
    ],
    json_output: AsJson = False,
) -> None:
    """Say what is wrong with a codebook, one line each; exit status 1 if there is anything."""
    problems, summary, told = _table(file) if file.suffix == ".tsv" else _events(file)
    if json_output:
        typer.echo(json.dumps({"file": str(file), "problems": problems, "codebook": summary}))
    elif not problems:
        typer.echo(f"{file}: good. {told}")
    else:
        for problem in problems:
            typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _events(file: Path) -> tuple[list[str], dict[str, Any] | None, str]:
    from communique.coding.codebook import check_codebook, load_codebook

    if problems := check_codebook(file):
        return problems, None, ""
    book = load_codebook(file)
    rows = len({id(e) for found in book.entries.values() for e in found})
    summary = {"name": book.name, "classes": len(book.classes), "rows": rows}
    return [], summary, f"Codebook {book.name}: {len(book.classes)} classes, {rows} rows of lexicon."


def _table(file: Path) -> tuple[list[str], dict[str, Any] | None, str]:
    from communique.coding.issue_codebook import COLUMNS as ISSUE_COLUMNS
    from communique.coding.issue_codebook import load_issues
    from communique.coding.phrases import COLUMNS as PHRASE_COLUMNS
    from communique.coding.phrases import load_phrases, table_header, table_rows
    from communique.errors import DataError

    try:
        header = table_header(file)
        if header == ISSUE_COLUMNS:
            load_issues(file)
            kind = "issues"
        elif header == PHRASE_COLUMNS:
            load_phrases(file)
            kind = "formulas"
        else:
            columns = " or ".join(", ".join(c) for c in (ISSUE_COLUMNS, PHRASE_COLUMNS))
            return [f"{file.name}: the columns, separated by tabs, must be {columns}"], None, ""
    except DataError as error:
        return [str(error)], None, ""
    rows = len(table_rows(file, header))
    variable = "COMMUNIQUE_ISSUES" if kind == "issues" else "COMMUNIQUE_PHRASES"
    return [], {"kind": kind, "rows": rows}, f"Rows of {kind}: {rows}. {variable}={file} adds them to ours."


@app.command(epilog="Example: communique codebook issues --under territory")
def issues(
    under: Annotated[str | None, typer.Option(help="Only this issue and the narrower ones.")] = None,
    json_output: AsJson = False,
) -> None:
    """List the issues, yours among them, each below the broader one that it belongs to."""
    from rich.console import Console
    from rich.table import Table

    from communique.coding.issue_codebook import load_issues
    from communique.errors import InputError

    book = load_issues()
    if under is not None and under not in book.issues:
        raise InputError(f"no issue {under!r}; `communique codebook issues` lists them all")

    def line(issue: str) -> tuple[str, ...]:
        """An issue behind those above it in the tree, the broadest first; sorted by it, an issue follows its parent."""
        above = book.issues[issue].parent
        return (*line(above), issue) if above is not None else (issue,)

    shown = [i for i in sorted(book.issues, key=line) if under is None or under in {i, *book.ancestors(i)}]
    if json_output:
        rows = [{"id": i, "parents": book.issues[i].parents, "name": book.issues[i].name,
                 "definition": book.issues[i].definition} for i in shown]  # fmt: skip
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("id", "name", "definition")
    for i in shown:
        table.add_row("  " * (len(line(i)) - 1) + i, book.issues[i].name, book.issues[i].definition)
    Console().print(table)
