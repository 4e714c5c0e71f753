"""`communique add`: documents into an archive."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from communique.running.progress import Progress

app = typer.Typer()


class Place(StrEnum):
    here = "here"
    ray = "ray"


@app.command(epilog="Example: communique add articles.jsonl briefings/ --archive my-archive")
def add(
    files: Annotated[list[str], typer.Argument(help="Files, folders or addresses; - reads standard input.")],
    archive: Annotated[str, typer.Option(help="The archive's folder or object-store address.")] = "archive",
    published: Annotated[str | None, typer.Option(help="Date of publication for documents that carry none.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of files that are not UTF-8, such as cp1252.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="FIELD=NAME: the column of a table that holds it.")] = None,
    format: Annotated[str | None, typer.Option(help="Format, where the file's name does not tell.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    on: Annotated[Place, typer.Option(help="Where to code: on this machine, or on a Ray cluster.")] = Place.here,
    address: Annotated[str | None, typer.Option(help="Of the Ray cluster; by default a local one.")] = None,
    duplicates: Annotated[bool, typer.Option(help="Find near copies and code one of each family.")] = True,
) -> None:
    """Code FILES and keep the records; what is there already is passed over, so a run can be repeated."""
    from communique.archive.store import open_archive
    from communique.cli.showing import show_progress
    from communique.reading import read_items
    from communique.reading.counting import expected_documents
    from communique.running.progress import Progress

    kept = open_archive(archive)
    columns = named_columns(column or [])
    progress = Progress(total=expected_documents(files))
    stopped = False
    with show_progress(progress) as report:
        try:
            if on is Place.ray:
                from communique.running.cluster import add_on_cluster

                add_on_cluster(
                    files, kept, address=address, published=published, columns=columns, progress=progress, report=report
                )
            else:
                from communique.running.adding import add as add_items

                items = read_items(files, published=published, encoding=encoding, columns=columns, format=format)
                add_items(items, kept, workers=workers, duplicates=duplicates, progress=progress, report=report)
        except KeyboardInterrupt:
            stopped = True
    print(summary(progress, archive), file=sys.stderr)
    if stopped:
        print("communique: stopped; the same command goes on where it stopped", file=sys.stderr)
        raise typer.Exit(130)
    if progress.failed and progress.failed == progress.done:
        raise typer.Exit(2)


def named_columns(given: list[str]) -> dict[str, str]:
    """FIELD=NAME pairs as a mapping.

    Raises:
        InputError: a pair without "=".
    """
    from communique.errors import InputError

    for pair in given:
        if "=" not in pair:
            raise InputError(f"--column {pair}: write FIELD=NAME, for example --column text=body")
    return dict(pair.split("=", 1) for pair in given)


def summary(progress: "Progress", archive: str | Path) -> str:
    """What a run did, in a few lines."""
    lines = [
        f"{progress.coded:,} coded ({progress.words:,} words, {progress.words_per_second:,.0f} a second), "
        f"{progress.passed_over:,} kept without coding (copies, other languages), {progress.known:,} known already"
    ]
    if progress.failed:
        lines.append(
            f"{progress.failed:,} set aside; communique query 'SELECT source, reason FROM failures' "
            f"--archive {archive} says why"
        )
    return "\n".join(lines)
