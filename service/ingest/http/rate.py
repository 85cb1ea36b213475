"""Limit the rate of requests: a token bucket, and the transport that takes a token for each request."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx


class TokenBucket:
    """
    A token bucket: holds at most `burst` tokens and gains `per_minute` of them, evenly.

    One bucket belongs to one set of credentials and outlives connections and event loops.
    """

    def __init__(
        self,
        per_minute: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._rate = per_minute / 60  # tokens a second
        self._burst = burst
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(burst)
        self._counted_at = clock()

    async def take(self) -> None:
        """
        Take one token; where there is none, wait until it has been gained.

        The token is taken before the wait, so the count goes below zero and callers leave in the order they came.
        """
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._counted_at) * self._rate) - 1
        self._counted_at = now
        if self._tokens < 0:
            await self._sleep(-self._tokens / self._rate)


class RateLimitTransport(httpx.AsyncBaseTransport):
    """Takes a token for each request before it hands the request on."""

    def __init__(self, inner: httpx.AsyncBaseTransport, bucket: TokenBucket) -> None:
        self._inner = inner
        self._bucket = bucket

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a token, then send."""
        await self._bucket.take()
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
