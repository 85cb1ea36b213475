"""The adapter seam: what a provider must offer, and what a pull of it brings."""

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple, Protocol

from matching.model import Record
from service.errors import ProviderChanged, Unparsable

__all__ = ["DRIFT", "DRIFT_ROWS", "Adapter", "Progress", "Pulled", "Quarantined", "Raw", "Unparsable", "pull"]

Raw = dict[str, Any]
"""One row of a provider, as decoded from its JSON."""

Progress = Callable[[str, int, int | None], None]
"""Told the provider, the rows read so far, and the rows expected (None: unknown)."""

DRIFT = 0.01
"""Share of the expected rows that may differ from what arrived: rows come and go during the read."""

DRIFT_ROWS = 5
"""Rows that may differ however small the fleet is."""


class Adapter(Protocol):
    """One provider: `fetch` only does I/O; `parse` is pure, so that a captured answer tests it."""

    @property
    def name(self) -> str:
        """The provider, as in `provider:id`."""
        ...

    def fetch(self) -> AsyncIterator[Raw]:
        """Yield every raw row, page by page, without secrets: a row may be kept. Raises: ProviderError."""
        ...

    def parse(self, raw: Raw) -> Record:
        """Map one raw row; values stay as written. Raises: Unparsable."""
        ...

    async def expected(self) -> int | None:
        """Return how many rows a full sweep should bring, None if unknown. Raises: ProviderError."""
        ...

    async def check(self) -> list[tuple[str, str]]:
        """Return facts that show the connection works, each a name and a value. Raises: ProviderError."""
        ...


class Quarantined(NamedTuple):
    """A row of which no record could be made, kept for a person to see."""

    provider: str
    record_id: str
    reason: str
    payload: Raw


class Pulled(NamedTuple):
    """Everything one provider lists now; `read` counts rows, quarantined ones among them."""

    provider: str
    records: list[Record]
    quarantined: list[Quarantined]
    expected: int | None
    read: int


async def pull(adapter: Adapter, progress: Progress) -> Pulled:
    """
    Fetch and parse everything; nothing is returned unless all of it arrived.

    Raises:
        ProviderError: The provider failed, or brought another number of rows than it had
            announced, by more than rows come and go during a read (`DRIFT`).
    """
    expected = await adapter.expected()
    pulled = Pulled(adapter.name, [], [], expected, 0)
    read = 0
    async for raw in adapter.fetch():
        read += 1
        try:
            pulled.records.append(adapter.parse(raw))
        except Unparsable as error:
            pulled.quarantined.append(Quarantined(adapter.name, error.record_id, error.reason, raw))
        progress(adapter.name, read, expected)
    _require_all(adapter.name, read, expected)
    return pulled._replace(read=read)


def _require_all(provider: str, read: int, expected: int | None) -> None:
    if expected is not None and abs(read - expected) > max(DRIFT_ROWS, DRIFT * expected):
        raise ProviderChanged(provider, f"announced {expected} rows and sent {read}; nothing was stored, sync again")
