"""`communique serve`, `communique mcp` and `communique users`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

ARCHIVE = Annotated[str, typer.Option(help="Folder or address of the archive.")]


@contextmanager
def _web_parts() -> Iterator[None]:
    """Says what to install where the extra is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        from communique.errors import MissingPartError

        if (error.name or "").startswith("communique"):
            raise
        raise MissingPartError(f"the page needs {error.name}: pip install 'communique[web]'") from error


_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@app.command(epilog="Example: communique serve --archive my-archive --users reviewers")
def serve(
    archive: ARCHIVE,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    users: Annotated[Path | None, typer.Option(help="Users file; without one the page only reads.")] = None,
    login_to_read: Annotated[
        bool, typer.Option("--login-to-read", help="Ask for a login before showing anything.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option(help="Host name the page is reached by (repeat for several).")
    ] = None,
    no_index: Annotated[
        bool,
        typer.Option("--no-index", help="Keep no index in the folder for temporary files; large archives are slow."),
    ] = False,
    https: Annotated[
        bool, typer.Option("--https", help="The page is behind a TLS proxy: cookies never go without it.")
    ] = False,
) -> None:
    """Serve the page and the JSON API of an archive."""
    with _web_parts():
        import uvicorn

        from communique.web.app import create_app
        from communique.web.settings import Settings
    from communique.errors import InputError

    if login_to_read and users is None:
        raise InputError("--login-to-read needs --users FILE; make one with `communique users NAME --file FILE`")
    loopback = host in _LOOPBACK
    hosts = (*Settings.hosts, *(name or ())) if loopback or name else ("*",)
    settings = Settings(
        archive=archive, users=users, login_to_read=login_to_read, hosts=hosts, index=not no_index, https=https
    )
    # Behind a TLS proxy on this machine its word on who asks is taken, so that one guesser does not lock out all.
    uvicorn.run(
        create_app(settings), host=host, port=port, log_level="warning", server_header=False, proxy_headers=https
    )


@app.command(epilog="Example: communique mcp --archive my-archive")
def mcp(
    archive: ARCHIVE,
    page: Annotated[
        str, typer.Option(help="Where the page runs; addresses that are cited begin with it.")
    ] = "http://127.0.0.1:8000",
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Make no index; a large archive then answers more slowly.")
    ] = False,
) -> None:
    """Answer an assistant's questions on an archive over the Model Context Protocol (standard input and output)."""
    with _web_parts():
        from communique.web.assistant import make_server
        from communique.web.index import Indexed
    from communique.archive.store import open_archive

    indexed = Indexed(open_archive(archive, create=False).storage)
    try:
        if not no_index:
            indexed.start()
        make_server(indexed, page).run("stdio")
    finally:
        indexed.stop()


@app.command(epilog="Example: communique users ada --file reviewers")
def users(
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    file: Annotated[Path, typer.Option(help="Users file; made where there is none.")],
) -> None:
    """Add a user who may correct, or give one a new password."""
    with _web_parts():
        from communique.web.users import set_password
    set_password(file, name, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    typer.echo(f"{file}: {name} may log in.")
