"""How ConnectWise Manage is asked, and what its answers mean to an operator. No network."""

import asyncio
import base64
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from service.core.errors import ProviderChanged, ProviderError, ProviderRefused, ProviderUnavailable, SettingsError
from service.ingest.cw_manage.client import open_client, require_short
from service.ingest.cw_manage.paging import pages
from service.ingest.http.buffer import LARGEST_ANSWER
from service.ingest.http.client import ApiClient
from service.ingest.http.runtime import Runtime
from tests.service.ingest.virtual import SECRETS, Planned, Replay, VirtualTime, cw_settings


def asked(replay: Replay, time: VirtualTime | None = None, chance: float = 1.0, **changed: Any) -> Any:
    """Ask for one answer and return it."""
    client = open_client(cw_settings(**changed), (time or VirtualTime()).runtime(replay, chance))
    return asyncio.run(client.get("/system/info"))


def throttled(after: str | None) -> httpx.Response:
    """A 429, with `Retry-After` or without."""
    body = {"error": "TooManyRequests", "message": "slow down"}
    return httpx.Response(429, json=body, headers={"Retry-After": after} if after is not None else {})


async def listed(client: ApiClient) -> list[Any]:
    """Ask for a whole list."""
    return [row async for page in pages(client, "/company/configurations", {}, size=10) for row in page.rows]


OK = httpx.Response(200, json={"version": "v1"})


def test_every_request_carries_what_the_vendor_asks_for() -> None:
    """Composite Basic credentials, the client id, and the pinned version of the model."""
    replay = Replay(OK)
    asked(replay)
    (request,) = replay.requests

    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"acme+PUB-hush:PRIV-hush"
    assert request.headers["clientId"] == "CLIENT-hush"
    assert request.headers["Accept"] == "application/vnd.connectwise.com+json; version=2025.16"
    assert str(request.url) == "https://psa.test/v4_6_release/apis/3.0/system/info"


@pytest.mark.parametrize(
    ("after", "seconds"),
    [("7", 7), (" 0 ", 0), (format_datetime(datetime(2026, 11, 1, 0, 0, 9, tzinfo=UTC), usegmt=True), 9)],
)
def test_a_throttled_request_waits_as_long_as_the_server_asks(after: str, seconds: float) -> None:
    """`Retry-After` is honoured in seconds and as a date."""
    time = VirtualTime()

    assert asked(Replay(throttled(after), OK), time) == {"version": "v1"}
    assert time.waits == [seconds]


@pytest.mark.parametrize("after", [None, "", "soon", "-3", "1e3", "Thu, 99 Foo 2026"])
def test_without_a_usable_retry_after_the_waits_double(after: str | None) -> None:
    """Exponential backoff from half a second; with the greatest draw the jitter is the whole of it."""
    time = VirtualTime()
    asked(Replay(*[throttled(after)] * 4, OK), time)

    assert time.waits == [0.5, 1, 2, 4]


def test_the_wait_is_a_random_part_of_the_backoff() -> None:
    """Full jitter: the draw scales the wait, so that many clients do not come back together."""
    time = VirtualTime()
    asked(Replay(httpx.Response(503), httpx.Response(503), OK), time, chance=0.25)

    assert time.waits == [0.125, 0.25]


def test_the_backoff_has_a_cap() -> None:
    """No wait of our own choice is longer than a minute."""
    time = VirtualTime()
    with pytest.raises(ProviderUnavailable):
        asked(Replay(httpx.Response(500)), time, max_attempts=12, requests_per_minute=6000)

    assert max(time.waits) == 60


@pytest.mark.parametrize(
    "failure",
    [
        *(httpx.Response(status) for status in (500, 502, 503, 504)),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("peer closed connection"),
        TimeoutError(),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again_and_not_for_ever(failure: Planned) -> None:
    """Server trouble and broken connections are tried the set number of times; one success suffices."""
    recovers, stays = Replay(failure, failure, OK), Replay(failure)

    assert asked(recovers) == {"version": "v1"}
    with pytest.raises(ProviderUnavailable, match=r"cw_manage: .*gave up after 3 tries"):
        asked(stays, max_attempts=3)
    assert len(stays.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 415, 418])
def test_no_other_4xx_is_ever_tried_again(status: int) -> None:
    """The same request would be refused again."""
    replay = Replay(httpx.Response(status, json={"code": "X", "message": "no", "errors": None}), OK)

    with pytest.raises(ProviderRefused) as refusal:
        asked(replay)
    assert len(replay.requests) == 1
    assert refusal.value.answered == status


def test_a_refusal_says_what_to_look_at() -> None:
    """What is advised is the end of the sentence; `test_advice` has all of it."""
    with pytest.raises(ProviderRefused, match=r"^cw_manage: answered 401 \(Unauthorized\); .*:CompanyId, ApiPublicKey"):
        asked(Replay(httpx.Response(401, json={"code": "Unauthorized"})))
    with pytest.raises(ProviderRefused, match="final address into Providers:ConnectWiseManage:BaseUrl"):
        asked(Replay(httpx.Response(302)))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"code": "Outer", "message": "why", "errors": [{"code": "Inner", "message": "where"}, None]},
            "(Outer, why, Inner",
        ),
        ({"error": "Shape", "message": "two"}, "(Shape, two)"),
        ({"code": 5, "message": None, "errors": "none"}, "answered 418"),
        ("just text", "answered 418"),
    ],
)
def test_both_shapes_of_error_body_are_read(body: Any, said: str) -> None:
    """What the server says is in the sentence, whatever its shape."""
    with pytest.raises(ProviderRefused) as refusal:
        asked(Replay(httpx.Response(418, json=body)))
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<!DOCTYPE html><form>", "a web page where JSON was expected; look at .*BaseUrl"),
        (b"\xff\xfe", "no JSON"),
        (b" " * (LARGEST_ANSWER + 1), "more than 64 MiB"),
    ],
    ids=["html", "no text", "large"],
)
def test_an_answer_of_unknown_shape_is_an_error(body: bytes, sentence: str) -> None:
    """Nothing is guessed from half an answer, and nothing unbounded is read."""
    with pytest.raises(ProviderChanged, match=sentence):
        asked(Replay(httpx.Response(200, content=body)))


@pytest.mark.parametrize(
    "body",
    [b'{"version": "v1', b"", b'{"a": NaN}', b"[" * 200_000],
    ids=["cut", "empty", "no number", "deep"],
)
def test_an_answer_that_is_no_whole_json_is_tried_again_and_then_an_error(body: bytes) -> None:
    """It may have been cut on its way; it is tried as often as a broken connection, and nothing is guessed from it."""
    stays, time = Replay(httpx.Response(200, content=body)), VirtualTime()

    with pytest.raises(ProviderUnavailable, match=r"no whole JSON \(.*gave up after 5 tries"):
        asked(stays, time)
    assert (len(stays.requests), time.waits) == (5, [0.5, 1, 2, 4])
    assert asked(Replay(httpx.Response(200, content=body), OK)) == {"version": "v1"}


def test_a_redirect_is_not_followed() -> None:
    """The keys go to the address in the settings and nowhere else."""
    replay = Replay(httpx.Response(302, headers={"Location": "https://elsewhere.test/"}))

    with pytest.raises(ProviderRefused):
        asked(replay)
    assert [request.url.host for request in replay.requests] == ["psa.test"]


def test_a_server_that_asks_for_too_much_patience_ends_the_pull() -> None:
    """A wait above the setting is not begun, and the sentence says how long it would be."""
    time = VirtualTime()

    with pytest.raises(ProviderUnavailable, match=r"600 s .*MaxWaitSeconds"):
        asked(Replay(throttled("600")), time)
    assert time.waits == []


def echoes() -> Iterator[httpx.Response | Exception]:
    """Answers that repeat what the client sent."""
    token = base64.b64encode(b"acme+PUB-hush:PRIV-hush").decode()
    everything = f"{token} {' '.join(SECRETS.values())} \x1b[31m"
    for status in (200, 302, 400, 401, 403, 404, 418, 429, 500, 501):
        yield httpx.Response(status, text=everything)
        yield httpx.Response(status, json={"code": everything, "message": everything})
    yield httpx.ConnectError(everything)


@pytest.mark.parametrize("answer", list(echoes()), ids=str)
def test_no_secret_is_in_any_error_or_log_line(answer: Planned, caplog: pytest.LogCaptureFixture) -> None:
    """Even a server that echoes the keys does not bring them to a terminal; nor does it bring its colours."""
    caplog.set_level(logging.DEBUG)
    client = open_client(cw_settings(), VirtualTime().runtime(Replay(answer)))
    shown = [repr(client), str(vars(cw_settings()))]
    try:
        asyncio.run(listed(client))
    except ProviderError as error:
        shown += [str(error), repr(error), str(error.__cause__)]
    shown += [record.getMessage() for record in caplog.records if record.name != "asyncio"]

    secrets = [*SECRETS.values(), base64.b64encode(b"acme+PUB-hush:PRIV-hush").decode()]
    assert not [secret for secret in secrets for text in shown if secret in text or "\x1b" in text]


def test_cancelling_ends_a_wait_at_once() -> None:
    """Ctrl-C is not a failure to retry."""

    async def cancelled() -> None:
        client = open_client(cw_settings(), Runtime(transport=Replay(throttled("200"))))
        task = asyncio.create_task(client.get("/system/info"))
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_an_address_that_the_vendor_would_cut_off_is_refused() -> None:
    """The longest one counts, that of a later page; the setting that makes it long is named."""
    room = 2000 - len("https://psa.test/v4_6_release/apis/3.0/x?conditions=&pageSize=1000&pageId=9223372036854775808")
    require_short(cw_settings(), "/x", {"conditions": "c" * (room - 1)})

    with pytest.raises(SettingsError, match="Providers:ConnectWiseManage:Types"):
        require_short(cw_settings(), "/x", {"conditions": "c" * room})
