"""`communique watch`: feeds into an archive, looked at again and again."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command(epilog="Example: communique watch https://example.org/feed.xml --archive my-archive --every 30")
def watch(
    feeds: Annotated[list[str], typer.Argument(help="Addresses of RSS or Atom feeds.")],
    archive: Annotated[str, typer.Option(help="The archive's folder or object-store address.")] = "archive",
    every: Annotated[float, typer.Option(min=0.1, help="Minutes between two looks.")] = 30.0,
    once: Annotated[bool, typer.Option(help="Look once and end.")] = False,
    delay: Annotated[float, typer.Option(min=0.0, help="Seconds between two requests to one host.")] = 2.0,
    state: Annotated[
        Path | None, typer.Option(help="File of what was seen; by default ARCHIVE/watch.json, or ./watch.json.")
    ] = None,
) -> None:
    """Fetch what is new in FEEDS, politely, code it and keep it; ends with Ctrl-C and goes on where it stopped."""
    from communique.archive.store import open_archive
    from communique.reading.web import Fetcher
    from communique.running.watching import look_once

    kept = open_archive(archive)
    folder = kept.storage.local
    path = state or (folder if folder is not None else Path()) / "watch.json"
    fetcher = Fetcher(delay=delay)
    while True:
        began = time.monotonic()
        try:
            for feed in feeds:
                progress = look_once(feed, kept, path, fetcher)
                print(
                    f"{feed}: {progress.coded} coded, {progress.passed_over} kept without coding, "
                    f"{progress.failed} set aside",
                    file=sys.stderr,
                )
            if once:
                return
            time.sleep(max(0.0, every * 60 - (time.monotonic() - began)))
        except KeyboardInterrupt:
            print("communique: stopped; the same command goes on where it stopped", file=sys.stderr)
            raise typer.Exit(130) from None
