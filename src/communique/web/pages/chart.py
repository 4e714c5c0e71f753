"""Charts by address: the specification for the browser, all rows as a table, and what is downloaded."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response

from communique.web import charts, figures
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
_LONGEST = 200
ROWS = 200


@router.get("/charts/{name}.{format}")
def chart(
    request: Request,
    name: str,
    format: Literal["json", "html", "svg", "png", "csv"],
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> Response:
    """One chart in one format; the rest of the address is what was asked."""
    if name not in figures.FIGURES:
        raise HTTPException(404, f"No chart {name!r}.")
    archive = request.app.state.archive
    query = {k: v[:_LONGEST] for k, v in request.query_params.items() if k != "page"}
    figure = figures.figure(archive, name, query)
    if format == "json":
        return JSONResponse(figure.vega_lite())
    if format == "html":
        known = {
            "figure": figure,
            "rows": figure.table_rows((number - 1) * ROWS, ROWS),
            "first": (number - 1) * ROWS + 1,
            "number": number,
            "pages": -(-len(figure.rows) // ROWS),
            "link": lambda n: address("charts", f"{name}.html", **dict(figure.query), page=n if n > 1 else ""),
        }
        return page(request, "chart.html", known)
    headers = {"content-disposition": f'attachment; filename="{name}.{format}"'} if format != "svg" else {}
    if format == "csv":
        return Response(figure.csv(), media_type=_TYPES[format], headers=headers)
    key = ("drawn", name, format, *sorted(query.items()))
    content = remembered(archive, key, lambda: charts.drawn(figure, format))
    return Response(content, media_type=_TYPES[format], headers=headers)
