"""Events brought together: one act, however many reports of it there are."""

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from communique.web import asking, choices, happenings
from communique.web.filters import PAGE
from communique.web.pages.ask import Asked
from communique.web.questions import conditions
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()


@router.get("/clusters", response_class=HTMLResponse)
def clusters(request: Request, f: Asked, number: int = Query(1, alias="page", ge=1, le=1000)) -> HTMLResponse:
    """Events by number of reports."""
    archive = request.app.state.archive
    ids = {"actor": asking.actor_id(archive, f.actor), "target": asking.actor_id(archive, f.target)}
    where = conditions("events", f.model_copy(update=ids), asking.named_by(archive, f.q))
    found = remembered(archive, ("clusters", where, number), lambda: happenings.clusters(archive, where, number, PAGE))
    names = asking.names(archive, [a for row in found for a in (*row["sources"], *row["targets"])])
    query = f.query()
    return page(
        request,
        "clusters.html",
        {
            "f": f,
            "clusters": found[:PAGE],
            "names": names,
            "choices": choices.choices(archive),
            "number": number,
            "pages": number + (len(found) > PAGE),
            "link": lambda n: address("clusters", **{**query, "page": n if n > 1 else ""}),
        },
    )


@router.get("/clusters/{id}", response_class=HTMLResponse)
def cluster(request: Request, id: str) -> HTMLResponse:
    """One event and its reports."""
    archive = request.app.state.archive
    found = happenings.cluster(archive, id)
    if not found:
        raise HTTPException(404, f"No event {id!r} in this archive.")
    names = asking.names(archive, [a for row in found for a in (*row["sources"], *row["targets"])])
    return page(request, "cluster.html", {"id": id, "reports": found, "names": names})
