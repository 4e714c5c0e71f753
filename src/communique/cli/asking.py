"""`communique statements|events|positions|phrases`, `dyad`, `clusters`, `network`, `kwic`: questions to an archive."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from communique.cli.archive import Format, show_rows
from communique.cli.wording import no_issue, phrases

if TYPE_CHECKING:
    from communique.archive.store import Archive

app = typer.Typer()

ArchivePath = Annotated[str, typer.Option(help="The archive's folder or object-store address.")]
Actor = Annotated[str | None, typer.Option(help="Who speaks or acts: CHN takes in its bodies and officials.")]
Target = Annotated[str | None, typer.Option(help="Who is addressed or acted upon.")]
Issue = Annotated[str | None, typer.Option(help="An issue of the codebook, such as taiwan, with those below it.")]
From = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", help="Last day, itself included.")]
Text = Annotated[str | None, typer.Option(help="Words that the passage holds, in any case.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many rows.")]
Copies = Annotated[bool, typer.Option("--copies", help="Rows of near copies too.")]
As = Annotated[Format, typer.Option(help="table shows some columns; csv and jsonl have all.")]
MachineOnly = Annotated[bool, typer.Option("--machine-only", help="Leave people's reviews out.")]
AsOf = Annotated[str | None, typer.Option(help="The archive as it was: a batch's number, a day, or a moment.")]


def opened(archive: str, machine_only: bool = False, as_of: str | None = None) -> "Archive":
    """The archive to ask."""
    from communique.archive.store import moment_or_number, open_archive

    return open_archive(archive, create=False, machine_only=machine_only, as_of=moment_or_number(as_of))


def _rows(table: str, archive: str, format: Format, machine_only: bool, as_of: str | None, **filters: Any) -> None:
    from communique.analysis.tables import columns_shown, rows_where

    rows = rows_where(opened(archive, machine_only, as_of), table, **filters)
    show_rows(rows, format, columns_shown(table))
    if not rows.num_rows:
        hint_issue(filters.get("issue"))


def hint_issue(issue: str | None) -> None:
    """Say so where an issue is not in the codebook, which may be a slip."""
    from communique.coding.issue_codebook import load_issues

    if issue is not None and issue not in load_issues().issues:
        print(f"communique: {no_issue(issue)}", file=sys.stderr)


def _add_table(table: str, does: str, kinds: str, example: str) -> None:
    """One command a table; they differ in what a kind is."""

    def ask(
        archive: ArchivePath = "archive",
        actor: Actor = None,
        target: Target = None,
        issue: Issue = None,
        start: From = None,
        end: To = None,
        kind: Annotated[str | None, typer.Option(help=kinds)] = None,
        text: Text = None,
        limit: Limit = None,
        copies: Copies = False,
        format: As = Format.table,
        machine_only: MachineOnly = False,
        as_of: AsOf = None,
    ) -> None:
        _rows(
            table, archive, format, machine_only, as_of,
            actor=actor, target=target, issue=issue, start=start, end=end, kind=kind, text=text, limit=limit,
            copies=copies,
        )  # fmt: skip

    app.command(table, help=does, epilog=f"Example: communique {table} {example} --archive my-archive")(ask)


_add_table(
    "statements", "Show who said what.", "direct, indirect or mixed.", "--actor CHN --target USA --from 2024-06-01"
)
_add_table(
    "events",
    "Show who did what to whom.",
    "A PLOVER class or mode, a quad class, or a CAMEO code.",
    "--actor RUS --kind THREATEN",
)
_add_table(
    "positions",
    "Show who stands where on what.",
    "demand, refusal, red_line, willingness …",
    "--issue taiwan --kind red_line",
)


@phrases.callback(
    invoke_without_command=True, epilog="Example: communique phrases --actor CHN --kind 'meet halfway' --archive a"
)
def used_phrases(
    context: typer.Context,
    archive: ArchivePath = "archive",
    actor: Actor = None,
    issue: Issue = None,
    start: From = None,
    end: To = None,
    kind: Annotated[str | None, typer.Option(help="The formula, as the codebook writes it.")] = None,
    text: Text = None,
    limit: Limit = None,
    copies: Copies = False,
    format: As = Format.table,
    machine_only: MachineOnly = False,
    as_of: AsOf = None,
) -> None:
    """Show where official formulas were used; the commands below find new ones and list the codebook's."""
    if context.invoked_subcommand is None:
        _rows(
            "phrases", archive, format, machine_only, as_of,
            actor=actor, issue=issue, start=start, end=end, kind=kind, text=text, limit=limit, copies=copies,
        )  # fmt: skip


class By(StrEnum):
    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class Count(StrEnum):
    family = "family"
    report = "report"
    cluster = "cluster"


@app.command(epilog="Example: communique dyad CHN USA --by month --archive my-archive")
def dyad(
    source: Annotated[str, typer.Argument(help="Who speaks and acts, such as CHN.")],
    target: Annotated[str, typer.Argument(help="Towards whom, such as USA.")],
    archive: ArchivePath = "archive",
    by: Annotated[By, typer.Option(help="Length of a period.")] = By.month,
    start: From = None,
    end: To = None,
    count: Annotated[
        Count, typer.Option(help="A report and its reprints once, every reprint, or the same event once.")
    ] = Count.family,
    one_way: Annotated[bool, typer.Option("--one-way", help="Only from the first to the second.")] = False,
    format: As = Format.table,
    machine_only: MachineOnly = False,
    as_of: AsOf = None,
) -> None:
    """Count what one side said and did to another, period by period."""
    from communique.analysis.dyads import dyad as count_dyad

    kept = opened(archive, machine_only, as_of)
    rows = count_dyad(kept, source, target, by=by.value, start=start, end=end, count=count.value, both=not one_way)
    show_rows(rows, format)


@app.command(epilog="Example: communique clusters --from 2024-06-01 --archive my-archive")
def clusters(
    archive: ArchivePath = "archive",
    start: From = None,
    end: To = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    format: As = Format.table,
    machine_only: MachineOnly = False,
    as_of: AsOf = None,
) -> None:
    """Show events that several reports tell of, the most told first."""
    from communique.analysis.dyads import event_clusters

    found = event_clusters(opened(archive, machine_only, as_of), start=start, end=end).slice(0, limit)
    show_rows(found, format, ("day", "sources", "targets", "plover", "events", "reports", "documents"))


class NetworkFormat(StrEnum):
    table = "table"
    json = "json"
    graphml = "graphml"
    gexf = "gexf"


@app.command(epilog="Example: communique network --kind actor-actor --agreement conflict --archive my-archive")
def network(
    archive: ArchivePath = "archive",
    kind: Annotated[str, typer.Option(help="actor-issue, actor-actor or issue-issue.")] = "actor-issue",
    agreement: Annotated[
        str | None, typer.Option(help="congruence, conflict or subtract; ignore; for actor-issue also combine.")
    ] = None,
    normalization: Annotated[
        str, typer.Option(help="no; activity or prominence (actor-issue); average, jaccard or cosine (the others).")
    ] = "no",
    duplicates: Annotated[
        str,
        typer.Option(help="The same side counts once in a: document, week, month, year, acrossrange; or include all."),
    ] = "document",
    level: Annotated[str, typer.Option(help="country puts bodies and officials to their state; or actor.")] = "country",
    actor: Actor = None,
    issue: Issue = None,
    start: From = None,
    end: To = None,
    isolates: Annotated[bool, typer.Option("--isolates", help="Keep those without a tie.")] = False,
    output: Annotated[Path | None, typer.Option(help="A file ending in .graphml, .gexf or .json.")] = None,
    format: Annotated[NetworkFormat, typer.Option(help="What to print.")] = NetworkFormat.table,
    machine_only: MachineOnly = False,
    as_of: AsOf = None,
) -> None:
    """Show who takes which side, or whose sides meet, as the Discourse Network Analyzer defines it."""
    from communique.analysis.networks import network as make_network
    from communique.errors import InputError
    from communique.exporting.graphs import graph_text, write_graph

    if level not in ("country", "actor"):
        raise InputError(f"--level {level}: use country or actor")
    found = make_network(
        opened(archive, machine_only, as_of),
        kind,  # type: ignore[arg-type]  # checked where it is used, with a message
        agreement=agreement,  # type: ignore[arg-type]
        normalization=normalization,  # type: ignore[arg-type]
        duplicates=duplicates,  # type: ignore[arg-type]
        level=level,  # type: ignore[arg-type]
        isolates=isolates,
        start=start,
        end=end,
        actor=actor,
        issue=issue,
    )
    if output is not None:
        write_graph(found, output)
        print(f"{len(found.nodes):,} nodes and {len(found.edges):,} ties in {output}", file=sys.stderr)
    elif format is not NetworkFormat.table:
        sys.stdout.write(graph_text(found, format.value))
    else:
        from rich.console import Console
        from rich.table import Table

        if not found.edges:
            print("No ties: nothing in the archive fits. `communique archive info` tells what it holds.")
            hint_issue(issue)
            return
        names = {n.id: n.name for n in found.nodes}
        table = Table("", "", "weight")
        for edge in sorted(found.edges, key=lambda e: (-abs(e.weight), e.source, e.target)):
            table.add_row(names[edge.source], names[edge.target], f"{edge.weight:.3g}")
        Console().print(table)


@app.command(epilog="Example: communique kwic 'red line*' --actor CHN --archive my-archive")
def kwic(
    phrase: Annotated[str, typer.Argument(help="A word or several; * stands for any letters.")],
    archive: ArchivePath = "archive",
    actor: Annotated[str | None, typer.Option(help="Only inside what this actor said.")] = None,
    start: From = None,
    end: To = None,
    width: Annotated[int, typer.Option(min=1, help="Characters on each side.")] = 40,
    limit: Annotated[int, typer.Option(min=1, help="At most so many places.")] = 100,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_of: AsOf = None,
) -> None:
    """Show a phrase with the words around it."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.text import Text

    from communique.analysis.kwic import kwic as find

    console = Console()
    places = find(opened(archive, as_of=as_of), phrase, width=width, actor=actor, start=start, end=end, limit=limit)
    place = None
    for place in places:
        if json_output:
            sys.stdout.write(json.dumps(asdict(place), ensure_ascii=False, default=str) + "\n")
            continue
        line = Text(f"{place.day or ''!s:<10}  {place.speaker or '':<14.14}  {place.left:>{width}}")
        line.append(place.words, "bold")
        line.append(place.right)
        console.print(line, no_wrap=True, crop=console.is_terminal, soft_wrap=not console.is_terminal)
    if place is None:
        print("communique: no place found; * stands for any letters, as in 'red line*'", file=sys.stderr)
