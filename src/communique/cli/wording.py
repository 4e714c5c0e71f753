"""`communique wording`, `communique scales` and `communique phrases`: how a side's words and tone change."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from communique.analysis.alignment import Aligned, Piece
    from communique.analysis.discovery import Found

app = typer.Typer()
phrases = typer.Typer(no_args_is_help=True, help="Official formulas: those listed, and those nobody listed.")

ArchivePath = Annotated[Path, typer.Option(help="The archive's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


def _write(rows: object) -> None:
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def no_issue(issue: str) -> str:
    """That an issue is not in the codebook, and which are written nearly so."""
    from difflib import get_close_matches

    from communique.coding.issue_codebook import load_issues

    known = load_issues().issues
    near = get_close_matches(issue, known, 3) or [i for i in known if issue.lower() in known[i].name.lower()][:5]
    meant = f"; did you mean {', '.join(near)}?" if near else ";"
    return f"no issue {issue!r} in the codebook{meant} `communique codebook issues` lists them"


@app.command(epilog="Example: communique wording --archive my-archive --actor CHN --issue taiwan")
def wording(
    actor: Annotated[str, typer.Option(help="A state's ISO 3166 code, such as CHN, or an actor's id.")],
    issue: Annotated[str, typer.Option(help="An issue of the codebook, such as taiwan.")],
    archive: ArchivePath = Path("archive"),
    start: From = None,
    end: To = None,
    limit: Annotated[int, typer.Option(min=1, help="Show the last so many changes.")] = 20,
    least: Annotated[float, typer.Option(help="Leave out changes less unusual than this, 0 to 1.")] = 0.0,
    versions: Annotated[
        bool,
        typer.Option("--versions", help="The same statement in several reports and the transcript: who changed what."),
    ] = False,
    json_output: AsJson = False,
) -> None:
    """Show how an actor's words on an issue changed from one occasion to the next, or from one report to another."""
    from dataclasses import asdict

    from rich.console import Console

    from communique.analysis.alignment import align
    from communique.analysis.said import said_in
    from communique.analysis.wording import changes
    from communique.archive.store import open_archive
    from communique.coding.issue_codebook import load_issues
    from communique.errors import InputError

    if issue not in load_issues().issues:
        raise InputError(no_issue(issue))
    said = said_in(open_archive(archive, create=False), actor)
    first, last = (start or datetime.min).date(), (end or datetime.max).date()
    if versions:
        aligned = align([s for s in said if issue in s.issues])
        several = [a for a in aligned if a.versions and first <= a.reference.day <= last][-limit:]
        if json_output:
            _write([asdict(a) for a in several])
        else:
            _show_versions(several)
        return
    found = changes(said, actor, issue)
    within = [c for c in found if first <= c.after.day <= last]  # all are the measure of what is usual
    shown = [c for c in within if c.unusual is None or c.unusual >= least][-limit:]
    if json_output:
        _write([asdict(c) for c in shown])
        return
    console = Console()
    for change in shown:
        unusual = "" if change.unusual is None else f", more than {change.unusual:.0%} of its other changes"
        console.print(f"[bold]{change.before.day} → {change.after.day}[/bold]  change {change.size:.2f}{unusual}")
        console.print(_marked(change.diff, console))
        for name, formulas in (
            ("new formula", change.formulas_added),
            ("formula dropped", change.formulas_dropped),
            ("left out, though usual", change.left_out),
        ):
            if formulas:
                console.print(f"  {name}: {', '.join(formulas)}", style="dim")


def _marked(diff: "Sequence[Piece]", console: "Console") -> "Text":
    """A word diff in colours on a terminal; + and - before what is new and gone elsewhere, and where colour is off."""
    from rich.text import Text

    styles = {"kept": "", "added": "green underline", "dropped": "red strike"}
    marks = {"kept": "", "added": "+", "dropped": "-"} if console.color_system is None else {}
    line = Text()
    for number, piece in enumerate(diff):
        line.append(" " if number else "")
        line.append(f"{marks.get(piece.change, '')}{piece.words}", styles[piece.change])
    return line


def _show_versions(found: "Sequence[Aligned]") -> None:
    from rich.console import Console

    console = Console()
    for aligned in found:
        of = aligned.reference
        console.print(f"[bold]{of.day}[/bold]  {of.kind}, {of.publisher or of.document}", highlight=False)
        console.print(of.text, highlight=False, markup=False)
        for version in aligned.versions:
            said = version.said
            console.print(
                f"  {said.day}  {said.kind}, {said.publisher or said.document}: keeps {version.kept:.0%}",
                highlight=False,
            )
            console.print(_marked(version.diff, console))
    if not found:
        print("No statement on this issue stands in several reports.")


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
    from rich.table import Column, Table

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
    if not found:
        print("Nothing found; a smaller --least-documents shows rarer sequences.")
        return
    # Against the same side's other words there are no others; few formulas are listed.
    columns: dict[str, Callable[[Found], object]] = {
        "words": lambda f: f.words,
        "z": lambda f: f"{f.z:.1f}",
        "times": lambda f: f.count,
        **({} if since or gone else {"others": lambda f: f.others}),
        "in docs": lambda f: f.documents,
        "first": lambda f: f.first,
        "last": lambda f: f.last,
        **({"listed as": lambda f: f.listed or ""} if any(f.listed for f in found) else {}),
    }
    table = Table(*(Column(n, no_wrap=n not in ("words", "listed as")) for n in columns))
    for f in found:
        table.add_row(*(str(cell(f)) for cell in columns.values()))
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
    if not found:
        raise InputError(f"no formula is known for {actor!r} in that register; `communique phrases list` has all")
    table = Table("formula", "register", "known for", "signals", "after")
    for f in found:
        table.add_row(f.phrase, f.register.replace("_", " "), ", ".join(f.owners), f.signals, f.source)
    Console().print(table)
