"""The stored records of a provider that its feed has not returned lately."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, select

from matching.model import Record
from service.store.database.tables import quarantine, records


class Unreturned(NamedTuple):
    """How many records were not returned, how many are stored at all, and the first of those, by id."""

    missing: int
    stored: int
    first: Sequence[Record]


def since(connection: Connection, provider: str, at: datetime, limit: int) -> Unreturned:
    """Return the records of a provider that its feed has not returned since a time; a row in quarantine came."""
    of_provider = records.c.provider == provider
    came = exists().where(quarantine.c.provider == provider, quarantine.c.record_id == records.c.record_id)
    missing = and_(of_provider, records.c.returned_at < at, ~came)
    first = select(records.c.payload).where(missing).order_by(records.c.record_id).limit(limit)
    count, stored = (
        int(connection.execute(select(func.count()).select_from(records).where(each)).scalar_one())
        for each in (missing, of_provider)
    )
    return Unreturned(count, stored, [json.loads(payload) for payload in connection.execute(first).scalars()])
