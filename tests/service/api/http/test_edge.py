"""Headers on every answer, and the bound of a body."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from service.api.http.edge import ANSWER_HEADERS, AnswerHeaders, BodyBound
from tests.service.api.conftest import Client


async def read_all(_: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the body to its end and answers with a header of its own."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=60")]})


def answer(
    app: AnswerHeaders | BodyBound,
    pieces: Iterable[bytes] = (b"",),
    method: str = "POST",
    path: str = "/",
    **headers: str,
) -> Message:
    """Ask an application with a body in pieces, and return the start of its answer."""
    bodies = list(pieces)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": bodies.pop(0), "more_body": bool(bodies)}

    async def send(message: Message) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(app({"type": "http", "method": method, "path": path, "headers": named}, receive, send))
    return sent[0]


@pytest.mark.parametrize("path", ["/livez", "/v1/devices", "/v1/no-such-thing"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    """Data and refusals alike: nobody may keep them, take them for a page or put them into a frame."""
    found = client.get(path).headers

    assert {name: found[name] for name in ANSWER_HEADERS} == ANSWER_HEADERS


def test_a_header_of_an_answer_itself_stands() -> None:
    """It is neither replaced nor sent twice, and the others are added."""
    headers = MutableHeaders(raw=answer(AnswerHeaders(read_all))["headers"])

    assert headers.getlist("cache-control") == ["max-age=60"]
    assert headers["x-frame-options"] == "DENY"


def test_a_body_may_be_as_long_as_the_bound_and_no_longer() -> None:
    """Declared or not, in one piece or in many."""
    bounded = BodyBound(read_all, largest=10)

    assert answer(bounded, [b"x" * 10], content_length="10")["status"] == 200
    assert answer(bounded, [b"x" * 5] * 2)["status"] == 200
    with pytest.raises(HTTPException, match="may hold 10 bytes"):
        answer(bounded, [b"x" * 5, b"x" * 5, b"x"])


def test_the_body_of_a_feed_may_be_longer() -> None:
    """Under its own address and method alone."""
    statuses = []
    for method, path in [("PUT", "/v1/feeds/edr"), ("POST", "/v1/feeds/edr"), ("PUT", "/v1/records")]:
        try:
            started = answer(BodyBound(read_all, largest=10), [b"x" * 11], method=method, path=path)
            statuses.append(started["status"])
        except HTTPException as refused:
            statuses.append(refused.status_code)

    assert statuses == [200, 413, 413]


def test_a_body_that_is_declared_too_long_is_not_read() -> None:
    """The refusal comes before the first byte."""

    async def receive() -> Message:
        raise AssertionError("the body is read")

    async def send(_: Message) -> None:
        raise AssertionError("an answer is sent")

    scope = {"type": "http", "headers": [(b"content-length", b"11")]}
    with pytest.raises(HTTPException) as refused:
        asyncio.run(BodyBound(read_all, largest=10)(scope, receive, send))
    assert refused.value.status_code == 413


def test_the_body_bound_needs_no_declared_length(client: Client) -> None:
    """A body that comes in pieces of unknown number is counted as it comes."""
    pieces = (b" " * 65536 for _ in range(130))

    answer = client.post("/v1/records", content=pieces, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413


def test_a_large_answer_is_compressed_for_who_understands_it(client: Client) -> None:
    """A small one, and one for a caller who does not ask for it, are sent as they are; it is the same answer."""
    plain = client.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    packed = client.get("/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    small = client.get("/v1/devices?limit=1&fields=serial", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in small.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert packed.json() == plain.json()
