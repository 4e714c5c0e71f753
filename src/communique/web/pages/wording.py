"""Wording: formulas and their use over time, and what changed from one statement to another."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from communique.analysis.alignment import Piece, word_diff
from communique.analysis.said import said_in
from communique.analysis.wording import Change, changes
from communique.archive.store import Archive
from communique.coding.phrases import load_phrases
from communique.errors import InputError
from communique.web import asking, choices, figures, formulas
from communique.web.asking import Row
from communique.web.filters import Filters
from communique.web.remembering import remembered
from communique.web.rendering import address, issue_name, page

router = APIRouter()
Word = Annotated[str, Query(max_length=200)]
MOST_SAID = 5_000
FORMULAS = 100


@router.get("/wording", response_class=HTMLResponse)
def wording(
    request: Request,
    phrase: Word = "",
    called: Word = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> HTMLResponse:
    """A formula's uses over time by side, its first and last use by each; without one, the formulas in use."""
    archive = request.app.state.archive
    if not phrase:
        every = remembered(archive, "formulas", lambda: formulas.formulas(archive))
        found = [f for f in every if called.lower() in f["phrase"].lower()]
        known = {
            "formulas": found[(number - 1) * FORMULAS : number * FORMULAS],
            "called": called,
            "choices": choices.choices(archive),
            "number": number,
            "pages": -(-len(found) // FORMULAS),
            "link": lambda n: address("wording", called=called, page=n if n > 1 else ""),
        }
        return page(request, "formulas.html", known)
    users = remembered(archive, ("users", phrase), lambda: formulas.users_of(archive, phrase))
    names = asking.names(archive, [u["id"] for u in users])
    return page(
        request,
        "wording.html",
        {
            "phrase": phrase,
            "formula": load_phrases().formulas.get(phrase),
            "uses": figures.figure(archive, "formula", {"phrase": phrase}),
            "users": users,
            "first": min((u for u in users if u["first"]), key=lambda u: u["first"], default=None),
            "last": max((u for u in users if u["last"]), key=lambda u: u["last"], default=None),
            "names": names,
            "kwic": remembered(archive, ("kwic", phrase), lambda: formulas.uses_in_context(archive, phrase)),
            "all": address("", what="phrases", phrase=phrase),
        },
    )


@router.get("/changes", response_class=HTMLResponse)
def wording_changes(request: Request, actor: Word = "", issue: Word = "") -> HTMLResponse:
    """What a side says on an issue, each occasion against the one before."""
    archive = request.app.state.archive
    actor = asking.actor_id(archive, actor)
    found, why = remembered(archive, ("changes", actor, issue), lambda: _changes(archive, actor, issue))
    known = {"actor": actor, "issue": issue, "choices": choices.choices(archive), "found": found, "why": why}
    names = {"name": asking.names(archive, [actor]).get(actor, ""), "issue_name": issue_name(issue)}
    return page(request, "changes.html", {**known, **names})


def _changes(archive: Archive, actor: str, issue: str) -> tuple[list[Change], str]:
    if not (actor and issue):
        return [], ""
    if formulas.said_by(archive, actor) > MOST_SAID:
        return [], "this side has said too much for the page to compare (`communique wording` can)"
    try:
        return changes(said_in(archive, actor), actor, issue)[::-1], ""
    except InputError as error:
        return [], str(error)


@router.get("/compare", response_class=HTMLResponse)
def compare(request: Request, before: Word = "", after: Word = "") -> HTMLResponse:
    """The words that one statement keeps, adds and drops against another; by their ids or addresses."""
    archive = request.app.state.archive
    before, after = (_id(given) for given in (before, after))
    texts = []
    for id in (before, after):
        found = asking.statement(archive, id) if id else None
        if id and found is None:
            raise HTTPException(404, f"No statement {id!r} in this archive.")
        texts.append(found)
    diff: tuple[Piece, ...] = ()
    if texts[0] and texts[1]:
        diff = word_diff(texts[0]["content"], texts[1]["content"])
    earlier = _earlier(archive, texts[1]) if texts[1] and not before else []
    known = {"before": before, "after": after, "texts": texts, "diff": diff, "earlier": earlier}
    return page(request, "compare.html", known)


def _id(given: str) -> str:
    """A statement's id, given by itself or by an address that ends in it."""
    return given.strip().replace("#", "/").rsplit("/", 1)[-1].removeprefix("at-")


def _earlier(archive: Archive, statement: Row) -> list[Row]:
    """Statements of the same speaker before this one, to compare it with; of the same side where it is not named."""
    who = statement["source"] or statement["source_country"] or ""
    day = str(statement["day"] or "")
    found = asking.find(archive, "statements", Filters(actor=who, until=day), size=20, count=False)
    return [row for row in found.rows if row["id"] != statement["id"]] if who else []
