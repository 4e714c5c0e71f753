"""`communique review` and `communique agreement`: people's decisions on rows, and how far they agree."""

import getpass
import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from communique.cli.archive import Format, show_rows
from communique.cli.asking import ArchivePath, opened

app = typer.Typer()
deciding = typer.Typer(no_args_is_help=True, help="Confirm, correct or reject rows; the machine's own stay readable.")

Row = Annotated[str, typer.Argument(help="The row's id, as `communique query` shows it: s…, e… or p….")]
By = Annotated[str | None, typer.Option("--by", help="Who says so; your user name unless given.")]
Why = Annotated[str | None, typer.Option("--why", help="The reason.")]


class Table(StrEnum):
    statements = "statements"
    events = "events"
    positions = "positions"


class Order(StrEnum):
    random = "random"
    confidence = "confidence"


@deciding.command(epilog="Example: communique review confirm s1f0c9a2b3d4e --why 'read the text' --archive my-archive")
def confirm(row: Row, archive: ArchivePath = "archive", by: By = None, why: Why = None) -> None:
    """Say that a row is right."""
    _decide(archive, row, "confirm", by, why)


@deciding.command(epilog="Example: communique review reject e1f0c9a2b3d4e --why 'no event' --archive my-archive")
def reject(row: Row, archive: ArchivePath = "archive", by: By = None, why: Why = None) -> None:
    """Say that a row should not be there; answers leave it out from now on."""
    _decide(archive, row, "reject", by, why)


@deciding.command(
    epilog="Example: communique review correct e1f0c9a2b3d4e plover=THREATEN 'targets=[\"USA\"]' --archive a"
)
def correct(
    row: Row,
    values: Annotated[list[str], typer.Argument(help="column=value; lists as JSON.")],
    archive: ArchivePath = "archive",
    by: By = None,
    why: Why = None,
) -> None:
    """Give columns of a row other values."""
    _decide(archive, row, "correct", by, why, dict(map(_parsed, values)))


@deciding.command(epilog="Example: communique review sample --table events --number 50 --order confidence --archive a")
def sample(
    archive: ArchivePath = "archive",
    table: Annotated[Table, typer.Option(help="Rows of which table.")] = Table.statements,
    number: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    order: Annotated[Order, typer.Option(help="At random, or the least sure first.")] = Order.random,
    seed: Annotated[int, typer.Option(help="Of the random choice, to draw it again.")] = 0,
    format: Annotated[Format, typer.Option(help="table shows some columns; csv and jsonl have all.")] = Format.table,
) -> None:
    """Draw rows that nobody has reviewed."""
    from communique.analysis.tables import columns_shown
    from communique.archive.reviews import sample as draw

    kept = opened(archive)
    ids = [r["id"] for r in draw(kept, table.value, number, order.value, seed)]
    rows = kept.ask(
        f"SELECT * FROM machine.{table.value} WHERE id IN (SELECT unnest(?)) ORDER BY list_position(?, id)", [ids, ids]
    )
    shown = [c for c in columns_shown(table.value) if c in rows.column_names]
    show_rows(rows, format, ["id", *shown, "confidence"])


@deciding.command("list", epilog="Example: communique review list --archive my-archive")
def list_(
    archive: ArchivePath = "archive",
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.table,
) -> None:
    """Show who decided what, when and why, oldest first."""
    rows = opened(archive).ask(
        'SELECT "at", reviewer, decision, "table", "row", corrections, reason FROM reviews ORDER BY "at", id'
    )
    show_rows(rows, format)


@app.command(epilog="Example: communique agreement --archive my-archive")
def agreement(
    archive: ArchivePath = "archive",
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.table,
) -> None:
    """Show Krippendorff's alpha between reviewers, and between reviewers and the machine."""
    from dataclasses import asdict

    import pyarrow as pa

    from communique.analysis.agreement import agreement as measure
    from communique.errors import InputError

    found = measure(opened(archive))
    if not found:
        raise InputError("nothing is reviewed yet: begin with communique review sample")
    show_rows(pa.Table.from_pylist([asdict(a) for a in found]), format)


def _decide(
    archive: str, row: str, decision: Any, by: str | None, why: str | None, corrections: dict[str, Any] | None = None
) -> None:
    from communique.archive.reviews import review
    from communique.errors import InputError

    tables = {t.value[0]: t.value for t in Table}
    if row[:1] not in tables:
        raise InputError(f"{row}: no id of a statement (s…), event (e…) or position (p…)")
    kept = review(opened(archive), tables[row[0]], row, decision, by or getpass.getuser(), corrections, why)
    print(f"{kept.decision} {kept.row}, by {kept.reviewer}")


def _parsed(given: str) -> tuple[str, Any]:
    from communique.errors import InputError

    column, sign, value = given.partition("=")
    if not sign:
        raise InputError(f"{given}: write column=value, for example plover=THREATEN")
    try:
        return column, json.loads(value)
    except ValueError:
        return column, value
