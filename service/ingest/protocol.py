"""
The interface of a provider, and the result of reading one: records, and rows that could not be made into records.

Rows come and go while a provider is read, so the count that it announced before may be out of date. A read that brought
another number asks for the count again, and is complete where that agrees with what came.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from matching.model import Record
from service.core.errors import ProviderChanged, Unparsable
from service.core.progress import Progress
from service.ingest.redaction import redact

__all__ = [
    "DRIFT",
    "DRIFT_ROWS",
    "Adapter",
    "Addition",
    "AgreementReader",
    "Agreements",
    "Batch",
    "FetchedPage",
    "Pulled",
    "Quarantined",
    "Raw",
    "Unparsable",
    "batches",
    "missing_rows",
    "pull",
    "sort",
]

Raw = dict[str, Any]
"""One row of a provider, as decoded from its JSON."""

DRIFT = 0.01
"""Share of the expected rows by which a full read may differ from them: rows come and go while it runs."""

DRIFT_ROWS = 5
"""Rows by which it may always differ, however few are expected."""

HOLDS_BACK = "look at what may hold rows back: a gateway before the provider, or the rights of the key"


class FetchedPage(NamedTuple):
    """Rows that came together; with `cursor` a later fetch can go on behind them, without one it starts again."""

    rows: Sequence[Raw]
    cursor: str | None = None


class Addition(NamedTuple):
    """
    A line of an agreement that is billed today.

    `quantity` is what is billed, less what the agreement includes; `price` is that of one. Where the quantity cannot be
    read it is None, and `unread` says why.
    """

    id: int
    agreement: str
    company_id: str
    company: str
    product: str
    quantity: Decimal | None
    price: Decimal | None = None
    unread: str | None = None


@dataclass(frozen=True)
class Agreements:
    """How many agreements are active, and their additions that are billed today."""

    active: int
    additions: Sequence[Addition]


class AgreementReader(Protocol):
    """Reads the agreements of a provider."""

    async def read(self, progress: Progress) -> Agreements:
        """Return what is billed today. Raises: ProviderError."""
        ...

    async def check(self) -> str:
        """Say in words what can be read, by the first requests of `read`. Raises: ProviderError."""
        ...


class Adapter(Protocol):
    """
    One provider.

    An adapter derives from this class and defines `name`, `fetch` and `parse`: `fetch` only does I/O, `parse` is pure,
    so that a captured answer tests it. The rest has defaults, for a provider that is read as a whole each time.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The provider, as in `provider:id`."""
        ...

    @property
    def live(self) -> bool:
        """Whether it answers single questions: which rows changed since, what a row is now, what follows a cursor."""
        return False

    @property
    def heard_at(self) -> datetime | None:
        """The provider's own time, as of its latest answer; None where it does not say."""
        return None

    @property
    def agreements(self) -> AgreementReader | None:
        """What reads the agreements of the provider; None where it has none, or the settings do not ask for them."""
        return None

    @abstractmethod
    def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:
        """
        Yield the rows, page by page, without secrets: a row may be kept.

        `after` is a cursor that `goes_on_from` accepted; the rows behind it are enough. With `since` come the rows that
        changed later, also those that the settings no longer select.

        Raises:
            ProviderError: The provider failed. Nothing of what came before is stored as a record.
        """
        ...

    @abstractmethod
    def parse(self, raw: Raw) -> Record:
        """Map one row; values stay as written. Raises: Unparsable."""
        ...

    def unselected(self, raw: Raw) -> str | None:  # noqa: ARG002 - for settings that select
        """Return why the settings do not call a row a device, in words that follow `provider:id`; None if they do."""
        return None

    def goes_on_from(self, cursor: str) -> bool:  # noqa: ARG002 - for a provider with cursors
        """Whether `fetch` can start behind a cursor of an earlier one. Under other settings it cannot."""
        return False

    async def expected(self, since: datetime | None = None) -> int | None:  # noqa: ARG002 - for one that counts
        """Return how many rows `fetch` should bring, None if the provider does not say. Raises: ProviderError."""
        return None

    async def one(self, record_id: str) -> Raw | None:  # noqa: ARG002 - for one that answers single questions
        """Return a row that a full read did not bring, None if the provider has none. Raises: ProviderError."""
        return None

    async def check(self) -> list[tuple[str, str]]:
        """Return facts that show that the provider answers, each a name and a value. Raises: ProviderError."""
        return [("rows", str(sum([len(page.rows) async for page in self.fetch()])))]


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
    """Everything that one provider lists now; `read` counts rows, quarantined ones among them."""

    provider: str
    records: list[Record]
    quarantined: list[Quarantined]
    expected: int | None
    read: int


async def pull(adapter: Adapter, progress: Progress) -> Pulled:
    """
    Fetch and parse everything into memory; nothing is returned unless all of it arrived.

    Raises:
        ProviderError: The provider failed, or brought another number of rows than it had announced, by more than rows
            come and go during a read (`DRIFT`).
    """
    expected = await adapter.expected()
    pulled = Pulled(adapter.name, [], [], expected, 0)
    async for batch in batches(adapter, lambda read: progress(adapter.name, read, expected)):
        pulled.records.extend(batch.records)
        pulled.quarantined.extend(batch.quarantined)
    read = len(pulled.records) + len(pulled.quarantined)
    await missing_rows(adapter, read, expected)  # a sync reports the few that may be missing
    return pulled._replace(read=read)


async def batches(
    adapter: Adapter,
    on_row: Callable[[int], None],
    *,
    after: str | None = None,
    since: datetime | None = None,
    read: int = 0,
) -> AsyncIterator[Batch]:
    """
    Fetch and parse, page by page.

    `on_row` is called for every row with the number of rows so far; `read` is how many were read before.

    Raises:
        ProviderError: The provider failed.
    """
    async for page in adapter.fetch(after, since):
        for place, _ in enumerate(page.rows, read + 1):
            on_row(place)
        read += len(page.rows)
        yield sort(adapter, page, every=since is None)


def sort(adapter: Adapter, page: FetchedPage, *, every: bool) -> Batch:
    """
    Parse the rows of a page, and sort out those that are no records.

    In a full read (`every`) the provider has selected the rows itself. In any other, a row that the settings do not
    select is the end of its record.
    """
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


async def missing_rows(adapter: Adapter, read: int, announced: int | None, since: datetime | None = None) -> str | None:
    """
    Return a sentence on rows that were announced, did not come, and were not deleted meanwhile; None where none are.

    A read of another number asks for the count once more, and is complete where that agrees with it. After an
    incremental read (`since`), more rows than announced are no fault.

    Raises:
        ProviderChanged: The read differs from both counts, by more than rows come and go (`DRIFT`).
        ProviderError: The provider could not be asked for its count.
    """
    if announced is None or read == announced or (since and read > announced):
        return None
    again = await adapter.expected(since)
    counts = {announced, announced if again is None else again}
    least = min(counts)
    if not any(_agree(read, count) for count in counts) and not (since and read > least):
        raise ProviderChanged(
            adapter.name,
            f"announced {announced} rows and sent {read}; nothing was stored. Sync again; if it stays so, {HOLDS_BACK}",
        )
    if read >= least:
        return None
    return f"{adapter.name}: counts {least:,} rows and sent {read:,}, and nobody deleted the others; {HOLDS_BACK}"


def _agree(read: int, count: int) -> bool:
    return abs(read - count) <= max(DRIFT_ROWS, DRIFT * count)
