"""`communique wording`, `communique scales` and `communique phrases`: how a side's words and tone change."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()
phrases = typer.Typer(no_args_is_help=True, help="Official formulas: those listed, and those nobody listed.")

ArchivePath = Annotated[Path, typer.Option(help="The archive's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


def _write(rows: object) -> None:
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


@app.command(epilog="Example: communique wording --archive my-archive --actor CHN --issue taiwan")
def wording(
    actor: Annotated[str, typer.Option(help="A state's ISO 3166 code, such as CHN, or an actor's id.")],
    issue: Annotated[str, typer.Option(help="An issue of the codebook, such as taiwan.")],
    archive: ArchivePath = Path("archive"),
    limit: Annotated[int, typer.Option(help="Show the last so many changes.")] = 20,
    least: Annotated[float, typer.Option(help="Leave out changes less unusual than this, 0 to 1.")] = 0.0,
    json_output: AsJson = False,
) -> None:
    """Show how an actor's words on an issue changed from one occasion to the next."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.text import Text

    from communique.analysis.said import said_in
    from communique.analysis.wording import changes
    from communique.archive.store import open_archive
    from communique.coding.issue_codebook import load_issues
    from communique.errors import InputError

    if issue not in load_issues().issues:
        near = [i for i in load_issues().issues if issue[:4] in i]
        raise InputError(
            f"no issue {issue!r} in the codebook{'; did you mean ' + ', '.join(near) + '?' if near else ''}"
        )
    found = changes(said_in(open_archive(archive, create=False), actor), actor, issue)
    shown = [c for c in found if c.unusual is None or c.unusual >= least][-limit:]
    if json_output:
        _write([asdict(c) for c in shown])
        return
    console = Console()
    styles = {"kept": "", "added": "green underline", "dropped": "red strike"}
    for change in shown:
        unusual = "" if change.unusual is None else f", more than {change.unusual:.0%} of its other changes"
        console.print(f"[bold]{change.before.day} → {change.after.day}[/bold]  change {change.size:.2f}{unusual}")
        line = Text()
        for piece in change.diff:
            mark = {"kept": "", "added": "+", "dropped": "-"}[piece.change] if not console.is_terminal else ""
            line.append(f"{mark}{piece.words}", styles[piece.change])
            line.append(" ")
        console.print(line)
        for name, formulas in (
            ("new formula", change.formulas_added),
            ("formula dropped", change.formulas_dropped),
            ("left out, though usual", change.left_out),
        ):
            if formulas:
                console.print(f"  {name}: {', '.join(formulas)}", style="dim")


@app.command(epilog="Example: communique scales --archive my-archive --actor CHN --target USA")
def scales(
    actor: Annotated[str, typer.Option(help="Who acts: a state's code.")],
    target: Annotated[str, typer.Option(help="Towards whom: a state's code.")],
    archive: ArchivePath = Path("archive"),
    json_output: AsJson = False,
) -> None:
    """Show the share of hostile acts of one side towards another month by month, and when it broke."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from communique.analysis.scales import acts_in, breaks, formulas_in_archive, months
    from communique.archive.store import open_archive

    kept = open_archive(archive, create=False)
    series = months(acts_in(kept), actor, target, formulas_in_archive(kept, actor))
    broken = breaks(series)
    if json_output:
        _write({"months": [{**asdict(m), "share": m.share} for m in series], "breaks": [asdict(b) for b in broken]})
        return
    console = Console()
    table = Table("month", "hostile", "friendly", "share hostile", "95 %", "formulas", "break")
    for month in series:
        at = next((b for b in broken if b.month == month.first), None)
        table.add_row(
            f"{month.first:%Y-%m}",
            str(month.hostile),
            str(month.friendly),
            "" if month.share is None else f"{month.share:.2f}",
            "" if month.interval is None else f"{month.interval[0]:.2f}-{month.interval[1]:.2f}",
            ", ".join(f"{r.replace('_', ' ')} {n}" for r, n in sorted(month.registers.items())),
            "" if at is None else f"{at.before:.2f} → {at.after:.2f}, sure {at.support:.0%}",
        )
    console.print(table)


@phrases.command(
    "discover", epilog="Example: communique phrases discover --archive my-archive --actor CHN --since 2024-01-01"
)
def discover_command(
    actor: Annotated[str, typer.Option(help="A state's ISO 3166 code, such as CHN, or an actor's id.")],
    archive: ArchivePath = Path("archive"),
    since: Day = None,
    gone: Day = None,
    least_documents: Annotated[int, typer.Option(help="In how many documents it must stand.")] = 3,
    limit: Annotated[int, typer.Option(help="Show at most so many.")] = 30,
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Only those that the codebook lacks.")] = False,
    json_output: AsJson = False,
) -> None:
    """Find word sequences that an actor uses far more than others; with --since new ones, with --gone vanished ones."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from communique.analysis.discovery import discover, gone_since, new_since
    from communique.analysis.said import said_in
    from communique.archive.store import open_archive
    from communique.errors import InputError

    if since is not None and gone is not None:
        raise InputError("--since and --gone ask for different things; give one of them")
    statements = said_in(open_archive(archive, create=False))
    if since is not None:
        found = new_since(statements, actor, since.date(), least_documents=least_documents)
    elif gone is not None:
        found = gone_since(statements, actor, gone.date(), least_documents=least_documents)
    else:
        found = discover(statements, actor, least_documents=least_documents)
    found = [f for f in found if not (unlisted and f.listed)][:limit]
    if json_output:
        _write([asdict(f) for f in found])
        return
    table = Table("words", "z", "times", "by others", "documents", "first", "last", "in the codebook as")
    for f in found:
        row: list[Any] = [f.words, f"{f.z:.1f}", f.count, f.others, f.documents, f.first, f.last, f.listed or ""]
        table.add_row(*map(str, row))
    Console().print(table)


@phrases.command("list", epilog="Example: communique phrases list --actor RUS --register severe")
def list_command(
    actor: Annotated[str | None, typer.Option(help="Only those known for this state or actor.")] = None,
    register: Annotated[str | None, typer.Option(help="routine, firm, severe or last_warning.")] = None,
    json_output: AsJson = False,
) -> None:
    """Print the codebook of formulas: whose they are, what they signal, and how grave they are."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from communique.coding.phrases import REGISTERS, load_phrases
    from communique.errors import InputError

    if register is not None and register not in REGISTERS:
        raise InputError(f"no register {register!r}; use {', '.join(REGISTERS)}")
    found = [
        f
        for f in load_phrases().formulas.values()
        if (actor is None or actor in f.owners) and register in (None, f.register)
    ]
    if json_output:
        _write([asdict(f) for f in found])
        return
    table = Table("formula", "register", "known for", "signals", "after")
    for f in found:
        table.add_row(f.phrase, f.register.replace("_", " "), ", ".join(f.owners), f.signals, f.source)
    Console().print(table)
