"""The records of devices, each with its membership."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, select

from matching.model import Key, Record
from matching.records import without_future_time
from service.store.database.bound_lists import one_of
from service.store.database.tables import changes, devices, memberships, records
from service.store.resolved.changes import ChangeKind
from service.store.resolved.device_filters import Filters, filtered

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
"""Devices that are read at a time where all are read: enough to be quick, and few enough to come at once."""

_OF_DEVICES = OF_DEVICES.where(one_of(memberships.c.device_id, "ids"))


class DeviceFace(NamedTuple):
    """What is shown of a device in a table: its golden values in JSON, and what lists are filtered by."""

    id: str
    golden: str
    created_at: datetime
    is_active: bool
    last_seen_at: datetime | None
    has_conflict: bool


_FACES = select(*(devices.c[field] for field in DeviceFace._fields)).order_by(devices.c.id)
_DOUBLED_BY_PROVIDER = (
    select(memberships.c.device_id).group_by(memberships.c.provider, memberships.c.device_id).having(func.count() > 1)
)
_DOUBLED = select(_DOUBLED_BY_PROVIDER.subquery().c.device_id).distinct().order_by("device_id")

_KEYS = (
    select(memberships.c.device_id, memberships.c.provider, memberships.c.record_id)
    .where(one_of(memberships.c.device_id, "ids"))
    .order_by(memberships.c.provider, memberships.c.record_id)
)


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


def keys(connection: Connection, device_ids: Sequence[str]) -> dict[str, list[Key]]:
    """Return device id -> its records, in order of key."""
    found: dict[str, list[Key]] = {device_id: [] for device_id in device_ids}
    for device_id, provider, record_id in connection.execute(_KEYS, {"ids": list(device_ids)}):
        found[device_id].append(Key(provider, record_id))
    return found


def of_devices(connection: Connection, device_ids: Sequence[str]) -> list[RecordOfDevice]:
    """Return all records of some devices, each with its membership, in order of key."""
    return list(map(RecordOfDevice._make, connection.execute(_OF_DEVICES, {"ids": list(device_ids)})))


class MadeSince(NamedTuple):
    """Devices that were made at a time or later; with a position, by a change of the feed after it instead."""

    at: datetime
    position: int | None = None


def stream(
    connection: Connection, filters: Filters, *, doubled: bool = False, made: MadeSince | None = None
) -> Iterator[tuple[DeviceFace, list[RecordOfDevice]]]:
    """
    Yield devices in order of id, each with its records in order of key, a portion at a time.

    Args:
        doubled: Only devices that a provider lists more than once.
        made: Only devices that were made lately; it does not go with `doubled`.
    """
    for faces in _faces_of_doubled(connection, filters) if doubled else _all_faces(connection, filters, made):
        own: defaultdict[str, list[RecordOfDevice]] = defaultdict(list)
        for row in of_devices(connection, [face.id for face in faces]):
            own[row.device_id].append(row)
        yield from ((face, own[face.id]) for face in faces)


def _all_faces(connection: Connection, filters: Filters, made: MadeSince | None) -> Iterator[list[DeviceFace]]:
    query = filtered(_FACES, filters).where(devices.c.id > bindparam("after")).limit(bindparam("most"))
    if made:
        query = query.where(_made(made))
    after = ""
    while faces := [DeviceFace._make(row) for row in connection.execute(query, {"after": after, "most": PORTION})]:
        yield faces
        after = faces[-1].id


def _faces_of_doubled(connection: Connection, filters: Filters) -> Iterator[list[DeviceFace]]:
    """Which devices these are is asked once: it takes a pass over all memberships."""
    query = filtered(_FACES, filters).where(one_of(devices.c.id, "ids"))
    doubled = list(connection.execute(_DOUBLED).scalars())
    for start in range(0, len(doubled), PORTION):
        found = connection.execute(query, {"ids": doubled[start : start + PORTION]})
        if faces := [DeviceFace._make(row) for row in found]:
            yield faces


def _made(since: MadeSince) -> ColumnElement[bool]:
    if since.position is None:
        return devices.c.created_at >= since.at
    created = changes.c.what == str(ChangeKind.CREATED), changes.c.seq > since.position
    return exists().where(changes.c.device_id == devices.c.id, *created)
