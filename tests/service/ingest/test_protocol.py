"""What every adapter may rely on, and what reading a provider makes of its rows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from matching.model import Record
from service.core.errors import ProviderChanged, Unparsable
from service.ingest.fields import make_record, text
from service.ingest.protocol import Adapter, FetchedPage, batches, missing_rows, pull, sort


class InMemory(Adapter):
    """The least that an adapter can be, over rows in memory, two a page."""

    name = "memory"

    def __init__(self, *rows: Any) -> None:
        self.rows = rows

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:  # noqa: ARG002 - the protocol's
        """Yield the rows."""
        for start in range(0, len(self.rows), 2):
            yield FetchedPage(self.rows[start : start + 2])

    def parse(self, raw: Any) -> Record:
        """Map an object with an id."""
        return make_record(self.name, text(raw, "id"), {"serial": text(raw, "serial")})


class Choosy(InMemory):
    """One whose settings select."""

    def unselected(self, raw: Any) -> str | None:
        """Select what has a serial."""
        return None if "serial" in raw else "has no serial now"


def test_an_adapter_needs_a_name_fetch_and_parse_alone() -> None:
    """Everything else has the default of a provider that is read as a whole each time."""
    adapter = InMemory({"id": 1}, {"id": 2}, {"id": 3})

    assert (adapter.live, adapter.heard_at, adapter.unselected({}), adapter.goes_on_from("2")) == (
        *(False, None, None, False),
    )
    assert asyncio.run(adapter.expected()) is None
    assert asyncio.run(adapter.one("1")) is None
    assert asyncio.run(adapter.check()) == [("rows", "3")]
    assert len(asyncio.run(pull(adapter, lambda *_: None)).records) == 3


def test_an_adapter_without_parse_cannot_be_made() -> None:
    """What has no default is missed when the adapter is made, not in the middle of a sync."""

    class Half(Adapter):
        name = "half"

        async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:  # noqa: ARG002 - the protocol's
            yield FetchedPage([])

    with pytest.raises(TypeError, match="parse"):
        Half()  # type: ignore[abstract]


def test_progress_is_seen_row_by_row_from_where_it_was() -> None:
    """A read that goes on behind a cursor counts on from the rows before."""
    seen: list[int] = []

    async def read() -> list[int]:
        return [batch.rows async for batch in batches(InMemory({"id": 1}, {}, {"id": 3}), seen.append, read=10)]

    assert asyncio.run(read()) == [2, 1]
    assert seen == [11, 12, 13]


def test_a_row_that_is_no_record_is_quarantined_without_its_secrets() -> None:
    """Nothing is lost, and nothing that its own name calls secret is kept."""
    batch = sort(InMemory(), FetchedPage([{"id": 1}, {"serial": "S", "apiKey": "hush"}], "7"), every=True)

    assert [record["id"] for record in batch.records] == ["1"]
    [row] = batch.quarantined
    assert (row.provider, row.record_id, row.payload) == ("memory", "", {"serial": "S", "apiKey": "[hidden]"})
    assert "id" in row.reason
    assert (batch.rows, batch.cursor) == (2, "7")


@pytest.mark.parametrize(("every", "gone"), [(True, {}), (False, {"1": "has no serial now"})])
def test_a_row_that_is_no_longer_selected_is_gone_in_an_incremental_read(every: bool, gone: dict[str, str]) -> None:
    """A full read brings selected rows alone, so there nothing is judged."""
    batch = sort(Choosy(), FetchedPage([{"id": 1}, {"id": 2, "serial": "S"}]), every=every)

    assert batch.gone == gone
    assert [record["id"] for record in batch.records] == (["1", "2"] if every else ["2"])


class Counting(InMemory):
    """One that counts its rows; `again` is what it says at the end of a read."""

    def __init__(self, again: int | None) -> None:
        super().__init__()
        self.again = again
        self.asked: list[datetime | None] = []

    async def expected(self, since: datetime | None = None) -> int | None:
        """Say it, and note that it was asked."""
        self.asked.append(since)
        return self.again


SINCE = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "announced", "again", "since", "is_asked"),
    [
        (0, None, 9, None, False),
        (100, 100, 9, None, False),
        (106, 100, 100, SINCE, False),
        (105, 100, 100, None, True),
        (50, 100, 50, None, True),
        (9900, 10_000, 9900, None, True),
        (150, 100, 150, None, True),
        (60, 100, 50, SINCE, True),
        (97, 95, 99, None, True),
    ],
)
def test_a_read_is_complete_where_it_agrees_with_a_count(
    read: int, announced: int | None, again: int, since: datetime | None, is_asked: bool
) -> None:
    """With the one before it, or the one after it: rows come and go meanwhile, five or one in a hundred of them."""
    adapter = Counting(again)

    assert asyncio.run(missing_rows(adapter, read, announced, since)) is None
    assert adapter.asked == ([since] if is_asked else [])


@pytest.mark.parametrize(
    ("read", "announced", "again", "since"),
    [
        (94, 100, 100, None),
        (106, 100, 100, None),
        (94, 100, None, None),
        (94, 100, 100, SINCE),
        (9899, 10_000, 10_000, None),
        (25, 60, 60, None),
        (50, 100, 80, None),
    ],
)
def test_a_read_that_agrees_with_no_count_is_refused(
    read: int, announced: int, again: int | None, since: datetime | None
) -> None:
    """Rows are missing, or there are too many; the sentence says what may hold rows back."""
    with pytest.raises(
        ProviderChanged, match=f"announced {announced} rows and sent {read}; nothing was stored.*gateway"
    ):
        asyncio.run(missing_rows(Counting(again), read, announced, since))


@pytest.mark.parametrize(
    ("read", "announced", "again", "least"),
    [(25, 30, 30, 30), (95, 100, 100, 100), (95, 100, 98, 98), (95, 96, 100, 96), (95, 100, None, 100)],
)
def test_a_few_rows_that_nobody_saw_deleted_are_told(read: int, announced: int, again: int | None, least: int) -> None:
    """What came is good, so it is not refused; that some did not come is said, not hidden in a tolerance."""
    missing = asyncio.run(missing_rows(Counting(again), read, announced))

    assert missing is not None
    assert missing.startswith(f"memory: counts {least} rows and sent {read}, and nobody deleted the others; look at")


def test_unparsable_names_the_record_where_it_has_an_id() -> None:
    """The quarantine shows both."""
    assert str(Unparsable("7", "no serial")) == "record 7: no serial"
    assert str(Unparsable("", "no id")) == "record (no id): no id"
