"""
The door between the console and the API, which share one address.

The console has the paths of its own pages. What is on neither side is answered by the console where a browser asks for
a page, and by the API, with a problem in JSON, where a program asks.
"""

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers hide the origin of our own forms from us
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers of every answer of the console, in place of the API's."""

_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in PAGE_HEADERS.items()]


class ConsoleDoor:
    """ASGI middleware: requests for pages go to the console, all others to the API."""

    def __init__(self, app: ASGIApp, console: FastAPI, api_routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.console = console
        self.pages = frozenset(first_segment(path) for path in _paths(console.routes))
        self.calls = frozenset(first_segment(path) for path in _paths(api_routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not self.is_page(scope):
            await self.app(scope, receive, send)
            return

        async def send_as_page(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_RAW_HEADERS]
            await send(message)

        await self.console(scope, receive, send_as_page)

    def is_page(self, scope: Scope) -> bool:
        """Whether the console answers a request."""
        segment = first_segment(scope["path"])
        if segment in self.pages:
            return True
        return segment not in self.calls and "text/html" in Headers(scope=scope).get("accept", "")


def first_segment(path: str) -> str:
    """
    Return what of a path decides who answers it.

    >>> first_segment("/devices/0192f0c1"), first_segment("/")
    ('devices', '')
    """
    return path.removeprefix("/").partition("/")[0]


def _paths(routes: Sequence[BaseRoute]) -> list[str]:
    return [route.path_format for route in iter_route_contexts(routes) if route.path_format is not None]
