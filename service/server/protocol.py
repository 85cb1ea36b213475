"""
HTTP connections whose every phase is bounded: waiting for a head, the head's size, an answer that nobody takes.

uvicorn bounds the idle time between two requests alone. Bodies are bounded by `body_time`, where they are read.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httptools
from structlog.contextvars import bound_contextvars
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.api.http.codes import ProblemCode
from service.api.http.edge import ANSWER_HEADERS
from service.api.http.problems import problem
from service.server.body_time import SLOWEST
from service.server.clients import address_of, client_of, is_within
from service.server.connections import Connections
from service.server.request_log import fresh_id, log_request

LONGEST_HEAD = 65_536
"""Bytes of a request line with all headers; also of trailers, and of what else is between the parts of a body."""

RETRY_AFTER = 5
"""Seconds after which a client that was refused a connection may try again."""

log = logging.getLogger("samebox")


@dataclass(frozen=True)
class Bounds:
    """Seconds that a client may take for a head and for an answer, and the addresses of trusted proxies."""

    head_seconds: float
    answer_seconds: float
    proxies: list[str]


class BoundedProtocol(HttpToolsProtocol):
    """One connection of uvicorn's, closed when its client takes too long, sends too much or has too many."""

    def __init__(self, *, all_connections: Connections, bounds: Bounds, **options: Any) -> None:
        super().__init__(**options)
        self._all = all_connections
        self._bounds = bounds
        self.client_key = "unknown"
        self._timer: asyncio.TimerHandle | None = None
        self._answer_timer: asyncio.TimerHandle | None = None
        self._unparsed = 0
        self._is_in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place among all connections, or refuse this one; from now on its client has to send."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self.client_key = client_of(host)
        if self._all.enter(self, is_proxy=is_within(host, self._bounds.proxies)):
            self._wait(self._head_is_late)
        else:
            self._answer(ProblemCode.TOO_MANY_CONNECTIONS, "too many connections are open", retry_after=RETRY_AFTER)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._all.leave(self)
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def is_idle(self) -> bool:
        """Whether no request is under way, and no answer is still to be taken."""
        is_answered = self.cycle is None or self.cycle.response_complete
        return is_answered and not self.pipeline and not self.transport.get_write_buffer_size()

    def displace(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """
        Parse what came. Raises nothing: what is no HTTP is answered, and ends the connection.

        What comes after an answer is a head, or the rest of a body that nobody reads; either may take as long.
        """
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._timer is None and self.is_idle():
            self._wait(self._head_is_late)
        self._unparsed += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # the request is answered as it is; what follows is none of HTTP's
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self._refuse(ProblemCode.BAD_REQUEST, "the bytes that came are no HTTP request")
        else:
            if self._unparsed > LONGEST_HEAD:
                sentence = f"request line and headers may hold {LONGEST_HEAD:,} bytes"
                self._refuse(ProblemCode.HEADERS_TOO_LARGE, sentence)

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._is_in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; what stands behind a body (a trailer) is none, and is left out."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer; from now on the body is waited for where it is read."""
        super().on_headers_complete()
        self._is_in_head = False
        self._stop_waiting()
        self._unparsed = 0

    def on_body(self, body: bytes) -> None:
        """Note a part of the body."""
        super().on_body(body)
        self._unparsed = 0

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        super().on_message_complete()
        self._unparsed = 0

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the client to take the last answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch()

    def pause_writing(self) -> None:
        """The client takes the answer more slowly than it is made: watch how slowly."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has taken nearly all."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_watching()

    def timeout_keep_alive_handler(self) -> None:
        """No further request came."""
        self._close()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP request."""
        self._refuse(ProblemCode.BAD_REQUEST, msg)

    def _head_is_late(self) -> None:
        self._timer = None
        if self._unparsed:
            self._refuse(ProblemCode.REQUEST_TIMEOUT, "the head of the request came too slowly")
        else:
            self._close()

    def _refuse(self, code: ProblemCode, sentence: str) -> None:
        """Answer what cannot be read on, unless it came behind a request that is being answered."""
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way and (self.cycle.response_started or not self.cycle.more_body):
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        host = self.client[0] if self.client else ""
        log_request(status=code.status, client=address_of(host), request_id=self._answer(code, sentence))

    def _answer(self, code: ProblemCode, sentence: str, *, retry_after: int | None = None) -> str:
        """Write a problem past the application, and close the connection; return the id of the answer."""
        request_id = fresh_id()
        with bound_contextvars(request_id=request_id):
            answer = problem(code, sentence, retry_after=retry_after)
        answer.headers.update({**ANSWER_HEADERS, "X-Request-Id": request_id, "Connection": "close"})
        headers = [*self.server_state.default_headers, *answer.raw_headers]
        lines = [STATUS_LINE[code.status], *(b"%s: %s\r\n" % header for header in headers), b"\r\n", bytes(answer.body)]
        self.transport.write(b"".join(lines))
        self._close()
        return request_id

    def _close(self) -> None:
        """Close when all is written, or when the client does not take it."""
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.close()
        self._watch()

    def _wait(self, too_late: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(self._bounds.head_seconds, too_late)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _watch(self) -> None:
        if self._answer_timer is None:
            left = self.transport.get_write_buffer_size()
            self._answer_timer = self.loop.call_later(self._bounds.answer_seconds, self._look, left)

    def _look(self, before: int) -> None:
        """Give up a client that took less of its answer than it had to since the last look."""
        self._answer_timer = None
        left = self.transport.get_write_buffer_size()
        if left and before - left < SLOWEST * self._bounds.answer_seconds:
            self.transport.abort()
        elif left:
            self._watch()

    def _stop_watching(self) -> None:
        if self._answer_timer:
            self._answer_timer.cancel()
            self._answer_timer = None
