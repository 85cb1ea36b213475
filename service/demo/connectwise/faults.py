"""
The faults that a test plans, and the log of the requests.

Any thread may plan a fault. The plans for a path form a queue: a request is dealt with by the first plan
that matches it. A plan lets `skip` requests through, faults the next `times` requests, and leaves the queue.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from threading import Lock

import orjson

from service.demo.connectwise.answers import MEDIA_TYPE, malformed


@dataclass(frozen=True)
class Answer:
    """Another answer in place of the real one."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", MEDIA_TYPE),)


@dataclass(frozen=True)
class Late:
    """The real answer, this many seconds later; `asked` is called when the request arrives."""

    seconds: float
    asked: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Cut:
    """
    The first half of the real answer's body.

    With `honest`, the length of the half is declared: the body arrives complete and does not parse. Without, the length
    of the whole is declared, and the connection closes in the middle of the body.
    """

    honest: bool


@dataclass(frozen=True)
class AfterCall:
    """The real answer, after this call, which may change the rows."""

    call: Callable[[], None]


@dataclass(frozen=True)
class IgnoredCursor:
    """The real answer to the same request without `pageId`: page 1 again."""


@dataclass(frozen=True)
class PageSizeLimit:
    """The real answer, but for a request that asks for more rows a page than this: 400, which names `pageSize`."""

    most: int


@dataclass(frozen=True)
class ShortPages:
    """The real answer to the same request for at most so many rows: a gateway that gives fewer than it is asked for."""

    rows: int


@dataclass(frozen=True)
class LastLink:
    """
    The real answer; a last page names a next one all the same, as the vendor says that forward-only pages do.

    With `address`, the link leads behind the last row. Without, its address is empty: `<>; rel="next"`.
    """

    address: bool


@dataclass(frozen=True)
class NoCompanies:
    """The real answer without the companies of its rows: the role may see configurations and no companies."""


Fault = Answer | Late | Cut | AfterCall | IgnoredCursor | PageSizeLimit | ShortPages | LastLink | NoCompanies


def throttled(retry_after: int | str | datetime | None = None) -> Answer:
    """Answer 429 in its own body shape; `retry_after` in seconds, as an aware UTC time, as any text, or absent."""
    shown = format_datetime(retry_after, usegmt=True) if isinstance(retry_after, datetime) else retry_after
    headers = [("content-type", MEDIA_TYPE)]
    if shown is not None:
        headers.append(("retry-after", str(shown)))
    body = {"error": "TooManyRequests", "message": "The limit of requests is reached."}
    return Answer(429, orjson.dumps(body), tuple(headers))


def failing(status: int, code: str = "ServerError", message: str = "The request could not be completed.") -> Answer:
    """Answer with this status and the usual error body: 403 for a role, 500 to 504 for a server in trouble."""
    return Answer(status, orjson.dumps({"code": code, "message": message, "errors": []}))


def not_permitted(status: int = 403) -> Answer:
    """Answer that the role does not allow it, with the code that a wrong address has as well; some servers say 401."""
    body = {
        "code": "Security",
        "message": "You do not have security permission to perform this action.",
        "errors": None,
    }
    return Answer(status, orjson.dumps(body))


def unroutable() -> Answer:
    """Answer 400 in plain text, as the vendor's gateway does for a company or codebase that it does not know."""
    return Answer(400, b"Cannot route. Codebase/company is invalid", (("content-type", "text/plain; charset=utf-8"),))


def invalid(field: str, message: str = "It is invalid.") -> Answer:
    """Answer 400 with an inner error that names a field or parameter."""
    return Answer(400, orjson.dumps(malformed(field, message).body))


def login_page() -> Answer:
    """Answer 200 with an HTML page, as a proxy or an expired codebase does."""
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
    return Answer(200, page, (("content-type", "text/html; charset=utf-8"),))


def garbage(body: bytes = b"Service is starting, please wait.") -> Answer:
    """Answer 200 with a body that is not of its content type."""
    return Answer(200, body)


@dataclass
class _Plan:
    fault: Fault
    times: int | None
    skip: int
    path: str | None


class Faults:
    """The planned faults."""

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._lock = Lock()

    def plan(self, fault: Fault, *, times: int | None = 1, skip: int = 0, path: str | None = None) -> None:
        """
        Queue a fault.

        Args:
            times: How many requests it applies to; None: all from there on.
            skip: How many matching requests get the real answer first.
            path: Only requests for this path below the base path, such as `/company/configurations`; None: any path.
        """
        with self._lock:
            self._plans.append(_Plan(fault, times, skip, path))

    def clear(self) -> None:
        """Remove every plan."""
        with self._lock:
            self._plans.clear()

    def take(self, path: str) -> Fault | None:
        """Return the fault for a request to this path, or None, and count the request."""
        with self._lock:
            plan = next((plan for plan in self._plans if plan.path in {None, path}), None)
            if plan is None:
                return None
            if plan.skip:
                plan.skip -= 1
                return None
            if plan.times is not None:
                plan.times -= 1
                if plan.times <= 0:
                    self._plans.remove(plan)
            return plan.fault


@dataclass
class Seen:
    """One request; `status` is None until its answer begins. Secrets are not kept."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float
    status: int | None = None


@dataclass
class Log:
    """The requests in the order of their arrival; their times are seconds of `clock`."""

    clock: Callable[[], float] = time.monotonic
    seen: list[Seen] = field(default_factory=list)

    def paths(self) -> list[str]:
        """Return the paths asked for, below the base path."""
        return [request.path for request in self.seen]

    def statuses(self) -> list[int | None]:
        """Return the statuses of the answers."""
        return [request.status for request in self.seen]
