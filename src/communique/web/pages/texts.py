"""The list of documents, typed SQL, and what there is to know about the page and its API."""

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from communique.errors import InputError
from communique.web import choices, sql, summaries
from communique.web.filters import PAGE
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()


@router.get("/documents", response_class=HTMLResponse)
def documents(
    request: Request,
    publisher: Annotated[str, Query(max_length=200)] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    archive = request.app.state.archive
    key = ("documents", publisher, number)
    found = remembered(archive, key, lambda: summaries.documents(archive, publisher, number, PAGE))
    total = remembered(archive, ("documents", publisher), lambda: summaries.document_count(archive, publisher))
    known = {
        "publisher": publisher,
        "choices": choices.choices(archive),
        "number": number,
        "documents": found,
        "total": total,
    }
    pages = -(-total // PAGE)
    link = lambda n: address("documents", publisher=publisher, page=n if n > 1 else "")  # noqa: E731
    return page(request, "documents.html", {**known, "pages": pages, "link": link})


@router.get("/sql", response_class=HTMLResponse)
def typed(request: Request, q: Annotated[str, Query(max_length=10_000)] = "") -> HTMLResponse:
    """One SELECT over the archive's tables."""
    state = request.app.state
    answer, wrong, seconds = None, "", 0.0
    if q.strip():
        started = time.perf_counter()
        try:
            answer = sql.answer(state.archive, q, state.settings)
        except InputError as error:
            wrong = str(error)
        seconds = time.perf_counter() - started
    known = {"q": q, "answer": answer, "wrong": wrong, "seconds": seconds, "tables": sql.columns()}
    return page(request, "sql.html", {**known, "most": state.settings.query_rows}, 400 if wrong else 200)


@router.get("/about", response_class=HTMLResponse)
def about(request: Request) -> HTMLResponse:
    return page(request, "about.html", {"overview": choices.overview(request.app.state.archive)})


@router.get("/api", response_class=HTMLResponse)
def api(request: Request) -> HTMLResponse:
    """The API's own description, as a page that loads nothing."""
    described = request.app.openapi()
    calls = [
        {"path": path, "summary": call.get("description", ""), "parameters": call.get("parameters", [])}
        for path, methods in described["paths"].items()
        for call in methods.values()
    ]
    return page(request, "api.html", {"calls": calls})
