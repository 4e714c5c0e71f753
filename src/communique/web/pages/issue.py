"""Issues: the codebook with counts, and one issue's page."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from communique.coding.issue_codebook import load_issues
from communique.web import asking, figures, showing, summaries
from communique.web.filters import Filters
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()


@router.get("/issues", response_class=HTMLResponse)
def issues(request: Request) -> HTMLResponse:
    archive = request.app.state.archive
    return page(request, "issues.html", {"issues": remembered(archive, "issues", lambda: summaries.issues(archive))})


@router.get("/issues/{id:path}", response_class=HTMLResponse)
def issue(request: Request, id: str) -> HTMLResponse:
    """Who stands where, and how that moved."""
    archive = request.app.state.archive
    book = load_issues()
    one = book.issues.get(id)
    if one is None:
        raise HTTPException(404, f"No issue {id!r} in the codebook.")
    newest = asking.find(archive, "positions", Filters(issue=id), size=8, count=False)
    return page(
        request,
        "issue.html",
        {
            "issue": one,
            "broader": [book.issues[a] for a in book.ancestors(id)],
            "narrower": [i for i in book.issues.values() if id in i.parents],
            "standings": figures.figure(archive, "standings", {"issue": id}),
            "matrix": figures.figure(archive, "matrix", {"issue": id}),
            "hits": showing.in_context(archive, "positions", newest),
            "all": address("", what="positions", issue=id),
        },
    )
