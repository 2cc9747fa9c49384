"""Around every request: body limit and time limit, security headers, no trace to a client."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem, unexpected

MAX_BODY_BYTES = 2_000_000
BODY_TIMEOUT_S = 30.0
CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",  # MapLibre decodes tiles in a worker
        "child-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Rim:
    """The outermost layer; plain ASGI, because it stands in the way of every sighting."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, guarded."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        has_begun = False

        async def guarded_send(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                _add_headers(message)
            await send(message)

        path = scope["path"]
        try:
            if refused := _too_large(scope):
                answer = problem(413, refused.kind, refused.detail, instance=path)
                return await answer(scope, receive, guarded_send)
            return await self.app(scope, _limited(receive), guarded_send)
        except Exception as error:
            if has_begun:
                raise
            return await unexpected(error, path)(scope, receive, guarded_send)


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")


def _too_large(scope: Scope) -> Problem | None:
    announced = Headers(scope=scope).get("content-length", "0")
    return _refusal() if announced.isdigit() and int(announced) > MAX_BODY_BYTES else None


def _refusal() -> Problem:
    return Problem(
        413, "too-large", f"the body is larger than {MAX_BODY_BYTES} bytes: send it in parts"
    )


def _limited(receive: Receive) -> Receive:
    """Count and time the body as it arrives; chunked bodies announce no length."""
    taken_bytes = 0
    ends_at = time.monotonic() + BODY_TIMEOUT_S
    is_complete = False

    async def limited() -> Message:
        nonlocal taken_bytes, is_complete
        if is_complete:
            return await receive()
        try:
            async with asyncio.timeout(max(ends_at - time.monotonic(), 0)):
                message = await receive()
        except TimeoutError:
            detail = f"the body did not arrive within {BODY_TIMEOUT_S:.0f} s"
            raise Problem(408, "too-slow", detail) from None
        taken_bytes += len(message.get("body", b""))
        is_complete = not message.get("more_body", False)
        if taken_bytes > MAX_BODY_BYTES:
            raise _refusal()
        return message

    return limited
