"""The dependencies of an HTTP client, passed as an argument: sleeping, clocks, randomness and the network."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """`clock` gives seconds that never go back, `now` the time of day, `random` a number in [0, 1)."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now
    random: Callable[[], float] = random.random
    transport: httpx.AsyncBaseTransport | None = None  # None: real connections
