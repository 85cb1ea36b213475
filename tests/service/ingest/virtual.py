"""A runtime in which waiting takes no time, transports to stand for the network, and settings that fit them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from service.core.settings import ConnectWiseManage
from service.ingest.http.runtime import Runtime

SECRETS = {"api_public_key": "PUB-hush", "api_private_key": "PRIV-hush", "api_client_id": "CLIENT-hush"}

Planned = httpx.Response | Exception | Callable[[], httpx.Response]


class VirtualTime:
    """A clock that moves only when somebody sleeps; `waits` are the sleeps asked for, in seconds."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.waits.append(seconds)
        self.elapsed += seconds

    def clock(self) -> float:
        """Return the seconds since the beginning."""
        return self.elapsed

    def now(self) -> datetime:
        """Return the time of day."""
        return datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def runtime(self, transport: httpx.AsyncBaseTransport | None = None, chance: float = 1.0) -> Runtime:
        """Return a runtime with this time; `chance` is what every draw gives."""
        return Runtime(self.sleep, self.clock, self.now, lambda: chance, transport)


class Replay(httpx.AsyncBaseTransport):
    """Gives the planned answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Planned) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Give the next answer; an exception is raised, a function is called for it."""
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer()
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def aclose(self) -> None:
        """Remember that the connections were closed."""
        self.closed = True


def cw_settings(**changed: Any) -> ConnectWiseManage:
    """Return whole settings, with some of them changed."""
    known = {"base_url": "https://psa.test/v4_6_release/apis/3.0", "company_id": "acme", **SECRETS}
    return ConnectWiseManage.model_validate({**known, **changed})
