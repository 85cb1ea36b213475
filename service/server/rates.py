"""How often a key may ask, and how many wrong keys an address may show."""

import math
import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple, cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.callers import ANYBODY, Caller
from service.api.http.problems import refusal
from service.core.errors import ServiceError, TooManyFailedKeys, TooManyRequests
from service.server.clients import client_of

MOST_COUNTED = 10_000
"""Keys or addresses that are counted at a time; beyond them all counts begin anew, so that they cannot fill memory."""

MOST_KNOWN = 1_000
"""Right keys that are remembered."""


class Remaining(NamedTuple):
    """What is left of an allowance, and in how many seconds there is more."""

    requests: int
    seconds: int


class Allowance:
    """
    How many requests each of many may make within some seconds.

    Two counters a client stand for the moving window, the one before weighted by how much of it is still in the window:
    the time of each request would take megabytes for each busy key.
    """

    def __init__(self, amount: int, seconds: int = 60, clock: Callable[[], float] = time.monotonic) -> None:
        self.amount, self.seconds = amount, seconds
        self._clock = clock
        self._window = 0
        self._counts: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def take(self, who: str) -> bool:
        """Count one request, if it is allowed; return whether it is."""
        if self._used(who, self._elapsed()) >= self.amount:
            return False
        if len(self._counts) >= MOST_COUNTED:
            self._counts, self._before = {}, {}
        self._counts[who] = self._counts.get(who, 0) + 1
        return True

    def left(self, who: str) -> Remaining:
        """Return what is left."""
        elapsed = self._elapsed()
        rest = (1 - elapsed) * self.seconds
        before = self._before.get(who)
        more = rest % (self.seconds / before) if before else rest
        return Remaining(self.amount - self._used(who, elapsed), max(1, math.ceil(more)))

    def _used(self, who: str, elapsed: float) -> int:
        return int(self._before.get(who, 0) * (1 - elapsed)) + self._counts.get(who, 0)

    def _elapsed(self) -> float:
        """How much of the window is over; a new one is begun where it is time."""
        window, elapsed = divmod(self._clock() / self.seconds, 1)
        if window != self._window:
            self._before = self._counts if window == self._window + 1 else {}
            self._window, self._counts = int(window), {}
        return elapsed


class KeyRate:
    """
    ASGI middleware, inside the check of keys: a key may make so many requests a minute.

    Each answer says what is left, as draft-ietf-httpapi-ratelimit-headers-11 has it. `refuse` makes the answer to what
    is beyond it.
    """

    def __init__(self, app: ASGIApp, allowance: Allowance, refuse: Callable[[ServiceError], ASGIApp] = refusal) -> None:
        self.app = app
        self.allowance = allowance
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        caller = cast(Caller, scope.get("state", {}).get("caller", ANYBODY))
        if (who := caller.key_id) is None:
            await self.app(scope, receive, send)
            return
        is_allowed = self.allowance.take(who)
        left = self.allowance.left(who)

        async def send_with_rate(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"key";q={self.allowance.amount};w={self.allowance.seconds}'
                headers["RateLimit"] = f'"key";r={left.requests};t={left.seconds}'
            await send(message)

        if is_allowed:
            await self.app(scope, receive, send_with_rate)
        else:
            sentence = f"this key may make {self.allowance.amount:,} requests in {self.allowance.seconds} seconds"
            await self.refuse(TooManyRequests(sentence, left.seconds))(scope, receive, send_with_rate)


class FailedKeys:
    """
    ASGI middleware, outside the check of keys: from an address that showed many wrong keys no more are checked.

    Keys that were right before are, because many clients may stand behind one address.
    """

    def __init__(self, app: ASGIApp, allowance: Allowance) -> None:
        self.app = app
        self.allowance = allowance
        self._known: dict[bytes, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        shown = Headers(scope=scope).get("authorization") if scope["type"] == "http" else None
        if shown is None:
            await self.app(scope, receive, send)
            return
        digest = sha256(shown.encode()).digest()
        client = client_of((scope.get("client") or ("",))[0])
        left = self.allowance.left(client)
        if not left.requests and digest not in self._known:
            sentence = "this address showed too many keys that are not known; none of its new ones is checked for now"
            await refusal(TooManyFailedKeys(sentence, left.seconds))(scope, receive, send)
            return

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(digest, client, is_wrong=message["status"] == 401)
            await send(message)

        await self.app(scope, receive, send_noted)

    def _note(self, digest: bytes, client: str, *, is_wrong: bool) -> None:
        self._known.pop(digest, None)
        if is_wrong:
            self.allowance.take(client)
        else:
            self._known[digest] = None
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
