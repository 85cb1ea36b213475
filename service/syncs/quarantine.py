"""The rows that could not be read or stored, as people and programs see them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.core.paging import FIRST_PAGE, LARGEST_PAGE, Page, PageRequest
from service.ingest.registry import SETTINGS
from service.store.ingested import known_names, quarantine, syncs
from service.store.ingested.quarantine import QuarantineEntry
from service.store.world import World

QUARANTINE = "quarantine"
"""The list of them, in cursors."""

BEGINNING = 120
"""Characters of a row that a table shows."""


class QuarantinedRow(BaseModel):
    """A row that could not be read or stored."""

    id: str = Field(
        description="Of the row as it came: the same row again has the same.", examples=["9f86d081884c7d65"]
    )
    provider: str = Field(description="Whose row it is; `import` where a file does not say.", examples=["cw_rmm"])
    record_id: str = Field(description="Its id, or the file and line; empty where the row has none.", examples=["A-17"])
    reason: str = Field(description="Why it could not be.", examples=["no id"])
    payload: Any = Field(description="What it holds, without secrets.")
    first_at: datetime = Field(description="When it first came like this.")

    @property
    def beginning(self) -> str:
        """What it holds, as far as a line can show it."""
        text = json.dumps(self.payload, ensure_ascii=False)
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}..."


def quarantine_page(
    world: World, page: PageRequest = FIRST_PAGE, *, provider: str | None = None
) -> Page[QuarantinedRow]:
    """
    Return a page of the rows in quarantine, of one provider or of all, in order of id.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
        UnknownValue: The provider is not known.
    """
    [after] = page.after(QUARANTINE, str) or [""]
    with world.store.reading() as connection:
        rows = quarantine.page(connection, provider, after, page.limit + 1)
        if not rows:
            known_names.require_provider(connection, provider)
    found = [_view(row) for row in rows[: page.limit]]
    return page.page(QUARANTINE, found, lambda view: (view.id,), is_last=len(rows) <= page.limit)


def quarantined_rows(world: World, provider: str | None = None) -> Iterator[QuarantinedRow]:
    """
    Yield the rows in quarantine, of one provider or of all, as of one moment.

    Raises:
        UnknownValue: The provider is not known.
    """
    with world.store.reading() as connection:
        after = ""
        while rows := quarantine.page(connection, provider, after, LARGEST_PAGE):
            yield from map(_view, rows)
            after = rows[-1].id
        if not after and provider not in {syncs.IMPORT, *SETTINGS}:  # one of ours may not have been synced yet
            known_names.require_provider(connection, provider)


def _view(row: QuarantineEntry) -> QuarantinedRow:
    return QuarantinedRow(**{**row._asdict(), "payload": json.loads(row.payload)})
