"""A body that comes too slowly is given up."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from service.server.body_time import BodyTime
from tests.service.server.asgi import Answer, request


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with how long the body is."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def sent(seconds: float, *parts: bytes, ends: bool = True) -> Answer:
    """Return the answer to a body in parts, after which nothing comes unless it ends."""
    coming = iter(parts)

    async def receive() -> Message:
        part = next(coming, None)
        if part is None and not ends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    answer = Answer()
    await BodyTime(echo, seconds)(request(method="POST"), receive, answer.take)
    return answer


def test_a_body_that_stops_is_given_up() -> None:
    """408, and the connection is closed: the rest of the body would be taken for a request."""
    with pytest.raises(HTTPException) as error:
        asyncio.run(sent(0.01, b"[", ends=False))

    assert (error.value.status_code, error.value.headers) == (408, {"Connection": "close"})


def test_each_thousand_bytes_give_a_second_more() -> None:
    """So a long body may take long, and a trickle may not."""

    async def story() -> bool:
        waiting = asyncio.create_task(sent(0.01, b" " * 3_600_000, ends=False))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        waiting.cancel()
        return bool(done)

    assert asyncio.run(story()) is False


def test_a_body_that_comes_is_passed_on() -> None:
    """Whole, and what comes after it is waited for without end: it says that the client is gone."""
    assert asyncio.run(sent(60, b"ab", b"cd")).body == b"4"
