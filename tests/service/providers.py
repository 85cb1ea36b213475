"""Providers in memory, for what a sync does with what it is given."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from matching.model import Record
from service.core.errors import ProviderUnavailable, Unparsable
from service.ingest.protocol import AgreementReader, FetchedPage, Quarantined, Raw


class Listed:
    """
    A provider that lists some records, a page at a time, and cannot be asked for anything else.

    What is set aside comes as a row that cannot be parsed. It may break down after some pages.
    """

    live = False
    heard_at: datetime | None = None
    agreements: AgreementReader | None = None

    def __init__(
        self,
        name: str,
        records: Iterable[Record] = (),
        quarantined: Iterable[Quarantined] = (),
        *,
        size: int = 10,
        breaks_after: int | None = None,
        announces: int | None = None,
    ) -> None:
        self.name = name
        self.rows: list[Raw] = [{"record": each} for each in records]
        self.rows += [{**each.payload, "unreadable": (each.record_id, each.reason)} for each in quarantined]
        self.size = size
        self.breaks_after = breaks_after
        self.announces = announces

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:  # noqa: ARG002 - the protocol's
        """Yield the rows until it breaks down."""
        for page, start in enumerate(range(0, len(self.rows), self.size)):
            if page == self.breaks_after:
                raise ProviderUnavailable(self.name, "answered 503 five times; try later")
            yield FetchedPage(self.rows[start : start + self.size])

    def parse(self, raw: Raw) -> Record:
        """Return the row's record."""
        if "record" in raw:
            return cast("Record", raw["record"])
        record_id, reason = cast("Sequence[Any]", raw.pop("unreadable"))
        raise Unparsable(record_id, reason)

    def unselected(self, raw: Raw) -> str | None:  # noqa: ARG002 - the protocol's
        """Everything is wanted."""
        return None

    def goes_on_from(self, cursor: str) -> bool:  # noqa: ARG002 - the protocol's
        """It begins anew."""
        return False

    async def expected(self, since: datetime | None = None) -> int | None:  # noqa: ARG002 - the protocol's
        """It says how many only where a test wants it to."""
        return self.announces

    async def one(self, record_id: str) -> Raw | None:  # noqa: ARG002 - the protocol's
        """It has nothing else."""
        return None

    async def check(self) -> list[tuple[str, str]]:
        """Nothing to check."""
        return []
