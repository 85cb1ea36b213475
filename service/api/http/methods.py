"""The methods of a path: `HEAD` wherever there is `GET`, and all of them in the `Allow` of a 405 (RFC 9110)."""

from fastapi import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""Every method that an operation may have; `HEAD` follows from `GET`."""


class HeadAsGet:
    """ASGI middleware: `HEAD` is answered as `GET` is; of such an answer the server sends the head alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET"} if is_head else scope, receive, send)


def allowed_methods(request: Request) -> list[str]:
    """Return the methods that the path of a request has; the router itself names those of one route alone."""
    tried = ((method, {**request.scope, "method": method}) for method in METHODS)
    routes = request.app.router.routes
    found = [method for method, scope in tried if any(route.matches(scope)[0] is Match.FULL for route in routes)]
    return [*found, *["HEAD"] * ("GET" in found)]
