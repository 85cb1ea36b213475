"""A world for the client in which waiting takes no time, and settings that fit it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from service.core.settings import ConnectWiseManage
from service.ingest.client import Outside

SECRETS = {"api_public_key": "PUB-hush", "api_private_key": "PRIV-hush", "api_client_id": "CLIENT-hush"}


class VirtualTime:
    """A clock that moves only when somebody sleeps; `waits` are the sleeps asked for, in seconds."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.waits.append(seconds)
        self.elapsed += seconds

    def outside(self, transport: httpx.AsyncBaseTransport | None = None, chance: float = 1.0) -> Outside:
        """Return this time as the client's outside; `chance` is what every draw gives."""
        return Outside(self.sleep, lambda: self.elapsed, self.now, lambda: chance, transport)

    def now(self) -> datetime:
        """Return the time of day."""
        return datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=self.elapsed)


def cw_settings(**changed: Any) -> ConnectWiseManage:
    """Return whole settings, with some of them changed."""
    known = {"base_url": "https://psa.test/v4_6_release/apis/3.0", "company_id": "acme", **SECRETS}
    return ConnectWiseManage.model_validate({**known, **changed})
