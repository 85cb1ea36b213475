"""
Wait for changes on behalf of callers who ask for it.

Who waits holds no thread and no connection of the database: it sleeps, and at every beat one look at the store is
taken for all of them. Other processes write to the store as well, so there is nobody who could wake it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import Request

LONGEST_WAIT = 30
"""Seconds that a caller may wait: less than most proxies do."""

BEAT = 0.5
"""Seconds between two looks."""


class Waiting:
    """All callers of one application who wait."""

    def __init__(self, beat: float = BEAT) -> None:
        self._beat = beat
        self._is_over = False
        self._last, self._looked_at = 0, -beat

    def end(self) -> None:
        """Answer all who wait, and who come, with what there is: the service stops."""
        self._is_over = True

    async def is_past(self, seq: int, last: Callable[[], Awaitable[int]], until: float, request: Request) -> bool:
        """
        Wait until there is a change after a number; return whether there is.

        Args:
            last: Reads the number of the last change.
            until: When to give up, on the clock of the event loop; at once if the caller is gone or the service ends.
        """
        loop = asyncio.get_running_loop()
        while (left := until - loop.time()) > 0 and not self._is_over:
            await asyncio.sleep(min(self._beat, left))
            if await request.is_disconnected():
                return False
            if loop.time() - self._looked_at >= self._beat:
                self._looked_at = loop.time()
                self._last = await last()
            if self._last > seq:
                return True
        return False
