"""The adapter seam: what a provider must offer, and what a pull of it brings."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from matching.model import Record
from service.core.errors import ProviderChanged, Unparsable
from service.ingest.redaction import redact

__all__ = [
    "DRIFT",
    "DRIFT_ROWS",
    "Adapter",
    "Batch",
    "Page",
    "Progress",
    "Pulled",
    "Quarantined",
    "Raw",
    "Unparsable",
    "batches",
    "pull",
    "require_all",
    "sort",
]

Raw = dict[str, Any]
"""One row of a provider, as decoded from its JSON."""

Progress = Callable[[str, int, int | None], None]
"""Told the provider, the rows read so far, and the rows expected (None: unknown)."""

DRIFT = 0.01
"""Share of the expected rows that may differ from what arrived: rows come and go during the read."""

DRIFT_ROWS = 5
"""Rows that may differ however small the fleet is."""


class Page(NamedTuple):
    """Rows that came together; `cursor` is where a later fetch can go on behind them, None: it cannot."""

    rows: Sequence[Raw]
    cursor: str | None = None


class Adapter(Protocol):
    """One provider: `fetch` only does I/O; `parse` is pure, so that a captured answer tests it."""

    @property
    def name(self) -> str:
        """The provider, as in `provider:id`."""
        ...

    @property
    def live(self) -> bool:
        """Whether it answers questions: for what changed since, for one row, from a cursor on. Files do not."""
        ...

    @property
    def heard_at(self) -> datetime | None:
        """The provider's own time, as of its first answer; None where it does not tell."""
        ...

    def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[Page]:
        """
        Yield every raw row, page by page, without secrets: a row may be kept.

        With `since`, those that changed later, also when the settings select them no more. Raises: ProviderError.
        """
        ...

    def parse(self, raw: Raw) -> Record:
        """Map one raw row; values stay as written. Raises: Unparsable."""
        ...

    def unselected(self, raw: Raw) -> str | None:
        """Why the settings do not call a row a device, in words that follow `provider:id`; None if they do."""
        ...

    def goes_on_from(self, cursor: str) -> bool:
        """Whether a fetch can start behind a cursor of an earlier one: not under other settings."""
        ...

    async def expected(self, since: datetime | None = None) -> int | None:
        """Return how many rows a fetch should bring, None if unknown. Raises: ProviderError."""
        ...

    async def one(self, record_id: str) -> Raw | None:
        """Return a row that a sweep did not bring, None if the provider has none. Raises: ProviderError."""
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


class Batch(NamedTuple):
    """What a page held; `gone` are records that the settings no longer select, each with the reason."""

    records: Sequence[Record] = ()
    quarantined: Sequence[Quarantined] = ()
    gone: Mapping[str, str] = {}
    cursor: str | None = None

    @property
    def rows(self) -> int:
        """How many rows it held."""
        return len(self.records) + len(self.quarantined) + len(self.gone)


class Pulled(NamedTuple):
    """Everything one provider lists now; `read` counts rows, quarantined ones among them."""

    provider: str
    records: list[Record]
    quarantined: list[Quarantined]
    expected: int | None
    read: int


async def pull(adapter: Adapter, progress: Progress) -> Pulled:
    """
    Fetch and parse everything into memory; nothing is returned unless all of it arrived.

    Raises:
        ProviderError: The provider failed, or brought another number of rows than it had
            announced, by more than rows come and go during a read (`DRIFT`).
    """
    expected = await adapter.expected()
    pulled = Pulled(adapter.name, [], [], expected, 0)
    async for batch in batches(adapter, lambda read: progress(adapter.name, read, expected)):
        pulled.records.extend(batch.records)
        pulled.quarantined.extend(batch.quarantined)
    read = len(pulled.records) + len(pulled.quarantined)
    require_all(adapter.name, read, expected)
    return pulled._replace(read=read)


async def batches(
    adapter: Adapter,
    told: Callable[[int], None],
    *,
    after: str | None = None,
    since: datetime | None = None,
    read: int = 0,
) -> AsyncIterator[Batch]:
    """
    Fetch and parse, page by page; `told` hears the number of rows read, row by row, from `read` on.

    Raises:
        ProviderError: The provider failed.
    """
    async for page in adapter.fetch(after, since):
        for place, _ in enumerate(page.rows, read + 1):
            told(place)
        read += len(page.rows)
        yield sort(adapter, page, every=since is None)


def sort(adapter: Adapter, page: Page, *, every: bool) -> Batch:
    """Parse a page; not `every`: a row that the settings do not select is the end of its record."""
    records: list[Record] = []
    quarantined: list[Quarantined] = []
    gone: dict[str, str] = {}
    for raw in page.rows:
        try:
            record = adapter.parse(raw)
        except Unparsable as error:
            quarantined.append(Quarantined(adapter.name, error.record_id, error.reason, redact(raw)))
            continue
        if why := None if every else adapter.unselected(raw):
            gone[record["id"]] = why
        else:
            records.append(record)
    return Batch(records, quarantined, gone, page.cursor)


def require_all(provider: str, read: int, expected: int | None, *, at_least: bool = False) -> None:
    """
    Refuse a sweep that was not complete; `at_least`: more rows than announced are no fault.

    Raises:
        ProviderChanged: Too few rows came, or too many.
    """
    if expected is None or (at_least and read >= expected):
        return
    if abs(read - expected) > max(DRIFT_ROWS, DRIFT * expected):
        raise ProviderChanged(provider, f"announced {expected} rows and sent {read}; nothing was stored, sync again")
