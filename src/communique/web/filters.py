"""What can be asked: one set of filters for the search page, the API, exports and the assistant."""

import base64
import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from communique.errors import InputError
from communique.web.rendering import address

Kind = Literal["statements", "events", "positions", "phrases"]
KINDS: tuple[Kind, ...] = ("statements", "events", "positions", "phrases")
PAGE = 50


def _day(value: str) -> str:
    from datetime import date

    if value:
        parts = value.split("-")
        try:
            date.fromisoformat("-".join([*parts, "01", "01"][:3]) if len(parts) < 3 else value)
        except ValueError:
            raise ValueError(f"{value!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return value


Word = Annotated[str, Field(max_length=200)]
_DAY = "^([1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$"  # described; _day is what decides
Day = Annotated[str, Field(max_length=10, json_schema_extra={"pattern": _DAY}), AfterValidator(_day)]


class Filters(BaseModel):
    """Empty means any. `since` and `until` are both included and may be a year, a month or a day."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    q: Annotated[Word, Field(description="Words, a phrase in quotation marks, or the name of an actor or issue")] = ""
    actor: Annotated[
        Word, Field(description="Id or whole name of who speaks or acts, or of a state for all its people and bodies")
    ] = ""
    target: Annotated[Word, Field(description="Id or whole name of who is spoken to or acted on")] = ""
    issue: Annotated[Word, Field(description="Id of an issue, with the narrower issues below it")] = ""
    kind: Annotated[Word, Field(description="direct, indirect or mixed for statements; the stance for positions")] = ""
    event: Annotated[Word, Field(description="PLOVER class, such as ACCUSE")] = ""
    quad: Annotated[Word, Field(description="Quad class, such as VERBAL CONFLICT")] = ""
    phrase: Annotated[Word, Field(description="A formula of the phrase codebook")] = ""
    done: Annotated[bool, Field(description="Only acts that were done: none demanded, conditional or denied")] = False
    publisher: Annotated[Word, Field(description="Publisher, as the documents name it")] = ""
    language: Annotated[Word, Field(description="ISO 639-1 code")] = ""
    since: Annotated[Day, Field(alias="from", description="First day: YYYY, YYYY-MM or YYYY-MM-DD")] = ""
    until: Annotated[Day, Field(alias="to", description="Last day: YYYY, YYYY-MM or YYYY-MM-DD")] = ""

    def query(self, **more: object) -> dict[str, object]:
        """As parameters of an address, the empty ones left out."""
        own = {("from" if k == "since" else "to" if k == "until" else k): v for k, v in self}
        return {k: 1 if v is True else v for k, v in {**own, **more}.items() if v not in ("", None, False)}

    def address(self, *parts: str, **more: object) -> str:
        return address(*parts, **self.query(**more))


def write_cursor(values: list[object]) -> str:
    """Where a page of the API ended, as a token that says nothing to a reader."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list[object]:
    """What write_cursor was given.

    Raises:
        InputError: the cursor is not one of ours.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list):
        raise InputError("cursor: not one that an earlier answer gave; start again without it")
    return values
