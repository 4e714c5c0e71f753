"""An MCP server with the page's questions, so that an assistant can cite statements by their addresses."""

from typing import Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

import communique
from communique.archive.store import Archive, open_archive
from communique.errors import CommuniqueError
from communique.records import Record
from communique.web import asking
from communique.web.api import row_address
from communique.web.filters import Filters, Kind

INSTRUCTIONS = (
    "An archive of who said what to whom, coded from news and official briefings. Every row has an `address`: "
    "the page "
    "that shows its words in the text. Cite statements by that address, and quote `words` as they stand. Coding is "
    "done by machine; `confidence` says how sure it is. Actor ids: CHN (a state), CHN/mfa (a body), "
    "person/NAME, IGO/un."
)
MOST = 50


def make_server(archive: str | Archive, page: str) -> MCPServer[Any]:
    """The server over an archive. page: where the page runs; addresses begin with it.

    Raises:
        ArchiveError: there is no archive.
    """
    opened = open_archive(archive, create=False) if isinstance(archive, str) else archive
    base = page.rstrip("/")
    server: MCPServer[Any] = MCPServer("communique", version=communique.__version__, instructions=INSTRUCTIONS)

    def ask(table: Kind, limit: int, cursor: str, **filters: str) -> dict[str, Any]:
        try:
            given = Filters.model_validate({k: v for k, v in filters.items() if v})
            found = asking.find(opened, table, given, size=max(1, min(limit, MOST)), cursor=cursor or None)
        except ValidationError as error:
            raise ToolError("; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())) from None
        except CommuniqueError as error:
            raise ToolError(str(error)) from None
        rows = [{**row, "day": str(row["day"] or ""), "address": base + row_address(row)} for row in found.rows]
        return {"rows": rows, "total": found.total, "next": found.cursor}

    @server.tool()
    def statements(
        q: str = "",
        actor: str = "",
        target: str = "",
        issue: str = "",
        since: str = "",
        until: str = "",
        limit: int = 20,
        cursor: str = "",
    ) -> dict[str, Any]:
        """Who said what. q: words or "a phrase"; actor, target: actor ids; issue: issue id; since, until: YYYY, YYYY-MM
        or YYYY-MM-DD, both included; cursor: `next` of the answer before."""
        return ask("statements", limit, cursor, q=q, actor=actor, target=target, issue=issue, since=since, until=until)

    @server.tool()
    def events(
        q: str = "",
        actor: str = "",
        target: str = "",
        event: str = "",
        quad: str = "",
        since: str = "",
        until: str = "",
        limit: int = 20,
        cursor: str = "",
    ) -> dict[str, Any]:
        """Who did what to whom: event is a PLOVER class such as ACCUSE, quad a quad class such as VERBAL CONFLICT."""
        return ask(
            "events", limit, cursor, q=q, actor=actor, target=target, event=event, quad=quad, since=since, until=until
        )

    @server.tool()
    def positions(
        actor: str = "",
        target: str = "",
        issue: str = "",
        stance: str = "",
        since: str = "",
        until: str = "",
        limit: int = 20,
        cursor: str = "",
    ) -> dict[str, Any]:
        """Who stands where on an issue. stance: support, opposition, demand, accusation, red_line and so on."""
        return ask(
            "positions", limit, cursor, actor=actor, target=target, issue=issue, kind=stance, since=since, until=until
        )

    @server.tool()
    def phrases(
        phrase: str = "", actor: str = "", since: str = "", until: str = "", limit: int = 20, cursor: str = ""
    ) -> dict[str, Any]:
        """Who used which official formula, and when."""
        return ask("phrases", limit, cursor, phrase=phrase, actor=actor, since=since, until=until)

    @server.tool()
    def look_up(name: str) -> list[dict[str, Any]]:
        """Ids of actors, issues and formulas by a name or a part of it."""
        return [{**s, "address": base + s["href"]} for s in asking.suggestions(opened, name)]

    @server.tool()
    def document(id: str, part: Literal["text", "record"] = "text") -> dict[str, Any]:
        """A document's text, or its whole coded record."""
        found: Record | None = opened.record(id)
        if found is None:
            raise ToolError(f"no document {id!r} in this archive")
        return found.document.model_dump() if part == "text" else found.model_dump()

    return server
