"""Jinja2 for the pages: escaping always on, the filters templates use, and what every page needs to know."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

import communique
from communique.coding.issue_codebook import load_issues

HERE = Path(__file__).parent
STATIC = HERE / "static"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def address(*parts: str, **query: object) -> str:
    """A path of escaped parts with a query; empty values are left out. Slashes inside ids stay, as paths."""
    path = "/" + "/".join(quote(part, safe="/:@!,;=+") for part in parts)
    pairs = [(k.rstrip("_"), str(v)) for k, v in query.items() if v not in (None, "", False)]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def on_day(value: str | date | None) -> Markup:
    """A day, or a month given as YYYY-MM, readable as it is; script writes it in the reader's own way."""
    if not value:
        return Markup("")
    text = str(value)[:10]
    try:
        if len(text) == 7:
            month = date.fromisoformat(f"{text}-01")
            return Markup('<time datetime="{}">{} {}</time>').format(text, _MONTHS[month.month - 1], month.year)
        day = date.fromisoformat(text)
    except ValueError:
        return escape(text)
    return Markup('<time datetime="{}">{} {} {}</time>').format(text, day.day, _MONTHS[day.month - 1], day.year)


def number(value: float | None, digits: int = 0) -> Markup:
    """A number readable as it is; script writes it in the reader's own way."""
    if value is None:
        return Markup("–")
    shown = f"{value:,.{digits}f}".replace("-", "−")
    return Markup('<data value="{}" data-digits="{}">{}</data>').format(value, digits, shown)


def plain(name: str | None) -> str:
    """A code as words: red_line -> red line, VERBAL CONFLICT -> verbal conflict."""
    words = (name or "").replace("_", " ")
    return words.lower() if words.isupper() else words


def issue_name(id: str) -> str:
    """An issue's name in the codebook."""
    issue = load_issues().issues.get(id)
    return issue.name if issue else id.replace("_", " ")


@lru_cache
def static_version() -> str:
    """A digest of all static files: their addresses change when one does, so that browsers may keep them for ever."""
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:12]


def static_address(name: str) -> str:
    return f"/static/{static_version()}/{name}"


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(day=on_day, number=number, plain=plain, issue=issue_name)
    made.globals.update(address=address, static=static_address, version=communique.__version__)
    return made


_ENVIRONMENT = environment()


def compile_templates() -> None:
    """Make code of all templates, which is kept; else whoever asks for a page first waits for it."""
    for name in _ENVIRONMENT.list_templates():
        _ENVIRONMENT.get_template(name)


def page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A whole page; what is behind `request.state` tells who reads it."""
    session = getattr(request.state, "session", None)
    sessions = request.app.state.sessions
    known = {
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "user": session.user if session else None,
        "token": sessions.token(session) if session else "",
        "can_correct": request.app.state.settings.users is not None,
    }
    return HTMLResponse(_ENVIRONMENT.get_template(template).render({**known, **context}), status_code=status)
