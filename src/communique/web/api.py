"""The JSON API: the page's questions under /api, described in /api/openapi.json, paged by cursors."""

from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query, Request
from pydantic import BaseModel, ConfigDict

from communique.records import Record
from communique.web import asking, choices
from communique.web.filters import Filters, Kind
from communique.web.rendering import address

Sort = Annotated[str, Query(pattern=f"^({'|'.join(asking.SORTS)})$", description="Order of the answers")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Rows a page")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before")]
Id = Annotated[str, Path(max_length=300)]

router = APIRouter(
    prefix="/api",
)


class Fault(BaseModel):
    detail: str


class Coded(BaseModel):
    """What every row has. address: where its words are, on this page."""

    model_config = ConfigDict(extra="forbid")

    id: str | None
    document: str
    address: str
    day: date | None
    publisher: str | None
    words: str | None


class StatementRow(Coded):
    actor: str | None
    source_words: str | None
    cue: str | None
    kind: str
    negated: bool
    addressees: list[str]
    occasion: str | None
    parent: str | None
    responds_to: str | None
    confidence: float


class EventRow(Coded):
    sources: list[str]
    targets: list[str]
    plover: str
    mode: str | None
    contexts: list[str]
    quad: str | None
    modality: str
    cameo: str | None
    goldstein: float | None
    location_name: str | None
    statement: str | None
    event_cluster: str | None
    confidence: float


class PositionRow(Coded):
    actor: str | None
    targets: list[str]
    issues: list[str]
    kind: str
    condition: str | None
    statement: str | None
    confidence: float


class PhraseRow(Coded):
    phrase: str
    actor: str | None
    statement: str | None


R = TypeVar("R", bound=Coded)


class Answer(BaseModel, Generic[R]):
    """A page of rows. total: how many there are altogether; next: the cursor of the next page, null at the end."""

    rows: list[R]
    total: int
    next: str | None


def answer(request: Request, kind: Kind, f: Filters, sort: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """Rows of one kind as the API gives them."""
    found = asking.find(request.app.state.archive, kind, f, sort, size=limit, cursor=cursor)
    return {
        "rows": [{**row, "address": row_address(row)} for row in found.rows],
        "total": found.total,
        "next": found.cursor,
    }


def row_address(row: dict[str, Any]) -> str:
    """Where a row's words are: the document's page, at the row."""
    place = address("documents", row["document"])
    return f"{place}#at-{row['id']}" if row["id"] else place


_FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": Fault, "description": "Cannot be answered; `detail` says why"}
}
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Fault, "description": "Not in this archive"}}


@router.get("/statements", responses=_FAULTS)
def statements(
    request: Request, f: Annotated[Filters, Query()], sort: Sort = "newest", limit: Limit = 100, cursor: Cursor = None
) -> Answer[StatementRow]:
    """Who said what."""
    return Answer[StatementRow].model_validate(answer(request, "statements", f, sort, limit, cursor))


@router.get("/events", responses=_FAULTS)
def events(
    request: Request, f: Annotated[Filters, Query()], sort: Sort = "newest", limit: Limit = 100, cursor: Cursor = None
) -> Answer[EventRow]:
    """Who did what to whom."""
    return Answer[EventRow].model_validate(answer(request, "events", f, sort, limit, cursor))


@router.get("/positions", responses=_FAULTS)
def positions(
    request: Request, f: Annotated[Filters, Query()], sort: Sort = "newest", limit: Limit = 100, cursor: Cursor = None
) -> Answer[PositionRow]:
    """Who stands where on which issue."""
    return Answer[PositionRow].model_validate(answer(request, "positions", f, sort, limit, cursor))


@router.get("/phrases", responses=_FAULTS)
def phrases(
    request: Request, f: Annotated[Filters, Query()], sort: Sort = "newest", limit: Limit = 100, cursor: Cursor = None
) -> Answer[PhraseRow]:
    """Who used which formula."""
    return Answer[PhraseRow].model_validate(answer(request, "phrases", f, sort, limit, cursor))


@router.get("/documents/{id:path}", responses=_MISSING)
def document(request: Request, id: Id) -> Record:
    """A document's whole record."""
    found: Record | None = request.app.state.archive.record(id)
    if found is None:
        raise HTTPException(404, f"No document {id!r} in this archive.")
    return found


class Overview(BaseModel):
    documents: int
    statements: int
    events: int
    positions: int
    phrases: int
    first: date | None
    last: date | None


@router.get("/overview")
def overview(request: Request) -> Overview:
    """How much the archive holds, and from when to when."""
    return Overview.model_validate(choices.overview(request.app.state.archive))
