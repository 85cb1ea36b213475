"""One id and one line of the log for each request."""

import asyncio
import json
import logging

import pytest
from starlette.types import Receive, Scope, Send
from structlog.contextvars import bind_contextvars, get_contextvars

from service.cli.logs import set_up_logs
from service.server.request_log import RequestLog, fresh_id
from tests.service.server.asgi import asked, hello, request

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_a_request_is_one_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Who, what, how it ended, how long it took, and the id that its answer bears."""
    set_up_logs(logging.INFO)

    async def helpdesk(scope: Scope, receive: Receive, send: Send) -> None:
        bind_contextvars(key="helpdesk")
        await hello(scope, receive, send)

    app = RequestLog(helpdesk, iter([7.0, 7.25]).__next__, lambda: "id-1")
    answer = asyncio.run(asked(app, {**request("/v1/lookup"), "query_string": b"identifier=5CG1234ABC"}))
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)

    assert answer.headers["x-request-id"] == "id-1"
    assert entry.pop("at")
    assert entry == {
        "event": "request",
        "level": "info",
        "request_id": "id-1",
        "method": "GET",
        "path": "/v1/lookup",
        "status": 200,
        "duration_ms": 250.0,
        "client": "192.0.2.7",
        "key": "helpdesk",
    }


def test_nothing_that_a_caller_sends_makes_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """A path with line ends, an id of his own, an address that a proxy took from him: all of one line, all harmless."""
    set_up_logs(logging.INFO)
    forged = '"}\r\n{"event":"request","status":200}\x1b[2J'
    scope = request(f"/v1/{forged}", forged, **{"X-Request-Id": "mine"})
    answer = asyncio.run(asked(RequestLog(hello), scope))
    [line] = capsys.readouterr().err.splitlines()

    assert answer.headers["x-request-id"] != "mine"
    assert json.loads(line)["client"] == "unknown"
    assert "\x1b" not in json.loads(line)["path"]


def test_what_is_logged_meanwhile_bears_the_id(capsys: pytest.CaptureFixture[str]) -> None:
    """Also in a thread, and also for a defect, which is logged with its trace when the request is over."""
    set_up_logs(logging.INFO)

    async def defect(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(logging.getLogger("samebox").warning, "slow")
        raise ValueError

    async def served() -> None:
        try:
            await asked(RequestLog(defect, new_id=lambda: "id-2"), request())
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    asyncio.run(served())
    slow, over, failure = map(json.loads, capsys.readouterr().err.splitlines())

    assert [each["request_id"] for each in (slow, over, failure)] == ["id-2"] * 3
    assert over["status"] is None
    assert "ValueError" in failure["exception"]


def test_a_request_inherits_nothing_of_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    """The task of a request that was sent close behind another one is a child of that one's."""
    set_up_logs(logging.INFO)

    async def two() -> None:
        bind_contextvars(key="helpdesk")
        await asked(RequestLog(hello), request())

    asyncio.run(two())
    assert "helpdesk" not in capsys.readouterr().err


def test_ids_are_not_repeated_and_end_with_their_task() -> None:
    """128 bits of chance."""
    asyncio.run(asked(RequestLog(hello), request()))

    assert len({fresh_id() for _ in range(100)}) == 100
    assert "request_id" not in get_contextvars()
