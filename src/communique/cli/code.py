"""`communique code` and `communique schema`."""

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    html = "html"


@app.command(epilog="Example: communique code briefing.txt --published 2023-01-30 --format json")
def code(
    files: Annotated[list[str], typer.Argument(help="Files, folders or addresses; - reads standard input.")],
    published: Annotated[str | None, typer.Option(help="Date of publication, YYYY-MM-DD.")] = None,
    format: Annotated[Format, typer.Option(help="How to print the record.")] = Format.table,
    codebook: Annotated[Path | None, typer.Option(help="A codebook of events of your own (docs/events.md).")] = None,
) -> None:
    """Print who said what to whom in FILES, with acts, issues and formulas."""
    from communique.coding.codebook import load_codebook
    from communique.reading import read_all
    from communique.running.pipeline import code_documents
    from communique.settings import load_settings

    failed: list[str] = []

    def set_aside(source: str, reason: str) -> None:
        failed.append(source)
        print(f"communique: {reason}", file=sys.stderr)

    settings = load_settings()
    if codebook is not None:
        load_codebook(codebook)  # say what is wrong with it before any work is done
        settings = replace(settings, codebook=codebook)
    records = code_documents(read_all(files, published=published, on_failure=set_aside), settings)
    if format is Format.table:
        from rich.console import Console

        from communique.exporting.text import WIDTH, record_table

        console = Console(width=None if sys.stdout.isatty() else WIDTH)
        for n, record in enumerate(records):
            if n:
                console.print()
            console.print(record_table(record))
    elif format is Format.html:
        from communique.exporting.html import record_page

        coded = list(records)
        if coded:
            sys.stdout.write(record_page(coded))
    elif format is Format.jsonl:
        for record in records:
            sys.stdout.write(record.model_dump_json() + "\n")
    else:
        dumped = [record.model_dump(mode="json") for record in records]
        if dumped:
            json.dump(dumped[0] if len(dumped) == 1 else dumped, sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
    if failed:
        raise typer.Exit(2)


@app.command(epilog="Example: communique schema > record.schema.json")
def schema() -> None:
    """Print the JSON Schema of a record."""
    from communique.records import Record

    json.dump(Record.model_json_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")
