"""What every adapter may rely on, and what reading a provider makes of its rows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from matching.model import Record
from service.core.errors import ProviderChanged, Unparsable
from service.ingest.fields import make_record, text
from service.ingest.protocol import Adapter, FetchedPage, batches, pull, require_all, sort


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


@pytest.mark.parametrize(
    ("read", "expected", "at_least", "is_refused"),
    [
        (0, None, False, False),
        (95, 100, False, False),
        (105, 100, False, False),
        (94, 100, False, True),
        (106, 100, False, True),
        (106, 100, True, False),
        (94, 100, True, True),
        (9900, 10_000, False, False),
        (9899, 10_000, False, True),
    ],
)
def test_a_read_has_to_bring_what_was_announced(
    read: int, expected: int | None, at_least: bool, is_refused: bool
) -> None:
    """Five rows or one in a hundred may come or go meanwhile."""
    if is_refused:
        with pytest.raises(ProviderChanged, match=f"announced {expected} rows and sent {read}; nothing was stored"):
            require_all("memory", read, expected, at_least=at_least)
    else:
        require_all("memory", read, expected, at_least=at_least)


def test_unparsable_names_the_record_where_it_has_an_id() -> None:
    """The quarantine shows both."""
    assert str(Unparsable("7", "no serial")) == "record 7: no serial"
    assert str(Unparsable("", "no id")) == "record (no id): no id"
