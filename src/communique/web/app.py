"""The page as an application: middleware, pages, API and what goes wrong, put together in one place."""

import gzip
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from mimetypes import guess_type

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import communique
from communique.archive.store import open_archive
from communique.errors import CommuniqueError
from communique.web import api, charts
from communique.web.index import Indexed
from communique.web.pages import PAGES
from communique.web.pages.login import COOKIE
from communique.web.rendering import STATIC, address, compile_templates, page, static_version
from communique.web.security import Guard
from communique.web.sessions import Attempts, Sessions
from communique.web.settings import Settings
from communique.web.users import read_users
from communique.web.warming import warm

_log = logging.getLogger("communique.web")
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


def create_app(settings: Settings) -> FastAPI:
    """The application over one archive.

    Raises:
        ArchiveError: there is no archive.
        InputError: the users file cannot be read.
    """
    if settings.users is not None:
        read_users(settings.users)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=charts.library, daemon=True).start()  # takes seconds, once
        threading.Thread(target=compile_templates, daemon=True).start()
        if settings.index:
            app.state.archive.start(warm)
        yield
        app.state.archive.stop()

    app = FastAPI(
        title="communique",
        version=communique.__version__,
        description="Who said what to whom, in which words: the same questions as on the page, as JSON.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # these load from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    opened = open_archive(settings.archive, create=False)
    app.state.archive = Indexed(opened.storage, opened.machine_only, opened.as_of)
    app.state.sessions = Sessions(settings.session_seconds)
    app.state.attempts = Attempts()

    app.middleware("http")(_session)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Guard, body_bytes=settings.body_bytes)
    if "*" not in settings.hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)

    app.add_exception_handler(StarletteHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(CommuniqueError, _failed)

    app.get("/static/{version}/{name}", include_in_schema=False)(static)
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    app.include_router(api.router)
    return app


async def _session(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Finds whose request it is; where reading needs a login too, sends strangers to it."""
    state = request.app.state
    request.state.session = state.sessions.get(request.cookies.get(COOKIE))
    stranger = request.state.session is None or request.state.session.user is None
    path = request.url.path
    if state.settings.login_to_read and stranger and path != "/login" and not path.startswith("/static/"):
        if _wants_json(request):
            return JSONResponse({"detail": "Log in first."}, 401)
        return RedirectResponse(address("login", next=_here(request)), 303)
    try:
        return await call_next(request)
    except Exception:  # caught here and not outside, so that this answer passes the guard too
        _log.exception("%s %s", request.method, path)
        return _answer(request, 500, "A fault of ours", "Something broke; the server's log says what.")


def static(version: str, name: str) -> Response:
    """Our own files, and Vega from vl-convert's bundle; names only, so that no path leads out of the folder."""
    content = _static_files().get(name)
    if name == "vega.js":
        content = _vega()
    if content is None:
        raise HTTPException(404, f"No file {name!r}.")
    headers = _FOR_EVER if version == static_version() else {"cache-control": "no-cache"}
    if name == "vega.js":
        headers = {**headers, "content-encoding": "gzip"}
    return Response(content, media_type=guess_type(name)[0] or "application/octet-stream", headers=headers)


@lru_cache(maxsize=1)
def _static_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}


@lru_cache(maxsize=1)
def _vega() -> bytes:
    return gzip.compress(charts.library(), 6)


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def _answer(
    request: Request, status: int, heading: str, reason: str, headers: dict[str, str] | None = None
) -> Response:
    if _wants_json(request):
        return JSONResponse({"detail": reason}, status, headers=headers)
    if not hasattr(request.state, "session"):
        request.state.session = None
    answer = page(request, "error.html", {"heading": heading, "reason": reason}, status)
    answer.headers.update(headers or {})
    return answer


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code == 401 and not _wants_json(request) and request.app.state.settings.users is not None:
        return RedirectResponse(address("login", next=_here(request) if request.method == "GET" else "/"), 303)
    heading = {401: "Log in first", 403: "Not allowed", 404: "Not found", 405: "Not possible here"}.get(
        error.status_code, "This did not work"
    )
    reason = "There is no page with this address." if error.detail == "Not Found" else str(error.detail)
    return _answer(request, error.status_code, heading, reason, dict(error.headers or {}))


async def _misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    reasons = [f"{'.'.join(str(p) for p in e['loc'][1:]) or e['loc'][0]}: {e['msg']}" for e in error.errors()]
    if request.url.path.startswith("/api/"):
        detail = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        return JSONResponse({"detail": detail}, 422)
    return _answer(request, 422, "This question cannot be read", "; ".join(reasons))


async def _failed(request: Request, error: Exception) -> Response:
    return _answer(request, 400, "This did not work", str(error))
