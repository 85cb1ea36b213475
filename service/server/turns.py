"""
Turns: how many readers, writers and reports are answered at a time.

All endpoints run in one pool of threads. What waits for a turn holds no thread, so writers that wait for a stuck one
take no thread from readers, and neither takes one from the health checks and the check of keys.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import Request
from starlette.types import Scope

from service.core.errors import ReadersBusy, WriterBusy

READERS = 12
WRITERS = 4
REPORTS = 2
"""Few writers, because the database has one; all together less than half of the 40 threads there are."""

READING_METHODS = {"GET", "HEAD"}
READING_POSTS = {"/v1/lookup"}
"""Paths whose POST only asks."""

REPORT_PAGES = "/reports/"
"""Beginning of the paths of the console's reports; a POST to one asks for a comparison."""

READING_FORMS = {"/policy/try"}
"""Paths of the console whose form only asks, and takes a look at all that is stored."""

OWN_TURNS = ("/v1/changes", "/v1/reports/", REPORT_PAGES)
"""
Beginnings of paths whose endpoint takes turns of its own: the feed one for each look at the store, because between two
it may wait for long, and a report one until its last row is sent.
"""

REPORT_PATHS = ("/v1/reports/", "/metrics")
"""Beginnings of paths whose answer takes a look at all that is stored."""


class Turns:
    """The turns of one application; each is waited for at most `seconds`."""

    def __init__(self, seconds: float, readers: int = READERS, writers: int = WRITERS, reports: int = REPORTS) -> None:
        self.seconds = seconds
        self._readers = asyncio.Semaphore(readers)
        self._writers = asyncio.Semaphore(writers)
        self._reports = asyncio.Semaphore(reports)

    @asynccontextmanager
    async def held(self, scope: Scope) -> AsyncIterator[None]:
        """
        Hold the turn that a request needs.

        Raises:
            WriterBusy, ReadersBusy: None came in time.
        """
        is_writer = writes(scope)
        free = self._writers if is_writer else self._reports if is_report(scope) else self._readers
        try:
            async with asyncio.timeout(self.seconds):
                await free.acquire()
        except TimeoutError:
            if is_writer:
                raise WriterBusy("other writers have all turns") from None
            raise ReadersBusy("too many requests are being answered; try again in a few seconds") from None
        try:
            yield
        finally:
            free.release()

    @asynccontextmanager
    async def held_for_call(self, scope: Scope) -> AsyncIterator[None]:
        """Hold a call's turn, or none where its endpoint takes turns of its own. Raises: WriterBusy, ReadersBusy."""
        if str(scope["path"]).startswith(OWN_TURNS):
            yield
            return
        async with self.held(scope):
            yield


async def turn(request: Request) -> AsyncIterator[None]:
    """
    Dependency of a call: hold a turn while its endpoint runs, not while the body comes or the answer goes.

    It has to be given `scope="function"`, or it is held until the answer is taken.
    """
    async with cast(Turns, request.app.state.turns).held_for_call(request.scope):
        yield


def writes(scope: Scope) -> bool:
    """Whether a request may change what is stored."""
    is_question = scope["method"] in READING_METHODS or scope["path"] in READING_POSTS
    return not is_question and not is_report(scope)


def is_report(scope: Scope) -> bool:
    """Whether the answer to a request takes a look at all that is stored."""
    is_of_report = str(scope["path"]).startswith((*REPORT_PATHS, REPORT_PAGES))
    return is_of_report or scope["path"] in READING_FORMS
