"""What is tried again, how often, and after what wait."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from service.ingest.http.retry import RETRIED_STATUSES, GaveUp, Retry, RetryTransport
from tests.service.ingest.virtual import Planned, Replay, VirtualTime

OK = httpx.Response(200, text="here")


def sent(replay: Replay, time: VirtualTime | None = None, chance: float = 1.0, **policy: Any) -> httpx.Response:
    """Send one request and return the answer."""
    time = time or VirtualTime()

    async def send() -> httpx.Response:
        transport = RetryTransport(
            replay,
            **{"max_attempts": 5, "longest_wait": 300, **policy},
            sleep=time.sleep,
            now=time.now,
            random=lambda: chance,
        )
        async with httpx.AsyncClient(transport=transport) as http:
            return await http.get("https://any.test/")

    return asyncio.run(send())


def throttled(after: str) -> httpx.Response:
    """A 429 with `Retry-After`."""
    return httpx.Response(429, headers={"Retry-After": after})


@pytest.mark.parametrize(
    ("after", "seconds"), [("7", 7), ("0", 0), (format_datetime(datetime(2026, 11, 1, 0, 0, 9, tzinfo=UTC)), 9)]
)
@pytest.mark.parametrize("status", sorted(RETRIED_STATUSES))
def test_the_wait_is_what_the_server_asks_for(status: int, after: str, seconds: float) -> None:
    """`Retry-After` is honoured in seconds and as a date, whatever the status beside it."""
    time = VirtualTime()

    assert sent(Replay(httpx.Response(status, headers={"Retry-After": after}), OK), time).text == "here"
    assert time.waits == [seconds]


def test_without_a_usable_retry_after_the_waits_double() -> None:
    """Exponential backoff from half a second; with the greatest draw the jitter is the whole of it."""
    time = VirtualTime()
    sent(Replay(*[throttled("soon")] * 4, OK), time)

    assert time.waits == [0.5, 1, 2, 4]


def test_the_wait_is_a_random_part_of_the_backoff() -> None:
    """Full jitter: the draw scales the wait, so that many clients do not come back together."""
    time = VirtualTime()
    sent(Replay(httpx.Response(503), httpx.Response(503), OK), time, chance=0.25)

    assert time.waits == [0.125, 0.25]


@pytest.mark.parametrize(("longest", "cap"), [(300, 60), (10, 10)])
def test_the_backoff_has_a_cap(longest: float, cap: float) -> None:
    """No wait of our own choice is longer than a minute, or than the policy allows."""
    time = VirtualTime()
    with pytest.raises(GaveUp):
        sent(Replay(httpx.Response(500)), time, max_attempts=12, longest_wait=longest)

    assert max(time.waits) == cap


@pytest.mark.parametrize(
    "failure",
    [
        *(httpx.Response(status) for status in sorted(RETRIED_STATUSES)),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("peer closed connection"),
        httpx.DecodingError("bad gzip"),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again_and_not_for_ever(failure: Planned) -> None:
    """One success suffices; without one the last failure and the number of attempts are in the error."""
    recovers, stays = Replay(failure, failure, OK), Replay(failure)

    assert sent(recovers).text == "here"
    with pytest.raises(GaveUp) as given_up:
        sent(stays, max_attempts=3)
    assert len(stays.requests) == given_up.value.attempts == 3
    assert type(given_up.value.failure) is type(failure)
    assert given_up.value.wait is None


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 405, 409, 418, 501])
def test_any_other_answer_is_returned_at_once(status: int) -> None:
    """The same request would be answered in the same way again."""
    replay = Replay(httpx.Response(status), OK)

    assert sent(replay).status_code == status
    assert len(replay.requests) == 1


def test_an_error_that_stays_is_raised_at_once() -> None:
    """What is no failure of the connection does not pass by waiting."""
    replay = Replay(httpx.TooManyRedirects("round and round"), OK)

    with pytest.raises(httpx.TooManyRedirects):
        sent(replay)
    assert len(replay.requests) == 1


def test_a_longer_wait_than_allowed_is_not_begun() -> None:
    """The error says how long it would be."""
    time = VirtualTime()

    with pytest.raises(GaveUp) as given_up:
        sent(Replay(throttled("301"), OK), time)
    assert (given_up.value.wait, given_up.value.attempts, time.waits) == (301, 1, [])
    assert sent(Replay(throttled("300"), OK), time).text == "here"


def test_every_retry_is_seen_before_its_wait() -> None:
    """What failed, which attempt it was, and how long the wait will be."""
    time = VirtualTime()
    seen: list[tuple[Retry, float]] = []
    sent(
        Replay(throttled("7"), httpx.ConnectError("refused"), OK),
        time,
        on_retry=lambda retry: seen.append((retry, time.elapsed)),
    )

    assert [(retry.attempt, retry.wait, elapsed) for retry, elapsed in seen] == [(1, 7, 0), (2, 1, 7)]
    assert isinstance(seen[1][0].failure, httpx.ConnectError)
