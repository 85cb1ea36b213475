"""Who waits for a change sleeps until there is one, and one look at a beat is enough for all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from fastapi import Request

from service.api.http.waiting import Waiting
from service.store.resolved.customer_feeds import FeedEnd

FOREVER = 10_000.0
"""Seconds: no test waits for so long."""


@dataclass
class Store:
    """Says where a feed ends, which is one change later at each look, and counts the looks."""

    looks: int = 0
    name: str = "changes"
    at_each: Callable[[int], None] = field(default=lambda _: None)

    async def last(self) -> FeedEnd:
        """Return where the feed ends."""
        self.looks += 1
        self.at_each(self.looks)
        return FeedEnd(self.name, self.looks)


def asked(*, is_gone: bool = False) -> Request:
    """Return the request of a caller, who may be gone."""

    async def receive() -> dict[str, str]:
        if not is_gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http", "method": "GET", "path": "/", "headers": []}, receive)


def waited(*waits: Callable[[float], Awaitable[bool]]) -> list[bool]:
    """Return what becomes of waits that begin together; each is given the time of the loop."""

    async def all_of_them() -> list[bool]:
        now = asyncio.get_running_loop().time()
        return list(await asyncio.gather(*(wait(now) for wait in waits)))

    return asyncio.run(all_of_them())


def test_one_look_at_a_beat_is_for_all_who_wait() -> None:
    """Each is let go when what it waits for is there."""
    waiting, store = Waiting(beat=0.01), Store()

    found = waited(
        *(lambda now: waiting.is_past(FeedEnd("changes", 2), store.last, now + FOREVER, asked()) for _ in range(50))
    )

    assert found == [True] * 50
    assert store.looks < 50


def test_what_happens_in_one_feed_lets_nobody_go_who_reads_another() -> None:
    """Who is bound to customers learns nothing of others by how long it takes."""
    waiting, store = Waiting(beat=0.01), Store()
    calm = Store(looks=-1_000_000, name="changes of some")

    found = waited(
        lambda now: waiting.is_past(FeedEnd("changes", 20), store.last, now + FOREVER, asked()),
        lambda now: waiting.is_past(FeedEnd(calm.name, 0), calm.last, now + 0.1, asked()),
    )

    assert found == [True, False]


def test_nobody_looks_who_may_not_wait() -> None:
    """The time is over before the first beat."""
    store = Store()

    assert waited(lambda now: Waiting().is_past(FeedEnd("changes", 0), store.last, now, asked())) == [False]
    assert store.looks == 0


def test_a_caller_who_is_gone_is_not_waited_for() -> None:
    """Nobody would take the answer."""
    waiting, store = Waiting(beat=0.01), Store()

    assert waited(
        lambda now: waiting.is_past(FeedEnd("changes", 0), store.last, now + FOREVER, asked(is_gone=True))
    ) == [False]
    assert store.looks == 0


@pytest.mark.parametrize("begins_before", [True, False])
def test_nobody_waits_for_a_service_that_ends(*, begins_before: bool) -> None:
    """Neither who waits already nor who comes."""
    waiting = Waiting(beat=0.01)
    store = Store(at_each=lambda looks: waiting.end() if looks == 3 else None)
    if not begins_before:
        waiting.end()

    assert waited(lambda now: waiting.is_past(FeedEnd("changes", 1_000), store.last, now + FOREVER, asked())) == [False]
    assert store.looks == (3 if begins_before else 0)
