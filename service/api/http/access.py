"""Access to the API: for bearers of a key or, while there is no key, only for programs on this machine."""

import ipaddress
from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.callers import ANYBODY, LOCAL, Caller
from service.access.keys import verify
from service.api.http.codes import ProblemCode
from service.api.http.problems import problem, refusal
from service.core.errors import KeyMissing, ServiceError
from service.store.world import World

OPEN = frozenset({"/livez", "/readyz"})
"""Asked by platforms, which have no key; they tell nothing about the data."""


class BearerKeys:
    """
    ASGI middleware: everything but the health checks asks for a key.

    It stands before the endpoints, so that a stranger's body is not even read and
    unknown addresses look like any other.
    """

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; all that is logged meanwhile names the key."""
        caller = ANYBODY
        if scope["type"] == "http" and scope["path"] not in OPEN:
            try:
                caller = await self._caller(Headers(scope=scope).get("authorization", ""))
            except ServiceError as error:
                await refusal(error)(scope, receive, send)
                return
            structlog.contextvars.bind_contextvars(key=caller.name, key_id=caller.key_id)
        _introduce(scope, caller)
        await self.app(scope, receive, send)

    async def _caller(self, authorization: str) -> Caller:
        """An embedded database answers at once: a thread would take longer. Raises: Unauthorised."""
        if self.world.store.is_embedded:
            return self._admit(authorization)
        return await run_in_threadpool(self._admit, authorization)

    def _admit(self, authorization: str) -> Caller:
        """Return the caller. Raises: KeyMissing; what `verify` does."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise KeyMissing("send a key: the header Authorization: Bearer sbx_...; `samebox keys create` makes one")
        return verify(self.world, token.strip())


NOT_HERE = "without keys only this machine may ask, by 127.0.0.1 or localhost; `samebox keys create` makes a key"


class LoopbackOnly:
    """
    ASGI middleware for a service without keys: it answers to names of this machine alone.

    A page in a browser can bend a name of its own to 127.0.0.1 (DNS rebinding); the Host header betrays it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not is_loopback(Headers(scope=scope).get("host", "")):
            await self.refused(scope)(scope, receive, send)
            return
        _introduce(scope, LOCAL)
        await self.app(scope, receive, send)

    def refused(self, scope: Scope) -> ASGIApp:  # noqa: ARG002 - the console makes a page of it
        """Return the answer to a request by another name."""
        return problem(ProblemCode.MISDIRECTED_REQUEST, NOT_HERE)


def _introduce(scope: Scope, caller: Caller) -> None:
    """Tell the endpoints who asks (`api.context.caller_of`)."""
    scope.setdefault("state", {})["caller"] = caller


def is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
