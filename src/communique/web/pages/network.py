"""Actors and issues as a network, with sliders for the time."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from communique.analysis.networks import KINDS
from communique.web import asking, figures, networking
from communique.web.rendering import page

router = APIRouter()


@router.get("/network", response_class=HTMLResponse)
def network(request: Request) -> HTMLResponse:
    """Who is for and against what, or who agrees with whom, in a time."""
    archive = request.app.state.archive
    asked = networking.read_query(request.query_params)
    days = asking.rows(archive, "SELECT min(day) AS first, max(day) AS last FROM positions")[0]
    months = networking.months(days["first"], days["last"])
    figure = figures.figure(archive, "network", {k: str(v) for k, v in asked.query().items() if v})
    known = {
        "asked": asked,
        "months": months,
        "figure": figure,
        "kinds": list(KINDS),
        "agreements": sorted(KINDS[asked.kind][0]),
        "normalizations": sorted(KINDS[asked.kind][1]),
        "total": networking.drawn(archive, asked).total,
        "since": months.index(asked.since[:7]) if asked.since[:7] in months else 0,
        "until": months.index(asked.until[:7]) if asked.until[:7] in months else max(0, len(months) - 1),
    }
    return page(request, "network.html", known)
