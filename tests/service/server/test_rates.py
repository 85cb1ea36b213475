"""How often a key may ask, and how many wrong keys an address may show."""

import asyncio
import threading
import time
from itertools import count

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from service.access.callers import ANYBODY, Caller
from service.server.rates import MOST_COUNTED, Allowance, FailedKeys, KeyRate, Remaining
from tests.end_to_end.commands import PATIENCE
from tests.service.server.asgi import Answer, asked, hello, request


def used_up(allowance: Allowance, who: str) -> int:
    """Use up an allowance; return how many requests that took. A minute may end meanwhile, so it may be more."""
    return next(taken for taken in count() if not allowance.take(who))


def test_an_allowance_is_of_each_alone_and_comes_back() -> None:
    """One who used it up keeps nobody else out, and gets more when the time is over."""
    allowance = Allowance(3)
    assert 3 <= used_up(allowance, "a") <= 6
    assert allowance.left("a").requests == 0
    assert 1 <= allowance.left("a").seconds <= 60
    assert allowance.left("b").requests == 3

    short = Allowance(1, 1)
    short.take("a")
    end = time.monotonic() + PATIENCE
    while not short.take("a"):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_counts_cannot_fill_memory() -> None:
    """Beyond so many addresses all begin anew."""
    allowance = Allowance(3)
    for number in range(3 * MOST_COUNTED):
        allowance.take(str(number))

    assert len(allowance._counts) <= MOST_COUNTED


def test_a_window_moves() -> None:
    """The requests of the window before count as far as that one is still in the moving window; later ones not."""
    now = 0.0
    allowance = Allowance(4, clock=lambda: now)
    assert used_up(allowance, "a") == 4
    assert allowance.left("a") == Remaining(0, 60)

    now = 76.0  # three quarters of the window before are in the moving one: less than three of its four requests
    assert allowance.left("a") == Remaining(2, 14)
    assert used_up(allowance, "a") == 2
    now = 89.0
    assert used_up(allowance, "a") == 0
    now = 91.0
    assert used_up(allowance, "a") == 1

    now = 181.0  # two windows later
    assert allowance.left("a").requests == 4


def test_to_count_starts_no_thread() -> None:
    """A thread that tidies up, begun every 10 ms, took a fifth of the time of a request."""
    before = threading.active_count()
    allowance = Allowance(3)
    used_up(allowance, "a")

    assert threading.active_count() == before


def bearer(key_id: str) -> Caller:
    """Return the bearer of a key; all keys have one name."""
    return Caller("agent", key_id, frozenset())


async def rated(app: KeyRate, caller: Caller) -> Answer:
    """Return the answer to a request that showed a key."""
    return await asked(app, {**request(), "state": {"caller": caller}})


def test_each_answer_to_a_key_says_what_is_left() -> None:
    """As structured fields of the draft; two keys of one name are two."""
    app = KeyRate(hello, Allowance(2))
    answer = asyncio.run(rated(app, bearer("1")))
    other = asyncio.run(rated(app, bearer("2")))

    assert answer.status == other.status == 200
    assert answer.headers["ratelimit-policy"] == '"key";q=2;w=60'
    assert answer.headers["ratelimit"].startswith('"key";r=1;t=')
    assert other.headers["ratelimit"].startswith('"key";r=1;t=')


def test_a_key_that_asks_too_often_is_told_when_to_ask_again() -> None:
    """429, the same number in header and body, a code of its own."""
    allowance = Allowance(2)
    used_up(allowance, "1")
    answer = asyncio.run(rated(KeyRate(hello, allowance), bearer("1")))

    assert (answer.status, answer.json["code"]) == (429, "too-many-requests")
    assert int(answer.headers["retry-after"]) == answer.json["retry_after"] >= 1
    assert answer.headers["ratelimit"].startswith('"key";r=0;t=')


def test_who_shows_no_key_is_not_counted() -> None:
    """Health checks, and all where no key is asked for."""
    answer = asyncio.run(rated(KeyRate(hello, Allowance(1)), ANYBODY))

    assert answer.status == 200
    assert "ratelimit" not in answer.headers


class Door:
    """An application that knows one key, and notes which it was asked about."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        [key] = [value.decode() for name, value in scope["headers"] if name == b"authorization"] or [""]
        self.shown.append(key)
        await PlainTextResponse("", 200 if key == "right" else 401)(scope, receive, send)


async def shown(app: FailedKeys, key: str, client: str = "192.0.2.7") -> Answer:
    """Return the answer to a request that shows a key."""
    return await asked(app, request(client=client, authorization=key))


def test_an_address_that_showed_too_many_wrong_keys_is_not_asked_on() -> None:
    """429 without a look at the key; other addresses go on, and so does a key that was right before."""
    door = Door()
    app = FailedKeys(door, Allowance(3))

    async def story() -> list[tuple[int, int]]:
        await shown(app, "right")
        while (refused := await shown(app, f"wrong {len(door.shown)}")).status == 401:
            pass
        looked_at = len(door.shown)
        assert refused.json["code"] == "too-many-failed-keys"
        assert int(refused.headers["retry-after"]) == refused.json["retry_after"]
        assert 4 <= looked_at <= 8
        return [
            ((await shown(app, "wrong", "192.0.2.8")).status, len(door.shown) - looked_at),
            ((await shown(app, "right")).status, len(door.shown) - looked_at),
        ]

    assert asyncio.run(story()) == [(401, 1), (200, 2)]


def test_a_key_that_was_right_and_is_revoked_counts_as_wrong() -> None:
    """It is forgotten with its first refusal."""
    door = Door()
    app = FailedKeys(door, Allowance(3))

    async def story() -> int:
        app._note(b"", "192.0.2.7", is_wrong=False)
        app._note(b"", "192.0.2.7", is_wrong=True)
        return len(app._known)

    assert asyncio.run(story()) == 0


def test_a_request_without_a_key_is_no_failed_key() -> None:
    """Its 401 costs nothing: a browser that asks without one must not lock out an office."""
    app = FailedKeys(Door(), Allowance(1))

    async def story() -> list[int]:
        return [(await asked(app, request())).status for _ in range(9)]

    assert asyncio.run(story()) == [401] * 9
