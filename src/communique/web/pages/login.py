"""Logging in and out."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from communique.web.rendering import page
from communique.web.sessions import Session, Sessions
from communique.web.users import read_users, right_password

router = APIRouter()
COOKIE = "communique"


def checked(request: Request, token: Annotated[str, Form()] = "") -> Session:
    """The session behind a form, where the form's token is the session's own."""
    session: Session | None = request.state.session
    sessions: Sessions = request.app.state.sessions
    if session is None or not sessions.right_token(session, token):
        raise HTTPException(403, "This form has expired. Go back, reload the page and try again.")
    return session


def reviewer(session: Annotated[Session, Depends(checked)]) -> str:
    """The name of whoever is logged in and sent a form of our own."""
    if session.user is None:
        raise HTTPException(401, "Log in to correct.")
    return session.user


def logged_in(request: Request) -> str:
    """The name of whoever is logged in, for pages that only show."""
    session: Session | None = request.state.session
    if session is None or session.user is None:
        raise HTTPException(401, "Log in to correct.")
    return session.user


def set_cookie(request: Request, response: Response, session: Session) -> None:
    settings = request.app.state.settings
    response.set_cookie(
        COOKIE,
        session.id,
        max_age=settings.session_seconds,
        httponly=True,
        samesite="lax",
        secure=settings.https,
        path="/",
    )


@router.get("/login", response_class=HTMLResponse)
def login_page(request: Request, next: str = "/") -> HTMLResponse:
    if request.app.state.settings.users is None:
        raise HTTPException(404, "Correcting is off: start the page with `communique serve --users FILE`.")
    return _form(request, next)


def _form(request: Request, next: str, wrong: str = "", name: str = "", status: int = 200) -> HTMLResponse:
    fresh = request.state.session is None
    if fresh:
        request.state.session = request.app.state.sessions.start(None)
    known = {"next": next, "wrong": wrong, "name": name, "open": not request.app.state.settings.login_to_read}
    answer = page(request, "login.html", known, status)
    if fresh:
        set_cookie(request, answer, request.state.session)
    return answer


@router.post("/login")
def login(
    request: Request,
    session: Annotated[Session, Depends(checked)],
    name: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    next: Annotated[str, Form(max_length=2048)] = "/",
) -> Response:
    state = request.app.state
    if state.settings.users is None:
        raise HTTPException(404, "Correcting is off.")
    client = request.client.host if request.client else "?"
    wait = state.attempts.begin(name, client)
    if wait > 0:
        answer = _form(request, next, f"Too many tries. Try again in {-(-wait // 60):.0f} min.", name, 429)
        answer.headers["retry-after"] = str(int(wait) + 1)
        return answer
    if not right_password(read_users(state.settings.users), name, password):
        return _form(request, next, "Name or password is wrong.", name, 401)
    state.attempts.succeeded(name, client)
    state.sessions.end(session.id)  # a new id, so that one planted before the login is worth nothing
    there = RedirectResponse(own_path(next), 303)
    set_cookie(request, there, state.sessions.start(name))
    return there


@router.post("/logout")
def logout(request: Request, session: Annotated[Session, Depends(checked)]) -> RedirectResponse:
    request.app.state.sessions.end(session.id)
    there = RedirectResponse("/", 303)
    there.delete_cookie(COOKIE, path="/")
    return there


def own_path(address: str) -> str:
    """The path within this page, or "/" where the address leads elsewhere."""
    parts = urlsplit(address.replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    if any(ord(sign) < 32 for sign in address):
        return "/"
    return address
