"""The stored devices, which records are theirs, and where retired ids lead."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, or_, select, update

from matching.checksums import checksum
from matching.evidence.search import SearchTerm
from matching.model import Key
from service.store.database import rows
from service.store.database.bound_lists import is_key, one_of
from service.store.database.rows import PORTION
from service.store.database.tables import devices, memberships, records, retired_devices
from service.store.database.types import storable
from service.store.ingested.records import STORED, StoredRecord
from service.store.resolved.device_filters import Filters, filtered

LIST = "devices"
"""The list of them, which is in order of id, in cursors."""

MOST_LOOKED_AT = 100_000
"""Devices of which the names are read where a few devices with a part of a name are wanted at once."""


class DeviceRow(NamedTuple):
    """
    A device as it is stored: its golden values and their provenance in JSON, and what lists of devices ask for.

    `has_conflict`: its records differ on hardware. `last_seen_at` is None where no record says when it was seen.
    """

    id: str
    golden: str
    provenance: str
    company_key: str | None
    type_key: str | None
    search_text: str
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    last_seen_at: datetime | None = None
    has_conflict: bool = False


class Membership(NamedTuple):
    """
    That a record is in a device: `suppressed` are its values that are no evidence, in JSON.

    `record` is the record's number, `blocking_keys` are its checksums, packed.
    """

    provider: str
    record_id: str
    device_id: str
    suppressed: str
    record: int
    blocking_keys: bytes

    @property
    def key(self) -> Key:
        """Return what names the record."""
        return Key(self.provider, self.record_id)


Members = Mapping[Key, Membership]
"""Record -> its membership."""


@dataclass(frozen=True)
class Devices:
    """Some devices, by id, and the memberships of all their records."""

    devices: Mapping[str, DeviceRow]
    memberships: Members

    @property
    def home(self) -> dict[Key, str]:
        """Record -> id of its device."""
        return {key: member.device_id for key, member in self.memberships.items()}


@dataclass(frozen=True)
class Retired:
    """An id that is no longer a device, the one that took its place if any, and why."""

    id: str
    successor: str | None
    why: str
    at: datetime


class FellowMembers(NamedTuple):
    """All members of some devices: their memberships, and what is stored of those records that are there."""

    members: dict[Key, Membership]
    stored: dict[Key, StoredRecord]


_KEY = memberships.c.provider, memberships.c.record_id
_MEMBERSHIP = rows.columns(memberships, Membership)
_DEVICES = select(*rows.columns(devices, DeviceRow))


def _fellow_members(of_records: ColumnElement[bool]) -> Select[Any]:
    own = select(memberships.c.device_id).where(of_records)
    itself = (records.c.number == memberships.c.record) & (records.c.provider == memberships.c.provider)
    itself &= records.c.record_id == memberships.c.record_id  # a number may be used again
    found = select(*_MEMBERSHIP, *STORED).outerjoin_from(memberships, records, itself)
    return found.where(memberships.c.device_id.in_(own))


_MEMBERS = select(*_MEMBERSHIP).where(is_key(*_KEY))
_FELLOW_MEMBERS = _fellow_members(is_key(*_KEY))
_BY_IDS = _DEVICES.where(one_of(devices.c.id, "ids"))
_OF_RECORDS = _DEVICES.add_columns(*_KEY).join_from(memberships, devices).where(is_key(*_KEY))


def members(connection: Connection, keys: Iterable[Key]) -> dict[Key, Membership]:
    """Return the memberships of records."""
    found = map(Membership._make, connection.execute(_MEMBERS, {"keys": sorted(keys)}))
    return {member.key: member for member in found}


def fellow_members(connection: Connection, keys: Iterable[Key]) -> FellowMembers:
    """Return all members of the devices in which these records are, the records themselves included."""
    found = FellowMembers({}, {})
    for row in connection.execute(_FELLOW_MEMBERS, {"keys": sorted(keys)}):
        member = Membership._make(row[: len(_MEMBERSHIP)])
        found.members[member.key] = member
        if row.number is not None:
            found.stored[member.key] = StoredRecord(row.number, row.payload, row.first_seen_at, row.changed_at)
    return found


def of(connection: Connection, members: Members) -> Devices:
    """Return the devices of some memberships."""
    return Devices(by_ids(connection, sorted({member.device_id for member in members.values()})), members)


def homes(connection: Connection) -> Iterator[tuple[Key, str]]:
    """Yield every record that is in a device, with the device's id."""
    columns = memberships.c.provider, memberships.c.record_id, memberships.c.device_id
    for provider, record_id, device_id in connection.execute(
        select(*columns), execution_options={"yield_per": PORTION}
    ):
        yield Key(provider, record_id), device_id


def empty(connection: Connection) -> dict[str, DeviceRow]:
    """Return the devices that have no record, by id; there are none unless something went wrong."""
    belonging = exists().where(memberships.c.device_id == devices.c.id)
    return {row.id: DeviceRow._make(row) for row in connection.execute(_DEVICES.where(~belonging))}


def write(connection: Connection, before: Devices, after: Devices, retired: Collection[Retired]) -> int:
    """Turn the devices as they were into those `after`, touching only rows that differ; return how many did."""
    gone = before.devices.keys() - after.devices.keys()
    staying = [row for device_id, row in before.devices.items() if device_id not in gone]
    changed = rows.write_difference(connection, devices, staying, after.devices.values())
    changed += write_members(connection, before.memberships, after.memberships)
    for each in retired:
        _retire(connection, each)
    rows.delete_rows(connection, devices, [(device_id,) for device_id in sorted(gone)])
    return changed + len(gone)


def write_members(connection: Connection, before: Members, after: Members) -> int:
    """Turn memberships into those `after`, touching only rows that differ; return how many did."""
    return rows.write_difference(connection, memberships, before.values(), after.values())


def _retire(connection: Connection, each: Retired) -> None:
    """Note where an id leads. Ids that led to it now lead on to its successor, for the same reason: no chain grows."""
    led_here = retired_devices.c.successor == each.id
    connection.execute(update(retired_devices).where(led_here).values(successor=each.successor, why=each.why))
    row = {"id": each.id, "successor": each.successor, "why": each.why, "retired_at": each.at}
    connection.execute(insert(retired_devices), row)


def by_ids(connection: Connection, device_ids: Sequence[str]) -> dict[str, DeviceRow]:
    """Return some devices by id; unknown ids are absent."""
    return {row.id: DeviceRow._make(row) for row in connection.execute(_BY_IDS, {"ids": list(device_ids)})}


def retired(connection: Connection, device_id: str) -> Retired | None:
    """Return what became of a retired id."""
    row = connection.execute(select(retired_devices).where(retired_devices.c.id == device_id)).one_or_none()
    return Retired(row.id, row.successor, row.why, row.retired_at) if row else None


def page(connection: Connection, filters: Filters, after: str, limit: int) -> list[DeviceRow]:
    """Return the next devices in order of id."""
    query = filtered(_DEVICES, filters).where(devices.c.id > after).order_by(devices.c.id).limit(limit)
    return list(map(DeviceRow._make, connection.execute(query)))


def named_like(connection: Connection, text: str, limit: int) -> list[str]:
    """
    Return the ids of some devices with a text in their name, hostname, serial or company, in no order.

    At most `MOST_LOOKED_AT` devices are looked at: no index knows the parts of names.
    """
    if "\0" in text:
        return []  # no value that is stored holds one
    looked_at = select(devices.c.id, devices.c.search_text, devices.c.company_key).limit(MOST_LOOKED_AT).subquery()
    part = storable(text.casefold())
    is_like = or_(
        *(column.contains(part, autoescape=True) for column in (looked_at.c.search_text, looked_at.c.company_key))
    )
    return list(connection.execute(select(looked_at.c.id).where(is_like).limit(limit)).scalars())


def ids(
    connection: Connection, filters: Filters, held: Sequence[SearchTerm] | None, after: str, limit: int
) -> list[str]:
    """Return the ids of the next devices in order; `held`: only of those with a record that may hold such a term."""
    query = filtered(select(devices.c.id), filters, held).where(devices.c.id > after).order_by(devices.c.id)
    return list(connection.execute(query.limit(limit), _bound(held)).scalars())


def count(connection: Connection, filters: Filters, held: Sequence[SearchTerm] | None, most: int) -> int:
    """Return how many devices there are; no more than `most` are counted."""
    query = filtered(select(devices.c.id), filters, held).order_by(devices.c.id).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(query), _bound(held)).scalar_one())


def _bound(held: Sequence[SearchTerm] | None) -> dict[str, list[int]]:
    return {} if held is None else {"terms": list(map(checksum, held))}


def of_records(connection: Connection, keys: Collection[Key]) -> dict[Key, DeviceRow]:
    """Return the device of each record; records that are not stored are absent."""
    found = connection.execute(_OF_RECORDS, {"keys": sorted(keys)})
    return {Key(row.provider, row.record_id): DeviceRow._make(row[:-2]) for row in found}
