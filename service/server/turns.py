"""
Turns: how many readers and how many writers are answered at a time.

All endpoints run in one pool of threads. What waits for a turn holds no thread, so writers that wait for a stuck one
take no thread from readers, and neither takes one from the health checks and the check of keys.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from fastapi import Request
from starlette.types import Scope

from service.core.errors import ReadersBusy, WriterBusy

READERS = 12
WRITERS = 4
"""Few, because the database has one writer; together with the readers less than half of the 40 threads there are."""

READING_METHODS = {"GET", "HEAD"}
READING_POSTS = {"/v1/lookup"}
"""Paths whose POST only asks."""


class Turns:
    """The turns of one application."""

    def __init__(self, seconds: float, readers: int = READERS, writers: int = WRITERS) -> None:
        self.seconds = seconds
        self.readers = asyncio.Semaphore(readers)
        self.writers = asyncio.Semaphore(writers)


async def turn(request: Request) -> AsyncIterator[None]:
    """
    Dependency of a call: hold a turn while its endpoint runs, not while the body comes or the answer goes.

    Raises:
        WriterBusy, ReadersBusy: None came in time.
    """
    turns = cast(Turns, request.app.state.turns)
    is_writer = writes(request.scope)
    free = turns.writers if is_writer else turns.readers
    try:
        async with asyncio.timeout(turns.seconds):
            await free.acquire()
    except TimeoutError:
        if is_writer:
            raise WriterBusy("other writers have all turns") from None
        raise ReadersBusy("too many requests are being answered; nothing was read") from None
    try:
        yield
    finally:
        free.release()


def writes(scope: Scope) -> bool:
    """Whether a request may change what is stored."""
    return scope["method"] not in READING_METHODS and scope["path"] not in READING_POSTS
