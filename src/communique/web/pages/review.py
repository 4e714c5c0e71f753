"""Correcting: the queue, what was decided by whom, and the forms."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from communique.analysis.agreement import Agreement, agreement
from communique.archive.reviews import REVIEWED, review
from communique.archive.store import Archive
from communique.errors import InputError, MissingPartError
from communique.web import asking, correcting, decisions
from communique.web.pages.login import checked, logged_in, own_path, reviewer
from communique.web.questions import quoted
from communique.web.remembering import remembered
from communique.web.rendering import address, page

router = APIRouter()
Reviewer = Annotated[str, Depends(reviewer)]
Short = Annotated[str, Form(max_length=500)]


@router.get("/review", response_class=HTMLResponse)
def overview(
    request: Request,
    table: Annotated[str, Query(pattern="|".join(REVIEWED))] = "statements",
    by: Annotated[str, Query(pattern="confidence|random")] = "confidence",
) -> HTMLResponse:
    """What waits, what was decided, and how far reviewers and machine agree."""
    archive = request.app.state.archive
    return page(
        request,
        "review.html",
        {
            "table": table,
            "by": by,
            "tables": REVIEWED,
            "queue": correcting.queue(archive, table, by),
            "decided": decisions.told(archive),
            "reviewers": decisions.reviewers(archive),
            "agreement": decisions.agreement(archive),
            "alphas": remembered(archive, "alphas", lambda: _alphas(archive)),
        },
    )


def _alphas(archive: Archive) -> list[Agreement]:
    """Krippendorff's alpha by column; none where its package is not installed."""
    try:
        return agreement(archive)
    except MissingPartError:
        return []


@router.get("/review/next")
def following(
    request: Request,
    table: Annotated[str, Query(pattern="|".join(REVIEWED))] = "statements",
    by: Annotated[str, Query(pattern="confidence|random")] = "confidence",
) -> RedirectResponse:
    """The next row that waits, in its text."""
    waiting = correcting.queue(request.app.state.archive, table, by, 1)
    if not waiting:
        return RedirectResponse(address("review", table=table, by=by), 303)
    layers = [table] if table == "statements" else ["statements", table]
    queue = [("layers", name) for name in layers] + [("table", table), ("by", by)]
    there = address("documents", waiting[0]["document"])
    return RedirectResponse(f"{there}?{urlencode(queue)}#{waiting[0]['id']}", 303)


@router.post("/review")
def decide(
    request: Request,
    who: Reviewer,
    table: Short,
    row: Short,
    decision: Annotated[str, Form(pattern="confirm|reject")],
    reason: Short = "",
    back: Annotated[str, Form(max_length=2048)] = "/review",
) -> Response:
    """Confirm or reject a row."""
    kept = review(request.app.state.archive, table, row, decision, who, reason=reason or None)  # type: ignore[arg-type]
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"id": kept.id, "row": kept.row, "decision": kept.decision, "reviewer": kept.reviewer})
    return RedirectResponse(own_path(back), 303)


@router.post("/review/add")
def add(
    request: Request,
    who: Reviewer,
    document: Annotated[str, Form(max_length=500)],
    start: Annotated[int, Form(ge=0)],
    end: Annotated[int, Form(ge=1)],
    kind: Short,
    actor: Short = "",
    note: Short = "",
) -> RedirectResponse:
    """A statement that was missed."""
    archive = request.app.state.archive
    kept = correcting.add_statement(archive, document, start, end, actor.strip(), kind, who, note or None)
    return RedirectResponse(f"{address('documents', document)}#at-{kept.row}", 303)


@router.get("/review/{table}/{id}", response_class=HTMLResponse)
def change_form(request: Request, table: str, id: str, who: Annotated[str, Depends(logged_in)]) -> HTMLResponse:
    return _form(request, table, id)


def _form(request: Request, table: str, id: str, wrong: str = "", given: dict[str, Any] | None = None) -> HTMLResponse:
    archive = request.app.state.archive
    row = correcting.row_of(archive, table, id)
    if row is None:
        raise HTTPException(404, f"No row {id!r} in {table}.")
    shown = {f: ", ".join(row[f] or ()) if isinstance(row[f], list) else row[f] for f in correcting.FIELDS[table]}
    return page(
        request,
        "change.html",
        {
            "table": table,
            "row": row,
            "id": id,
            "fields": {**shown, **(given or {})},
            "choices": correcting.choices_of(table),
            "words": row["content"] if table == "statements" else row["words"],
            "history": decisions.reviews(archive, id),
            "actors": asking.rows(
                archive,
                f"SELECT DISTINCT id, name FROM actors WHERE document = {quoted(row['document'])} ORDER BY name",
            ),
            "wrong": wrong,
        },
        400 if wrong else 200,
    )


@router.post("/review/{table}/{id}")
async def change(request: Request, table: str, id: str) -> Response:
    """Keep a changed row."""
    form = await request.form()
    given = {k: v for k, v in form.items() if isinstance(v, str) and len(v) <= 500}
    who = reviewer(checked(request, given.get("token", "")))
    archive = request.app.state.archive
    row = correcting.row_of(archive, table, id)
    if row is None:
        raise HTTPException(404, f"No row {id!r} in {table}.")
    try:
        correcting.correct(archive, table, id, given, who, given.get("reason") or None)
    except InputError as error:
        return _form(request, table, id, str(error), {f: given.get(f, "") for f in correcting.FIELDS[table]})
    return RedirectResponse(f"{address('documents', row['document'])}#{id}", 303)
