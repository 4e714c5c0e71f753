"""Actors: the list, and one actor's page."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from communique.analysis.discovery import Found, discover
from communique.analysis.said import said_in
from communique.archive.store import Archive
from communique.errors import InputError
from communique.web import asking, figures, formulas, showing, summaries
from communique.web.filters import PAGE, Filters
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()
MOST_SAID = 20_000  # comparing the words of more than so many statements takes too long for a page


@router.get("/actors", response_class=HTMLResponse)
def actors(
    request: Request,
    called: Annotated[str, Query(max_length=100)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> HTMLResponse:
    archive = request.app.state.archive
    found = remembered(archive, ("actors", called, number), lambda: summaries.actors(archive, called, number, PAGE))
    return page(request, "actors.html", {"actors": found, "called": called, "number": number, "size": PAGE})


@router.get("/actors/{id:path}", response_class=HTMLResponse)
def actor(request: Request, id: str) -> HTMLResponse:
    """Offices over time, positions by issue, formulas typical of it, whom it speaks of."""
    archive = request.app.state.archive
    found = remembered(archive, ("actor", id), lambda: summaries.actor(archive, id))
    if found is None:
        raise HTTPException(404, f"No actor {id!r} in this archive or the registry.")
    person = id.startswith("person/")
    spoken_of = remembered(archive, ("spoken of", id), lambda: summaries.spoken_of(archive, id))
    speakers = [] if person else remembered(archive, ("speakers", id), lambda: summaries.speakers_for(archive, id))
    offices = summaries.offices(archive, id) if person else []
    tied = (*(r["id"] for r in (*spoken_of, *speakers)), *(o["of"] for o in offices))
    names = asking.names(archive, [id, found["country"], *tied])
    newest = asking.find(archive, "statements", Filters(actor=id), size=8, count=False)
    return page(
        request,
        "actor.html",
        {
            "actor": found,
            "offices": offices,
            "holders": [] if person else summaries.holders(id),
            "stances": figures.figure(archive, "stances", {"actor": id}),
            "phrases": remembered(archive, ("phrases", id), lambda: formulas.phrases_of(archive, id)),
            "spoken_of": spoken_of,
            "speakers": speakers,
            "names": names,
            "hits": showing.in_context(archive, "statements", newest),
            "all": address("", actor=id),
        },
    )


@router.get("/typical/{id:path}", response_class=HTMLResponse)
def typical(request: Request, id: str) -> HTMLResponse:
    """Word sequences that a side uses far more than others; a page of its own because they take a while to find."""
    archive = request.app.state.archive
    found, why = remembered(archive, ("typical", id), lambda: _typical(archive, id))
    name = asking.names(archive, [id])[id]
    return page(request, "typical.html", {"id": id, "name": name, "found": found, "why": why})


def _typical(archive: Archive, id: str) -> tuple[list[Found], str]:
    if asking.rows(archive, "SELECT count(*) AS n FROM statements")[0]["n"] > MOST_SAID:
        return [], "The archive is too large for the page to compare all words: use `communique discover`."
    try:
        return discover(said_in(archive), id)[:60], ""
    except InputError as error:
        return [], str(error)
