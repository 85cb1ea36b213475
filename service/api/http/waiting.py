"""
Wait for changes on behalf of callers who ask for it.

Who waits holds no thread and no connection of the database: it sleeps, and at every beat one look at the store is
taken for all who read one feed. Other processes write to the store as well, so there is nobody who could wake it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi import Request

from service.store.resolved.customer_feeds import FeedEnd

LONGEST_WAIT = 30
"""Seconds that a caller may wait: less than most proxies do."""

BEAT = 0.5
"""Seconds between two looks."""


class _Look(NamedTuple):
    """When, on the clock of the event loop, it was last asked where a feed ends, and the last number seen there."""

    at: float
    seq: int


class Waiting:
    """All callers of one application who wait."""

    def __init__(self, beat: float = BEAT) -> None:
        self._beat = beat
        self._is_over = False
        self._looks: dict[str, _Look] = {}

    def end(self) -> None:
        """Answer all who wait, and who come, with what there is: the service stops."""
        self._is_over = True

    async def is_past(
        self, place: FeedEnd, end: Callable[[], Awaitable[FeedEnd]], until: float, request: Request
    ) -> bool:
        """
        Wait until there is a change after a place in a feed; return whether there is.

        Args:
            end: Reads where that feed ends now.
            until: When to give up, on the clock of the event loop; at once if the caller is gone or the service ends.
        """
        loop = asyncio.get_running_loop()
        while (left := until - loop.time()) > 0 and not self._is_over:
            await asyncio.sleep(min(self._beat, left))
            if await request.is_disconnected():
                return False
            seen = self._looks.get(place.list_name)
            if seen is None or loop.time() - seen.at >= self._beat:
                seen = self._looks[place.list_name] = _Look(loop.time(), seen.seq if seen else 0)
                seen = self._looks[place.list_name] = seen._replace(seq=(await end()).seq)
            if seen.seq > place.seq:
                return True
        return False
