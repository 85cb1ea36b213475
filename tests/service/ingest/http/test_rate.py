"""How fast requests go out."""

import asyncio

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.ingest.http.rate import RateLimitTransport, TokenBucket
from tests.service.ingest.virtual import Replay, VirtualTime

URL = "https://any.test/"


def bucket(per_minute: float, burst: int, time: VirtualTime) -> TokenBucket:
    """Return a bucket in a virtual time."""
    return TokenBucket(per_minute, burst, clock=time.clock, sleep=time.sleep)


@settings(max_examples=40)
@given(
    per_minute=st.floats(1, 600),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_the_bucket_never_gives_more_than_its_rate(per_minute: float, burst: int, pauses: list[float]) -> None:
    """In any stretch of time, at most the burst and what the rate adds to it."""
    time = VirtualTime()
    tokens = bucket(per_minute, burst, time)

    async def take_all() -> list[float]:
        taken = []
        for pause in pauses:
            time.elapsed += pause
            await tokens.take()
            taken.append(time.elapsed)
        return taken

    taken = asyncio.run(take_all())
    for first, start in enumerate(taken):
        for last in range(first, len(taken)):
            allowed = burst + (taken[last] - start) * per_minute / 60
            assert last - first + 1 <= allowed + 1 + 1e-6


def test_sixty_requests_go_out_at_once_and_then_one_a_second() -> None:
    """ConnectWise's defaults: a burst of 60, 60 a minute."""
    time = VirtualTime()
    tokens = bucket(60, 60, time)

    async def take(count: int) -> None:
        for _ in range(count):
            await tokens.take()

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
        tokens = TokenBucket(60, 1, clock=lambda: 0.0, sleep=sleep)
        await asyncio.gather(*(tokens.take() for _ in range(4)))

    asyncio.run(together())
    assert waits == pytest.approx([1, 2, 3])


def test_each_request_takes_a_token_and_clients_share_their_bucket() -> None:
    """The rate belongs to the credentials, whatever number of connections they are used over."""
    time, replay = VirtualTime(), Replay(httpx.Response(204))
    tokens = bucket(60, 2, time)

    async def send(count: int) -> None:
        async with httpx.AsyncClient(transport=RateLimitTransport(replay, tokens)) as http:
            for _ in range(count):
                await http.get(URL)

    asyncio.run(send(2))
    assert time.waits == []
    asyncio.run(send(1))
    assert time.waits == pytest.approx([1])
    assert len(replay.requests) == 3
    assert replay.closed
