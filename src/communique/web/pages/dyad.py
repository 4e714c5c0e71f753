"""One side towards another: acts by month and class, intensity, breaks, and the statements behind every bar."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from communique.archive.store import Archive
from communique.web import asking, choices, figures, happenings, showing
from communique.web.charts import Figure
from communique.web.filters import Filters
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()
Id = Annotated[str, Query(max_length=200)]


@router.get("/dyad", response_class=HTMLResponse)
def dyad(request: Request, source: Id = "", target: Id = "") -> HTMLResponse:
    """The acts of `source` towards `target`, and the other way round; without them, the pairs with most acts."""
    archive = request.app.state.archive
    source, target = (asking.actor_id(archive, given) for given in (source, target))
    known = {
        "source": source,
        "target": target,
        "actors": choices.choices(archive)["actors"],
        "names": asking.names(archive, [source, target]),
    }
    if not (source and target):
        pairs = remembered(archive, "pairs", lambda: happenings.pairs(archive))
        names = asking.names(archive, [p[k] for p in pairs for k in ("source", "target")])
        return page(request, "dyads.html", {**known, "pairs": pairs, "names": names})
    there, back = {"source": source, "target": target}, {"source": target, "target": source}
    newest = asking.find(archive, "events", Filters(actor=source, target=target), size=8, count=False)
    return page(
        request,
        "dyad.html",
        {
            **known,
            "there": _charts(archive, there),
            "back": _charts(archive, back),
            "breaks": address("dyad", "breaks", source=source, target=target),
            "hits": showing.in_context(archive, "events", newest),
            "all": address("", what="events", actor=source, target=target),
            "turned": address("dyad", source=target, target=source),
        },
    )


def _charts(archive: Archive, query: dict[str, str]) -> list[Figure]:
    pair = query["source"], query["target"]
    acts = remembered(archive, ("acts without breaks", *pair), lambda: figures.acts(archive, query, marked=False))
    return [acts, figures.figure(archive, "intensity", query)]


@router.get("/dyad/breaks", response_class=HTMLResponse)
def breaks(request: Request, source: Id, target: Id) -> HTMLResponse:
    """Months when the tone changed for good, both ways; the dyad's page brings them in when they are found."""
    archive = request.app.state.archive
    source, target = (asking.actor_id(archive, given) for given in (source, target))
    found = [
        (one, other, b)
        for one, other in ((source, target), (target, source))
        for b in figures.tone_breaks(archive, one, other)
    ]
    names = asking.names(archive, [source, target])
    return page(request, "breaks.html", {"source": source, "target": target, "names": names, "breaks": found})
