"""Access to the console: for people who are signed in or, while there is no key, only for those at this machine."""

import re
from urllib.parse import quote

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access import sessions
from service.access.callers import ANYBODY, Caller
from service.api.http.access import NOT_HERE, LoopbackOnly
from service.api.http.codes import ProblemCode
from service.console.cookies import drop_session_id, session_id_of
from service.console.rendering import error_page, refused
from service.core.errors import ServiceError, Unauthorised
from service.store.world import World

SIGN_IN = "/sign-in"

HOME = "/"

STATIC = "/static/"

LONGEST_NEXT = 1000
"""Characters of a path that a sign-in leads on to."""

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""A path of this host. What begins with two slashes names another one, and browsers read a backslash as a slash."""


class SignedInOnly:
    """ASGI middleware: whoever is not signed in is led to the page where they can be."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; all that is logged meanwhile names the key."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state |= {"caller": ANYBODY, "session_id": None}
        request = Request(scope)
        if not (scope["path"] == SIGN_IN or scope["path"].startswith(STATIC)):
            try:
                state |= {"caller": await self._caller(request), "session_id": session_id_of(request)}
            except Unauthorised:
                await _to_sign_in(request)(scope, receive, send)
                return
            except ServiceError as error:
                await refused(request, error)(scope, receive, send)
                return
            caller = state["caller"]
            structlog.contextvars.bind_contextvars(key=caller.name, key_id=caller.key_id)
        await self.app(scope, receive, send)

    async def _caller(self, request: Request) -> Caller:
        """An embedded database answers at once: a thread would take longer. Raises: Unauthorised."""
        session_id = session_id_of(request)
        if not session_id:
            raise Unauthorised("nobody is signed in")
        if self.world.store.is_embedded:
            return sessions.resume(self.world, session_id)
        return await run_in_threadpool(sessions.resume, self.world, session_id)


class ThisMachineOnly(LoopbackOnly):
    """ASGI middleware for a console without keys: it answers to names of this machine alone, and nobody signs in."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope.setdefault("state", {})["session_id"] = None
        await super().__call__(scope, receive, send)

    def refused(self, scope: Scope) -> ASGIApp:
        """Return the page for a request by another name."""
        return error_page(Request(scope), ProblemCode.MISDIRECTED_REQUEST.status, NOT_HERE)


def refused_page(error: ServiceError) -> ASGIApp:
    """Return what answers any request with the page for an error."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await refused(Request(scope), error)(scope, receive, send)

    return answer


def own_path(text: str) -> str:
    """
    Return a text if it is a path of this host, else the first page: a sign-in leads nowhere else.

    >>> own_path("/search?q=5CG1"), own_path("//evil.example"), own_path("https://evil.example")
    ('/search?q=5CG1', '/', '/')
    """
    return text if len(text) <= LONGEST_NEXT and _OWN_PATH.fullmatch(text) else HOME


def _to_sign_in(request: Request) -> Response:
    """Lead on to what was asked for; a form that was sent is lost, because what it did is not known any more."""
    asked = f"{request.url.path}?{request.url.query}".rstrip("?") if request.method in {"GET", "HEAD"} else HOME
    wanted = own_path(asked)
    answer = RedirectResponse(SIGN_IN if wanted == HOME else f"{SIGN_IN}?next={quote(wanted, safe='/')}", 303)
    if session_id_of(request):
        drop_session_id(request, answer)
    return answer
