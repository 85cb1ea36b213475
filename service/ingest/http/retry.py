"""
Retry a request after a transient failure: throttling, a server error, a broken connection.

The inner transport has to return whole answers (`BufferTransport`), so that a body that is cut off fails inside an
attempt. Every request may be sent more than once, so this is for requests that change nothing.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import httpx

from service.ingest.http.headers import retry_after
from service.ingest.http.runtime import utc_now

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed; no other 4xx ever does."""

RETRIED_ERRORS = (httpx.TransportError, httpx.DecodingError)

BACKOFF_BASE = 0.5
BACKOFF_CAP = 60.0
"""Seconds; the upper ends of what ConnectWise advises for background work."""

Failure = httpx.Response | httpx.RequestError
"""What one attempt came to: an answer with one of the statuses above, or an error of the connection."""


class Retry(NamedTuple):
    """A failed attempt, counted from 1, and the seconds until the next one."""

    failure: Failure
    attempt: int
    wait: float


class GaveUp(httpx.TransportError):
    """
    No attempt succeeded.

    `wait` is set where the server asked for more patience than is allowed: the seconds it asked for.
    """

    def __init__(self, failure: Failure, attempts: int, wait: float | None = None) -> None:
        super().__init__(f"gave up after {attempts} attempts")
        self.failure = failure
        self.attempts = attempts
        self.wait = wait


def ignore(_: Retry) -> None:
    """Do nothing about a retry."""


class RetryTransport(httpx.AsyncBaseTransport):
    """
    Retries with exponential backoff and full jitter, or after the wait that `Retry-After` asks for.

    `max_attempts` counts the first attempt; `longest_wait` is in seconds; `on_retry` is called before each wait.
    """

    def __init__(  # noqa: PLR0913 - the policy, and the runtime as arguments
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        max_attempts: int,
        longest_wait: float,
        on_retry: Callable[[Retry], None] = ignore,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], datetime] = utc_now,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._inner = inner
        self._max_attempts = max_attempts
        self._longest_wait = longest_wait
        self._on_retry = on_retry
        self._sleep = sleep
        self._now = now
        self._random = random

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send until an attempt succeeds or fails in a way that stays.

        Raises:
            GaveUp: The last attempt failed too, or the server asks for a longer wait than `longest_wait`.
            httpx.RequestError: The inner transport failed in a way that stays.
        """
        attempt = 1
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, httpx.Response) and outcome.status_code not in RETRIED_STATUSES:
                return outcome
            if attempt >= self._max_attempts:
                raise GaveUp(outcome, attempt)
            wait = self._wait(outcome, attempt)
            if wait > self._longest_wait:
                raise GaveUp(outcome, attempt, wait)
            self._on_retry(Retry(outcome, attempt, wait))
            await self._sleep(wait)
            attempt += 1

    async def _attempt(self, request: httpx.Request) -> Failure:
        try:
            return await self._inner.handle_async_request(request)
        except RETRIED_ERRORS as error:
            return error

    def _wait(self, failure: Failure, attempt: int) -> float:
        """
        Return the seconds to wait: what the server asks for, else a random part of an exponentially growing time.

        The draw is from zero up (full jitter), so that clients that failed together do not come back together.
        """
        if isinstance(failure, httpx.Response):
            asked_for = retry_after(failure.headers.get("Retry-After"), self._now())
            if asked_for is not None:
                return asked_for
        return self._random() * min(BACKOFF_CAP, self._longest_wait, BACKOFF_BASE * 2.0 ** (attempt - 1))

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
