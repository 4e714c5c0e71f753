"""A record as tables for the terminal: statements with acts and positions, what stands in none, formulas."""

from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from communique.records import Phrase, Position, Record, Statement, covered

WIDTH = 120  # characters a line where the output is no terminal


def record_table(record: Record) -> RenderableType:
    """What a person reads of one record: statements with acts and positions, then what stands in none, and formulas."""
    text = record.document.text
    names = {a.id: a.name for a in record.actors}
    title = record.document.title or text.strip().split("\n", 1)[0][:90]
    heading = Text(title, style="bold")
    if record.document.published:
        heading.append(f"  {record.document.published[:10]}", style="dim")
    parts: list[RenderableType] = [heading]
    if record.statements:
        table = _table({"who": 3, "said how, to whom": 3, "what": 8, "act, position, issue": 4})
        table.row_styles = ["", "on grey7"]
        depth = _depths(record.statements)
        for s in record.statements:
            acts = dict.fromkeys(e.plover for e in record.events if e.statement == s.id)
            positions = dict.fromkeys(_position(p, names) for p in record.positions if p.statement == s.id)
            said = [("not: " if s.negated else "") + covered(text, s.cue.spans), f"[dim]{s.kind}[/dim]"]
            if s.addressees:
                said.append("to " + ", ".join(names.get(a, a) for a in s.addressees))
            table.add_row(
                "  " * depth[s.id] + _who(record, s, names),
                "\n".join(said),
                Text(_short(covered(text, s.content.spans))),
                "\n".join([*acts, *positions]),
            )
        parts += [table, Text()]
    else:
        parts.append(Text("no statement found", style="dim"))
    held = [p for p in record.positions if p.statement is None]
    if held:
        table = _table({"side": 3, "position": 5, "words": 11})
        for p in held:
            side = names.get(p.actor, p.actor) if p.actor else "[dim]not named[/dim]"
            table.add_row(side, _position(p, names), Text(_short(covered(text, p.spans))))
        parts += [table, Text()]
    told = [e for e in record.events if e.statement is None]
    if told:
        table = _table({"source": 3, "event": 2, "target": 3, "when": 2, "words": 9}, least=len("2024-01-01"))
        for e in told:
            table.add_row(
                ", ".join(names.get(a, a) for a in e.sources),
                e.plover + (f"\n[dim]{e.mode}[/dim]" if e.mode else ""),
                ", ".join(names.get(a, a) for a in e.targets),
                f"{e.date or ''}\n[dim]{e.modality}[/dim]",
                Text(_short(covered(text, e.spans))),
            )
        parts += [table, Text()]
    if record.phrases:
        found = ", ".join(dict.fromkeys(_phrase(p, text) for p in record.phrases))
        parts.append(Text.assemble(("phrases  ", "bold"), found))
    return Group(*parts)


def record_text(record: Record, width: int = WIDTH) -> str:
    """`record_table` as plain text of at most `width` characters a line."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(record_table(record))
    return out.getvalue()


def _table(columns: dict[str, int], least: int | None = None) -> Table:
    """An empty table. columns: heading -> share of the width; least: fewest characters of a column."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold", expand=True)
    for column, ratio in columns.items():
        table.add_column(column, ratio=ratio, overflow="fold", min_width=least)
    return table


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


def _position(p: Position, names: dict[str, str]) -> str:
    """One line or two: kind and targets; issues."""
    towards = ", ".join(names.get(t, t) for t in p.targets)
    issues = ", ".join(p.issues).replace("_", " ")
    stance = p.kind.replace("_", " ") + (f" → {towards}" if towards else "")
    return f"{stance}\n[dim]{issues}[/dim]" if issues else stance


def _phrase(p: Phrase, text: str) -> str:
    """Its name in the codebook, and the words of the text where they are others."""
    words = " ".join(covered(text, p.spans).split())
    return p.phrase if p.phrase.lower() in words.lower() else f"{p.phrase} (“{words}”)"


def _short(words: str, most: int = 220) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + " …"
