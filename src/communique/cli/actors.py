"""`communique actors check`, `find` and `import`: the registry of who is who."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Who is who: check, search and extend the registry of actors.")

Overlays = Annotated[
    list[Path] | None,
    typer.Option("--registry", "-r", help="Folder of registry files over ours; may be given several times."),
]


class Source(StrEnum):
    guess = "guess"
    csv = "csv"
    wikidata = "wikidata"
    petrarch = "petrarch"


@app.command(epilog="Example: communique actors check --registry my-actors")
def check(
    registry: Overlays = None,
    ambiguous: Annotated[bool, typer.Option(help="List every name that several actors bear.")] = False,
    gaps: Annotated[bool, typer.Option(help="List offices with no known holder for over a year.")] = False,
    older_than: Annotated[str, typer.Option(help="List offices known only to a day before this one.")] = "",
) -> None:
    """Verify the registry: ids, codes, dates, references, terms; list ambiguous names, gaps and clashes."""
    from communique.actors.checking import check as run
    from communique.actors.registry import load_registry

    report = run(registry or ())
    for label, count in report.counts.items():
        print(f"{count:>7,}  {label}")
    print(f"{len(report.ambiguous):>7,}  names of several actors")
    print(f"{len(report.gaps):>7,}  spells of over a year without a known holder")
    if gaps:
        for gap in report.gaps:
            print(f"         {gap}")
    for office, day in report.known_to.items():
        if day < older_than:
            print(f"         {office}: known to {day}")
    if ambiguous:
        for surface, ids in report.ambiguous.items():
            print(f"         {surface}: {', '.join(ids)}")
    for clash in load_registry(registry or ()).clashes:
        print(f"{clash.file}:{clash.line}: clash over {clash.what}: ours {clash.ours}; theirs {clash.theirs}")
    for error in report.errors:
        print(error, file=sys.stderr)
    if report.errors:
        print(f"communique: {len(report.errors)} errors in the registry", file=sys.stderr)
        raise typer.Exit(1)


@app.command(epilog='Example: communique actors find "Foreign Minister" --on 2023-01-30 --country FRA')
def find(
    text: Annotated[str, typer.Argument(help="A name, office or id; part of a name will do.")],
    on: Annotated[str | None, typer.Option(help="As of this day, YYYY-MM-DD; today where none is given.")] = None,
    country: Annotated[str | None, typer.Option(help="Only actors of this country, ISO 3166 alpha-3.")] = None,
    registry: Overlays = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search names, offices and their holders as of a day."""
    from communique.actors.finding import find as search

    matches = search(text, on, country, registry or ())
    if as_json:
        json.dump([match._asdict() for match in matches], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif matches:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for column in ("id", "name", "country", "sector", "CAMEO", "office", "days"):
            table.add_column(column, overflow="fold", no_wrap=column != "office")
        for m in matches:
            table.add_row(m.id, m.name, m.country, m.sector, m.cameo, m.office, m.days)
        # A pipe or file has no width to fit.
        Console(width=None if sys.stdout.isatty() else 240).print(table)
    if not matches:
        print(f"communique: nobody and nothing named {text!r} in the registry on that day", file=sys.stderr)
        raise typer.Exit(1)


@app.command("import", epilog="Example: communique actors import officeholders.json --to my-actors")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV table, Wikidata query result (JSON) or PETRARCH dictionary.")],
    to: Annotated[Path, typer.Option(help="Folder for the overlay; made if it is not there.")],
    format: Annotated[Source, typer.Option(help="What FILE is; by default its ending tells.")] = Source.guess,
) -> None:
    """Make an overlay of FILE for --registry or the variable COMMUNIQUE_REGISTRY, and report clashes with ours."""
    from communique.actors.importing import read_csv, read_wikidata, write_overlay
    from communique.actors.petrarch import read_petrarch
    from communique.actors.registry import load_registry

    endings = {".csv": Source.csv, ".tsv": Source.csv, ".json": Source.wikidata}
    kind = endings.get(file.suffix.lower(), Source.petrarch) if format is Source.guess else format
    readers = {Source.csv: read_csv, Source.wikidata: read_wikidata, Source.petrarch: read_petrarch}
    found = readers[kind](file)
    paths = write_overlay(found, to)
    for where, reason in found.aside:
        print(f"{where}: set aside: {reason}", file=sys.stderr)
    for path in paths:
        print(f"{path}: {len(found.rows[path.stem])} rows")
    clashes = load_registry([to]).clashes if paths else ()
    for clash in clashes:
        print(f"{clash.file}:{clash.line}: clash over {clash.what}: ours {clash.ours}; theirs {clash.theirs}")
    print(f"{len(found)} rows taken, {len(found.aside)} set aside, {len(clashes)} clashes with our registry")
