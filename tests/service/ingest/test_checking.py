"""Ask a provider as a sync would, but for its first pages alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from matching.model import Record
from matching.policy import Policy
from service.core.errors import ProviderChanged, ProviderError
from service.ingest.checking import Examined, examine
from service.ingest.fields import make_record, text
from service.ingest.protocol import Adapter, FetchedPage


class Paged(Adapter):
    """Pages of rows; after them it breaks down, if it is told to."""

    name = "memory"

    def __init__(self, *pages: list[dict[str, Any]], announced: int | None = None, breaks: bool = False) -> None:
        self.pages, self.announced, self.breaks = pages, announced, breaks
        self.sent = 0
        self.is_closed = False

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:  # noqa: ARG002 - the protocol's
        """Yield the pages, and note when nobody wants the others."""
        try:
            for page in self.pages:
                self.sent += 1
                yield FetchedPage(page)
            if self.breaks:
                raise ProviderError(self.name, "broke down")
        finally:
            self.is_closed = True

    async def check(self) -> list[tuple[str, str]]:
        """Say one thing."""
        return [("version", "1")]

    async def expected(self, since: datetime | None = None) -> int | None:  # noqa: ARG002 - the protocol's
        """Say what it was told to say."""
        return self.announced

    def parse(self, raw: dict[str, Any]) -> Record:
        """Map an object with an id."""
        return make_record(self.name, text(raw, "id"), {"serial": text(raw, "serial"), "company": "Acme"})


def page(start: int, rows: int = 2) -> list[dict[str, Any]]:
    """Return rows with a serial each."""
    return [{"id": number, "serial": f"5CG{number:07}"} for number in range(start, start + rows)]


def examined(adapter: Adapter) -> Examined:
    """Examine a provider under the default policy."""
    return asyncio.run(examine(adapter, Policy()))


def test_the_first_pages_are_read_and_no_others() -> None:
    """Two of them, whose records are counted; the connection is closed then, and a count of all is no complaint."""
    adapter = Paged(page(1), page(3), page(5), announced=6, breaks=True)
    found = examined(adapter)

    assert (adapter.sent, adapter.is_closed) == (2, True)
    assert found.facts == [("version", "1"), ("rows read now", "4")]
    assert [(count.provider, count.records, count.serial, count.company) for count in found.evidence] == [
        ("memory", 4, 4, 4)
    ]
    assert found.warnings == []


def test_a_provider_that_breaks_down_behind_its_first_page_fails_the_check() -> None:
    """As the sync would."""
    with pytest.raises(ProviderError, match="broke down"):
        examined(Paged(page(1), breaks=True))


def test_a_list_that_ends_too_soon_is_told_or_refused_as_in_a_sync() -> None:
    """A few rows are a warning, many are an error."""
    [warning] = examined(Paged(page(1), announced=5)).warnings

    assert "counts 5 rows and sent 2" in warning
    with pytest.raises(ProviderChanged, match="announced 60 rows and sent 2"):
        examined(Paged(page(1), announced=60))


@pytest.mark.parametrize(
    ("pages", "warning", "read"),
    [
        ([], "no row came", "0"),
        ([[]], "no row came", "0"),
        ([[{"serial": "x"}]], "no record can be made", "1, of which 1 cannot be read"),
    ],
)
def test_a_provider_without_any_record_is_told(pages: list[list[dict[str, Any]]], warning: str, read: str) -> None:
    """Rows that do not come and rows that cannot be read are two faults."""
    found = examined(Paged(*pages))

    assert [warning in each for each in found.warnings] == [True]
    assert found.facts[-1] == ("rows read now", read)
    assert found.evidence == []
