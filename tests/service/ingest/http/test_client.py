"""A JSON API of any provider: the order of the transports, and what each failure is called."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from service.core.errors import ProviderChanged, ProviderError, ProviderRefused, ProviderUnavailable
from service.ingest.http.client import Api, ApiClient, HttpAnswer
from tests.service.ingest.virtual import Planned, Replay, VirtualTime


@dataclass(frozen=True)
class Limits:
    """The settings of a provider that needs no more than an address."""

    base_url: str = "https://acme.test/v2"
    requests_per_minute: float = 60
    burst: int = 60
    max_attempts: int = 3
    timeout_seconds: float = 30
    max_wait_seconds: float = 300


def client(transport: httpx.AsyncBaseTransport, time: VirtualTime | None = None, **limits: Any) -> ApiClient:
    """Return a client of an API with one key, `hush`."""
    api = Api(
        "acme",
        "Providers:Acme",
        {"Authorization": "Bearer hush"},
        ["hush"],
        lambda refused: f"look at the key: {tuple(refused.body)} of {refused.path}" if refused.status == 401 else "",
    )
    return ApiClient(api, Limits(**limits), (time or VirtualTime()).runtime(transport))


def asked(*answers: Planned, time: VirtualTime | None = None, **limits: Any) -> Any:
    """Ask for one answer and return it."""
    return asyncio.run(client(Replay(*answers), time, **limits).get("/devices", {"page": "1"}))


def test_a_request_carries_the_headers_and_the_query() -> None:
    """The path continues the base URL, the headers of one request stand beside those of all."""
    replay = Replay(httpx.Response(200, json=[1]))

    async def ask() -> HttpAnswer:
        async with client(replay).connect() as connection:
            return await connection.get("/devices", {"page": "1"}, {"X-Mode": "forward"})

    assert asyncio.run(ask()) == ([1], None)
    (request,) = replay.requests
    assert str(request.url) == "https://acme.test/v2/devices?page=1"
    assert (request.headers["Authorization"], request.headers["X-Mode"]) == ("Bearer hush", "forward")
    assert replay.closed


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<https://acme.test/v2/devices?page=2>; rel="next"', "https://acme.test/v2/devices?page=2"),
        ('<https://acme.test/v2/devices?page=1>; rel="first"', None),
        ('<>; rel="next"', None),
        ("", None),
    ],
)
def test_the_next_page_is_what_the_link_header_names(link: str, address: str | None) -> None:
    """An empty address is none."""
    replay = Replay(httpx.Response(200, json=[], headers={"Link": link}))

    async def ask() -> HttpAnswer:
        async with client(replay).connect() as connection:
            return await connection.get("/devices")

    assert asyncio.run(ask()).next_url == address


def test_every_attempt_takes_a_token_of_the_rate() -> None:
    """A retry is a request too; the rate holds over all calls of one client."""
    time = VirtualTime()
    asking = client(Replay(httpx.Response(503), httpx.Response(200, json=1)), time, requests_per_minute=6, burst=1)

    assert asyncio.run(asking.get("/devices")) == 1
    assert asyncio.run(asking.get("/devices")) == 1
    assert time.waits == pytest.approx([0.5, 9.5, 10])


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (
            httpx.Response(401, json={"code": "No hush", "errors": [{"field": "hush"}]}),
            ProviderRefused,
            "answered 401 (No [hidden]); look at the key: "
            "(<BodyForm.JSON: 'JSON'>, 'No [hidden]', ('[hidden]',)) of /devices",
        ),
        (httpx.Response(404), ProviderRefused, "answered 404"),
        (
            httpx.Response(301, headers={"Location": "https://elsewhere.test"}),
            ProviderRefused,
            "answered 301; keys are not sent to where it points, "
            "so write the final address into Providers:Acme:BaseUrl",
        ),
        (httpx.Response(501), ProviderUnavailable, "answered 501"),
        (
            httpx.Response(503, text="busy"),
            ProviderUnavailable,
            "answered 503 (busy); gave up after 3 tries, try again later",
        ),
        (
            httpx.Response(429, headers={"Retry-After": "600"}),
            ProviderUnavailable,
            "answered 429; asks for 600 s of patience, more than Providers:Acme:MaxWaitSeconds allows",
        ),
        (
            httpx.ConnectTimeout("slow"),
            ProviderUnavailable,
            "gave no whole answer within 30 s; gave up after 3 tries, try again later",
        ),
        (
            httpx.ConnectError("refused"),
            ProviderUnavailable,
            "broke the connection (refused); gave up after 3 tries, try again later",
        ),
        (
            httpx.ReadError(""),
            ProviderUnavailable,
            "broke the connection (ReadError); gave up after 3 tries, try again later",
        ),
        (
            httpx.Response(200, text='[{"id'),
            ProviderUnavailable,
            "sent an answer that is no whole JSON (the JSON in an answer of 5 bytes cannot be read to its end); "
            "gave up after 3 tries, try again later",
        ),
        (
            httpx.Response(200, text="<html>"),
            ProviderChanged,
            "answered a web page where JSON was expected; look at Providers:Acme:BaseUrl",
        ),
    ],
    ids=lambda value: "" if isinstance(value, type) else str(value),
)
def test_each_failure_has_its_sentence(answer: Planned, error: type[ProviderError], sentence: str) -> None:
    """The provider, what happened, and which setting decides it."""
    with pytest.raises(error) as raised:
        asked(answer)

    assert type(raised.value) is error
    assert str(raised.value) == f"acme: {sentence}"


def test_an_answer_that_is_cut_off_is_asked_for_again() -> None:
    """A body that breaks in the middle is a failure of the attempt."""

    class Cut(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b"[1, "
            raise httpx.RemoteProtocolError("peer closed connection")

    time = VirtualTime()

    assert asked(lambda: httpx.Response(200, stream=Cut()), httpx.Response(200, json=[1, 2]), time=time) == [1, 2]
    assert time.waits == [0.5]


def test_json_that_is_cut_under_its_own_length_is_asked_for_again() -> None:
    """HTTP sees nothing wrong there, and a second try brings all of it."""
    time = VirtualTime()

    assert asked(
        httpx.Response(200, text='[1, {"a'), httpx.Response(200, text=""), httpx.Response(200, json=[1, 2]), time=time
    ) == [1, 2]
    assert time.waits == [0.5, 1]


def test_a_retry_is_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    """An operator sees why a sync is slow; a server that repeats the key does not bring it into a log."""
    with caplog.at_level(logging.WARNING, "service.ingest"):
        asked(httpx.Response(503, text="key hush\x1b[31m is slow"), httpx.Response(200, json=1))

    assert [record.getMessage() for record in caplog.records] == [
        "acme: answered 503 (key [hidden] [31m is slow); try 2 of 3 in 0.5 s"
    ]


def test_a_server_that_never_answers_is_given_up() -> None:
    """The settings bound the time of the whole answer, whatever the connection does meanwhile."""

    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002 - httpx gives it
            await asyncio.sleep(5)  # far beyond the bound, and the test ends even where there is none
            raise AssertionError("never")

    with pytest.raises(ProviderUnavailable, match=r"no whole answer within 0\.02 s; gave up after 2 tries"):
        asyncio.run(client(Silent(), timeout_seconds=0.02, max_attempts=2).get("/devices"))
