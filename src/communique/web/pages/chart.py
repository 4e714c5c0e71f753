"""Charts by address: the specification for the browser, and what is downloaded."""

from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from communique.web import charts, figures
from communique.web.remembering import remembered

router = APIRouter()
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
_LONGEST = 200


@router.get("/charts/{name}.{format}")
def chart(request: Request, name: str, format: Literal["json", "svg", "png", "csv"]) -> Response:
    """One chart in one format; the rest of the address is what was asked."""
    if name not in figures.FIGURES:
        raise HTTPException(404, f"No chart {name!r}.")
    archive = request.app.state.archive
    query = {k: v[:_LONGEST] for k, v in request.query_params.items()}
    figure = figures.figure(archive, name, query)
    if format == "json":
        return JSONResponse(figure.vega_lite())
    headers = {"content-disposition": f'attachment; filename="{name}.{format}"'} if format != "svg" else {}
    if format == "csv":
        return Response(figure.csv(), media_type=_TYPES[format], headers=headers)
    key = ("drawn", name, format, *sorted(query.items()))
    content = remembered(archive, key, lambda: charts.drawn(figure, format))
    return Response(content, media_type=_TYPES[format], headers=headers)
