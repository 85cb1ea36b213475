"""How fast the client asks, how often again, and what it makes of every kind of answer. No network."""

import asyncio
import base64
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.errors import ProviderChanged, ProviderError, ProviderRefused, ProviderUnavailable
from service.ingest.client import LARGEST_ANSWER, Client, Outside, TokenBucket, decode_answer, retry_after
from tests.service.ingest.virtual import SECRETS, VirtualTime, cw_settings

Answer = httpx.Response | Exception


class Replay(httpx.AsyncBaseTransport):
    """Gives the planned answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def asked(replay: Replay, time: VirtualTime | None = None, chance: float = 1.0, **changed: Any) -> Any:
    """Ask for one answer and return it."""
    client = Client(cw_settings(**changed), (time or VirtualTime()).outside(replay, chance))
    return asyncio.run(client.get("/system/info"))


def throttled(after: str | None) -> httpx.Response:
    """A 429, with `Retry-After` or without."""
    body = {"error": "TooManyRequests", "message": "slow down"}
    return httpx.Response(429, json=body, headers={"Retry-After": after} if after is not None else {})


async def listed(client: Client) -> list[Any]:
    """Ask for a whole list."""
    return [row async for rows, _ in client.pages("/company/configurations", {}) for row in rows]


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
def test_what_may_pass_is_tried_again_and_not_for_ever(failure: Answer) -> None:
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


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            400,
            {"code": "InvalidObject", "message": "bad", "errors": [{"code": "C", "message": "in conditions"}]},
            "Types",
        ),
        (401, {"code": "Unauthorized", "message": "no", "errors": None}, "CompanyId, ApiPublicKey, ApiPrivateKey and"),
        (403, {"error": "Forbidden", "message": "no"}, "security role .* Inquire: All"),
        (404, {"code": "NotFound"}, "BaseUrl.*wrong keys"),
        (404, {"code": "Security", "message": "x", "errors": None}, "https:// and, on the cloud, its host with api-"),
        (302, {}, "final address into Providers:ConnectWiseManage:BaseUrl"),
    ],
)
def test_a_refusal_says_what_to_look_at(status: int, body: dict[str, Any], sentence: str) -> None:
    """Each status names the setting or the role that decides it."""
    with pytest.raises(ProviderRefused, match=f"^cw_manage: answered {status}.*{sentence}"):
        asked(Replay(httpx.Response(status, json=body)))


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
        (b'{"version": "v1', "no whole JSON"),
        (b"", "no whole JSON"),
        (b"\xff\xfe", "no whole JSON"),
        (b'{"a": NaN}', "no whole JSON"),
        (b"[" * 200_000, "no whole JSON"),
        (b" " * (LARGEST_ANSWER + 1), "more than 64 MiB"),
    ],
    ids=["html", "cut", "empty", "no text", "no number", "deep", "large"],
)
def test_an_answer_of_unknown_shape_is_an_error(body: bytes, sentence: str) -> None:
    """Nothing is guessed from half an answer, and nothing unbounded is read."""
    with pytest.raises(ProviderChanged, match=sentence):
        asked(Replay(httpx.Response(200, content=body)))


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


def echoes() -> Iterator[Answer]:
    """Answers that repeat what the client sent."""
    token = base64.b64encode(b"acme+PUB-hush:PRIV-hush").decode()
    everything = f"{token} {' '.join(SECRETS.values())} \x1b[31m"
    for status in (200, 302, 400, 401, 403, 404, 418, 429, 500, 501):
        yield httpx.Response(status, text=everything)
        yield httpx.Response(status, json={"code": everything, "message": everything})
    yield httpx.ConnectError(everything)


@pytest.mark.parametrize("answer", list(echoes()), ids=str)
def test_no_secret_is_in_any_error_or_log_line(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    """Even a server that echoes the keys does not bring them to a terminal; nor does it bring its colours."""
    caplog.set_level(logging.DEBUG)
    client = Client(cw_settings(), VirtualTime().outside(Replay(answer)))
    shown = [repr(client), str(vars(cw_settings()))]
    try:
        asyncio.run(listed(client))
    except ProviderError as error:
        shown += [str(error), repr(error), str(error.__cause__)]
    shown += [record.getMessage() for record in caplog.records if record.name != "asyncio"]

    assert not [secret for secret in SECRETS.values() for text in shown if secret in text or "\x1b" in text]


def test_cancelling_ends_a_wait_at_once() -> None:
    """Ctrl-C is not a failure to retry."""

    async def cancelled() -> None:
        outside = Outside(transport=Replay(throttled("200")))
        task = asyncio.create_task(Client(cw_settings(), outside).get("/system/info"))
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


@settings(max_examples=40)
@given(
    per_minute=st.floats(1, 600),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_the_bucket_never_gives_more_than_its_rate(per_minute: float, burst: int, pauses: list[float]) -> None:
    """In any stretch of time, at most the burst and what the rate adds to it."""
    time = VirtualTime()
    bucket = TokenBucket(per_minute, burst, time.outside())

    async def take_all() -> list[float]:
        taken = []
        for pause in pauses:
            time.elapsed += pause
            await bucket.take()
            taken.append(time.elapsed)
        return taken

    taken = asyncio.run(take_all())
    for first, start in enumerate(taken):
        for last in range(first, len(taken)):
            allowed = burst + (taken[last] - start) * per_minute / 60
            assert last - first + 1 <= allowed + 1 + 1e-6


def test_sixty_requests_go_out_at_once_and_then_one_a_second() -> None:
    """The defaults: a burst of 60, 60 a minute."""
    time = VirtualTime()
    bucket = TokenBucket(60, 60, time.outside())

    async def take(count: int) -> None:
        for _ in range(count):
            await bucket.take()

    asyncio.run(take(60))
    assert time.elapsed == 0
    asyncio.run(take(3))
    assert time.waits == pytest.approx([1, 1, 1])


def test_requests_that_come_together_wait_in_turn() -> None:
    """Concurrent callers share the rate: each waits a second more than the one before."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def together() -> None:
        bucket = TokenBucket(60, 1, Outside(sleep=sleep, clock=lambda: 0.0))
        await asyncio.gather(*(bucket.take() for _ in range(4)))

    asyncio.run(together())
    assert waits == pytest.approx([1, 2, 3])


dates = st.builds(
    "{} Jan {} {}:00:00 {:+d}".format, st.integers(), st.integers(0), st.integers(0), st.integers()
)  # the shape of a date, with numbers that are none


@given(st.text(max_size=40) | dates)
def test_any_retry_after_is_a_wait_or_nothing(text: str) -> None:
    """A hostile header is no error and no negative wait."""
    wait = retry_after(text, datetime(2026, 11, 1, tzinfo=UTC))

    assert wait is None or wait >= 0


def test_half_a_surrogate_pair_becomes_a_question_mark_and_whole_ones_stay() -> None:
    """No database keeps half a character, and one such row must not lose its page."""
    assert decode_answer(rb'["a\ud800b", "\ud83d\ude00"]') == ["a?b", "\N{GRINNING FACE}"]
    with pytest.raises(ValueError, match=r"nested|depth"):
        decode_answer(rb'["\ud800",' + b"[" * 5000 + b"]" * 5001)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_what_is_json_is_decoded_as_it_is(value: Any) -> None:
    """Apart from halves of characters nothing is changed."""
    assert decode_answer(json.dumps(value).encode()) == value
