"""All commands together; each module under cli/ holds one group of them and imports what is heavy only when called."""

from typing import Annotated

import typer

import communique
from communique.cli import (
    actors,
    add,
    archive,
    asking,
    code,
    codebook,
    evaluate,
    export,
    review,
    serve,
    show,
    watch,
    wording,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no rich, which takes as long to import as all else here
    epilog="Example: communique code briefing.txt --published 2023-01-30",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"communique {communique.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Who said what to whom, in which words: political news and briefings as a checkable record."""


app.add_typer(code.app)
app.add_typer(add.app)
app.add_typer(archive.app)
app.add_typer(asking.app)
app.add_typer(show.app)
app.add_typer(watch.app)
app.add_typer(export.app)
app.add_typer(review.app)
app.add_typer(review.deciding, name="review")
app.add_typer(serve.app)
app.add_typer(archive.care, name="archive")
app.add_typer(wording.app)
app.add_typer(wording.phrases, name="phrases")
app.add_typer(actors.app, name="actors")
app.add_typer(codebook.app, name="codebook")
app.add_typer(evaluate.app, name="evaluate")
