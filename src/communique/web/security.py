"""What every answer carries, and what is turned away before a page sees it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

# No inline script or style anywhere, nothing from elsewhere; data: and blob: are Vega's pictures for download.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """ASGI middleware: security headers on every answer, a limit on bodies, no writing from another site's page."""

    def __init__(self, app: Asgi, body_bytes: int) -> None:
        self._app = app
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-cache")
                message["headers"] = headers.raw
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] not in _READING and headers.get("sec-fetch-site", "same-origin") not in (
            "same-origin",
            "none",
        ):
            await _refuse(send_guarded, 403, "Requests from another site are not taken.")
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._body_bytes:
            await _refuse(send_guarded, 413, f"A request may hold {self._body_bytes:,} bytes at most.")
            return
        if scope["method"] in _READING:
            await self._app(scope, receive, send_guarded)
            return
        body, too_long = await self._body(receive)
        if too_long:  # a chunked body tells no length beforehand
            await _refuse(send_guarded, 413, f"A request may hold {self._body_bytes:,} bytes at most.")
            return
        await self._app(scope, _replay(body, receive), send_guarded)

    async def _body(self, receive: Receive) -> tuple[bytes, bool]:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"", False
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._body_bytes:
                return b"", True
            if not message.get("more_body"):
                return b"".join(parts), False


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(send: Send, status: int, reason: str) -> None:
    body = reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
