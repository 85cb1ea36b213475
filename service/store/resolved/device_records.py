"""The records of devices, each with its membership."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from matching.model import Key, Record
from matching.records import without_future_time
from service.store.database.bound_lists import one_of
from service.store.database.tables import devices, memberships, records
from service.store.resolved.device_filters import Filters, filtered
from service.store.resolved.devices import DeviceRow

OF_DEVICES = (
    select(
        *(records.c.provider, records.c.record_id),
        *(records.c.payload, records.c.seen_at, records.c.first_seen_at, records.c.changed_at, records.c.returned_at),
        *(memberships.c.device_id, memberships.c.suppressed),
    )
    .join_from(memberships, records)
    .order_by(records.c.provider, records.c.record_id)
)
"""What `RecordOfDevice` is made of."""

PORTION = 1000
"""Rows that are fetched at a time where all are read."""

_WHOLE = (
    select(*(devices.c[field] for field in DeviceRow._fields), *OF_DEVICES.selected_columns)
    .join_from(devices, memberships)
    .join(records)
    .order_by(devices.c.id, memberships.c.provider, memberships.c.record_id)
)
_DOUBLED = (
    select(memberships.c.device_id).group_by(memberships.c.provider, memberships.c.device_id).having(func.count() > 1)
)

_OF_DEVICES = OF_DEVICES.where(one_of(memberships.c.device_id, "ids"))


class RecordOfDevice(NamedTuple):
    """A stored record with its membership: its payload, and its values that are no evidence, in JSON."""

    provider: str
    record_id: str
    payload: str
    seen_at: datetime | None
    first_seen_at: datetime
    changed_at: datetime
    returned_at: datetime
    device_id: str
    suppressed: str

    @property
    def key(self) -> Key:
        """Return what names the record."""
        return Key(self.provider, self.record_id)

    @property
    def record(self) -> Record:
        """Read the record as it counts (`StoredRecord.record`)."""
        return without_future_time(json.loads(self.payload), self.changed_at)


def of_devices(connection: Connection, device_ids: Sequence[str]) -> list[RecordOfDevice]:
    """Return all records of some devices, each with its membership, in order of key."""
    return list(map(RecordOfDevice._make, connection.execute(_OF_DEVICES, {"ids": list(device_ids)})))


def stream(
    connection: Connection, filters: Filters, *, doubled: bool = False
) -> Iterator[tuple[DeviceRow, list[RecordOfDevice]]]:
    """
    Yield devices in order of id, each with its records in order of key, while the database reads on.

    `doubled`: only devices that a provider lists more than once.
    """
    query = filtered(_WHOLE, filters)
    if doubled:
        query = query.where(devices.c.id.in_(_DOUBLED))
    own = len(DeviceRow._fields)
    found = connection.execute(query, execution_options={"yield_per": PORTION})
    for _, rows in groupby(found, itemgetter(0)):
        first, *more = rows
        yield (
            DeviceRow._make(first[:own]),
            [RecordOfDevice._make(row[own:]) for row in (first, *more)],
        )
