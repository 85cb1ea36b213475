"""One id and one line of the log for each request."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from service.api.http.codes import ProblemCode
from service.api.http.problems import problem
from service.server.clients import address_of

STOPPING = "the service is being stopped; see whether the request was carried out before you send it again"
RETRY_AFTER = 5
"""Seconds after which another process may serve."""

LONGEST_PATH = 500
"""Characters of a path that the log shows."""

logger = logging.getLogger("samebox.requests")


def fresh_id() -> str:
    """Return an id that nobody can foresee. One that a caller sends is not taken over: he could repeat another's."""
    return secrets.token_hex(16)


def log_request(*, status: int | None, client: str, **more: Any) -> None:
    """Log how a request ended; `status` is None where the client went before it was answered."""
    logger.info("request", extra={"status": status, "client": client, **more})


class RequestLog:
    """
    ASGI middleware, outermost: gives each request an id, and logs what became of it.

    The id is in the header `X-Request-Id` and in the body of a problem, and with the key in all that is logged
    meanwhile. A request is logged without its query, because what was asked for is the customer's.
    """

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter, new_id: Callable[[], str] = fresh_id
    ) -> None:
        self.app = app
        self.clock = clock
        self.new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, begun, status = self.new_id(), self.clock(), None
        clear_contextvars()  # a request that came close behind another one inherits what that one bound
        bind_contextvars(request_id=request_id)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except asyncio.CancelledError:  # the service ends, and has waited for long enough
            if status is None:
                await problem(ProblemCode.STOPPING, STOPPING, retry_after=RETRY_AFTER)(scope, receive, send_with_id)
        finally:
            log_request(
                status=status,
                client=address_of((scope.get("client") or ("",))[0]),
                method=scope["method"],
                path=quote(scope["path"])[:LONGEST_PATH],
                duration_ms=round((self.clock() - begun) * 1000, 1),
            )
