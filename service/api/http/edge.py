"""Set headers on every answer, and limit the size of a body, for every request."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWER_HEADERS = {
    "Cache-Control": "no-store",  # customers' data, and out of date after the next sync
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # data is never a page
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in ANSWER_HEADERS.items()]

SMALLEST_COMPRESSED = 4096
"""Bytes; a device in short fits into one packet without it."""

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes; a thousand records of the size that providers send are about one million."""

LARGEST_FEED = 64 * 1024 * 1024
"""Bytes of a body that holds a whole feed: about 90,000 records."""

FEEDS = "/v1/feeds/"


class AnswerHeaders:
    """ASGI middleware: every answer carries the headers above, unless it brings its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message.get("headers", ())}
                more = [header for header in _RAW_HEADERS if header[0] not in own]
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Compressed:
    """
    ASGI middleware: large answers are compressed by gzip for those who understand it.

    No answer holds a secret beside what its caller sent, so its length tells a stranger nothing (BREACH).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressing = GZipMiddleware(app, SMALLEST_COMPRESSED, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        understands = scope["type"] == "http" and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        await (self.compressing if understands else self.app)(scope, receive, send)


class BodyBound:
    """
    ASGI middleware: a body beyond the bound is refused, whether its length is declared or not.

    The framework has a bound of its own, which answers in plain text.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. The error is raised where the body is read, so it is answered like any other."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_feed = scope.get("method") == "PUT" and scope.get("path", "").startswith(FEEDS)
        largest = LARGEST_FEED if is_feed else self.largest
        declared = int(Headers(scope=scope).get("content-length", "0"))
        taken = 0

        async def receive_bounded() -> Message:
            nonlocal taken
            if declared <= largest:
                message = await receive()
                taken += len(message.get("body", b""))
            if max(declared, taken) > largest:
                raise HTTPException(413, f"a body may hold {largest:,} bytes; send the rest in a second request")
            return message

        await self.app(scope, receive_bounded, send)
