"""The first page: one box to search, filters, answers in context, and what is shown as a file."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from communique.web import asking, choices, files, showing
from communique.web.filters import PAGE, Filters, Kind
from communique.web.rendering import address, page

router = APIRouter()


Asked = Annotated[Filters, Query()]
What = Annotated[Kind, Query()]
DEEPEST = 10_000  # pages by number go so far; the API's cursors go on


@router.get("/", response_class=HTMLResponse)
def ask(
    request: Request,
    f: Asked,
    what: What = "statements",
    sort: Annotated[str, Query(pattern="|".join(asking.SORTS))] = "newest",
    number: Annotated[int, Query(alias="page", ge=1, le=DEEPEST)] = 1,
) -> HTMLResponse:
    """Answers to the filters; with none, the newest."""
    archive = request.app.state.archive
    found = asking.find(archive, what, f, sort, number)
    total = found.total or 0
    query = f.query(what=what if what != "statements" else "", sort=sort if sort != "newest" else "")
    return page(
        request,
        "ask.html",
        {
            "f": f,
            "what": what,
            "sort": sort,
            "sorts": list(asking.SORTS),
            "choices": choices.choices(archive),
            "suggestions": asking.suggestions(archive, f.q),
            "hits": showing.in_context(archive, what, found, f.q),
            "total": total,
            "first": (number - 1) * PAGE + 1,
            "number": number,
            "pages": min(DEEPEST, -(-total // PAGE)),
            "link": lambda n: address("", **{**query, "page": n if n > 1 else ""}),
            "tab": lambda kind: _turned(f, what, kind).address("", what=kind if kind != "statements" else ""),
            "formats": [*files.FORMATS, *(files.EVENT_FORMATS if what == "events" else ())],
            "export": lambda format: f.address("export", what=what, sort=sort, format=format),
            "overview": choices.overview(archive),
        },
    )


def _turned(f: Filters, what: Kind, kind: Kind) -> Filters:
    """The same filters for another kind of answers; stances of positions are no kinds of quotation."""
    return f.model_copy(update={"kind": ""}) if (what == "positions") != (kind == "positions") else f


@router.get("/export")
def export(
    request: Request,
    f: Asked,
    what: What = "statements",
    sort: Annotated[str, Query(pattern="|".join(asking.SORTS))] = "newest",
    format: Annotated[str, Query(pattern="|".join([*files.FORMATS, *files.EVENT_FORMATS]))] = "csv",
) -> Response:
    """All answers to the filters as a file, in the order shown."""
    settings = request.app.state.settings
    found = asking.find(request.app.state.archive, what, f, sort, size=settings.export_rows, count=False)
    told = format in files.EVENT_FORMATS
    if told and what != "events":
        raise HTTPException(400, f"{format} is a layout of events; add what=events.")
    ending, type_ = files.EVENT_FORMATS[format] if told else (format, files.FORMATS[format])
    name = f"communique-{format}.{ending}" if told else f"communique-{what}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if found.cursor:
        headers["x-communique-truncated"] = f"the first {settings.export_rows} rows; use the API's cursors for more"
    if told:
        return Response(files.told(request.app.state.archive, found.rows, format), media_type=type_, headers=headers)
    body: Iterator[bytes] = files.written(found.rows, format)
    return StreamingResponse(body, media_type=type_, headers=headers)
