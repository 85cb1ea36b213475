"""The rows that could not be read or stored, as people and programs see them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.store import quarantine
from service.store.world import World

PAGE = 1000

BEGINNING = 120
"""Characters of a row that a table shows."""


class QuarantinedRow(BaseModel):
    """A row that could not be read or stored."""

    provider: str
    record_id: str = Field(description="Its id, or the file and line; empty where the row has none.")
    reason: str
    payload: Any = Field(description="What it holds, without secrets.")
    first_at: datetime = Field(description="When it first came like this.")

    @property
    def beginning(self) -> str:
        """What it holds, as far as a line can show it."""
        text = json.dumps(self.payload, ensure_ascii=False)
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}..."


def quarantined_rows(world: World, provider: str | None = None) -> Iterator[QuarantinedRow]:
    """Yield the rows in quarantine, of one provider or of all, as of one moment."""
    with world.store.reading() as connection:
        after = ""
        while rows := quarantine.page(connection, provider, after, PAGE):
            for row in rows:
                yield QuarantinedRow(
                    provider=row.provider,
                    record_id=row.record_id,
                    reason=row.reason,
                    payload=json.loads(row.payload),
                    first_at=row.first_at,
                )
            after = rows[-1].id
