"""A record as a table for the terminal: who, said how, what, to whom, act, issue."""

from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.records import Record, Statement, covered

WIDTH = 120  # characters a line where the output is no terminal


def record_table(record: Record) -> RenderableType:
    """What a person reads of one record: statements with their acts and issues, then the other events."""
    text = record.document.text
    names = {a.id: a.name for a in record.actors}
    title = record.document.title or text.strip().split("\n", 1)[0][:90]
    heading = Text(title, style="bold")
    if record.document.published:
        heading.append(f"  {record.document.published[:10]}", style="dim")
    parts: list[RenderableType] = [heading]
    if record.statements:
        table = Table(show_edge=False, pad_edge=False, header_style="bold", row_styles=["", "on grey7"], expand=True)
        for column, ratio in (("who", 3), ("said how", 2), ("what", 8), ("to whom", 2), ("act", 2), ("issue", 2)):
            table.add_column(column, ratio=ratio, overflow="fold")
        depth = _depths(record.statements)
        for s in record.statements:
            acts = dict.fromkeys(e.plover for e in record.events if e.statement == s.id)
            issues = dict.fromkeys(i for p in record.positions if p.statement == s.id for i in p.issues)
            said = covered(text, s.cue.spans)
            table.add_row(
                "  " * depth[s.id] + _who(record, s, names),
                f"{'not: ' if s.negated else ''}{said}\n[dim]{s.kind}[/dim]",
                Text(_short(covered(text, s.content.spans))),
                ", ".join(names.get(a, a) for a in s.addressees),
                ", ".join(acts),
                ", ".join(issues).replace("_", " "),
            )
        parts.append(table)
    else:
        parts.append(Text("no statement found", style="dim"))
    told = [e for e in record.events if e.statement is None]
    if told:
        table = Table(show_edge=False, pad_edge=False, header_style="bold", expand=True)
        for column, ratio in (("source", 3), ("event", 2), ("target", 3), ("when", 2), ("words", 9)):
            table.add_column(column, ratio=ratio, overflow="fold", min_width=len("2024-01-01"))
        for e in told:
            table.add_row(
                ", ".join(names.get(a, a) for a in e.sources),
                e.plover + (f"\n[dim]{e.mode}[/dim]" if e.mode else ""),
                ", ".join(names.get(a, a) for a in e.targets),
                f"{e.date or ''}\n[dim]{e.modality}[/dim]",
                Text(_short(covered(text, e.spans))),
            )
        parts.append(table)
    if record.phrases:
        found = ", ".join(dict.fromkeys(p.phrase for p in record.phrases))
        parts.append(Text.assemble(("phrases  ", "bold"), found))
    return Group(*parts)


def record_text(record: Record, width: int = WIDTH) -> str:
    """`record_table` as plain text of at most `width` characters a line."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(record_table(record))
    return out.getvalue()


def _depths(statements: tuple[Statement, ...]) -> dict[str, int]:
    parents = {s.id: s.parent for s in statements}
    depths = {}
    for s in statements:
        depth, above = 0, s.parent
        while above is not None and depth < len(parents):
            depth, above = depth + 1, parents.get(above)
        depths[s.id] = depth
    return depths


def _who(record: Record, s: Statement, names: dict[str, str]) -> str:
    said = covered(record.document.text, s.source.spans)
    if s.source.actor is None:
        return said or "[dim]not named[/dim]"
    name = names.get(s.source.actor, s.source.actor)
    country = next((a.country for a in record.actors if a.id == s.source.actor), None)
    return f"{name} [dim]{country}[/dim]" if country and country != s.source.actor else name


def _short(words: str, most: int = 220) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + " …"
