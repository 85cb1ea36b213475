"""What records resolve to: devices, which records are theirs, and where retired ids lead."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, or_, select, update

from matching.model import Key
from service.store import rows
from service.store.bound_lists import is_key, one_of
from service.store.records import STORED, Stored
from service.store.rows import PORTION, Row, Rows
from service.store.tables import decisions, devices, memberships, records, retired_devices, reviews
from service.store.types import indexable, storable

Members = Mapping[Key, Row]
"""Record -> the row of its membership."""


@dataclass(frozen=True)
class Devices:
    """The rows of some devices, and of the memberships of all their records."""

    devices: Rows
    memberships: Members

    @property
    def home(self) -> dict[Key, str]:
        """Record -> id of its device."""
        return {key: row["device_id"] for key, row in self.memberships.items()}


@dataclass(frozen=True)
class Retired:
    """An id that is no longer a device, the one that took its place if any, and why."""

    id: str
    successor: str | None
    why: str
    at: datetime


@dataclass(frozen=True)
class Filters:
    """What a list of devices is narrowed to; None: not by this."""

    company: str | None = None
    type: str | None = None
    provider: str | None = None
    text: str | None = None


class Mates(NamedTuple):
    """
    All that are in one device with some records: memberships, and what is stored of those that are there.

    `decided` are those about which people decided something that stands, `reviewed` those that a review begins with.
    """

    members: dict[Key, Row]
    stored: dict[Key, Stored]
    decided: set[Key]
    reviewed: set[Key]


def _mates(of_records: ColumnElement[bool]) -> Select[Any]:
    own = select(memberships.c.device_id).where(of_records)
    of = decisions.c
    decided = (
        exists().where(of.revoked_at.is_(None), provider == memberships.c.provider, own_id == memberships.c.record_id)
        for provider, own_id in ((of.left_provider, of.left_id), (of.right_provider, of.right_id))
    )
    reviewed = exists().where(
        reviews.c.provider == memberships.c.provider, reviews.c.record_id == memberships.c.record_id
    )
    said = select(memberships, or_(*decided).label("decided"), reviewed.label("reviewed"), *STORED)
    itself = (records.c.number == memberships.c.record) & (records.c.provider == memberships.c.provider)
    itself &= records.c.record_id == memberships.c.record_id  # a number may be used again
    return said.outerjoin_from(memberships, records, itself).where(memberships.c.device_id.in_(own))


_KEY = memberships.c.provider, memberships.c.record_id
_COLUMNS = [column.name for column in memberships.c]
_MEMBERS = select(memberships).where(is_key(*_KEY))
_MATES = _mates(is_key(*_KEY))
_BY_IDS = select(devices).where(one_of(devices.c.id, "ids"))
_OF_RECORDS = select(devices, *_KEY).join_from(memberships, devices).where(is_key(*_KEY))


def members(connection: Connection, keys: Iterable[Key]) -> dict[Key, Row]:
    """Return the memberships of records."""
    return {
        Key(row.provider, row.record_id): row._asdict() for row in connection.execute(_MEMBERS, {"keys": sorted(keys)})
    }


def mates(connection: Connection, keys: Iterable[Key]) -> Mates:
    """Return all that are in one device with any of these records, their own included."""
    found = Mates({}, {}, set(), set())
    for *member, decided, reviewed, number, payload, first_seen_at in connection.execute(
        _MATES, {"keys": sorted(keys)}
    ):
        row = dict(zip(_COLUMNS, member, strict=True))
        key = Key(row["provider"], row["record_id"])
        found.members[key] = row
        if number is not None:
            found.stored[key] = Stored(number, payload, first_seen_at)
        if decided:
            found.decided.add(key)
        if reviewed:
            found.reviewed.add(key)
    return found


def of(connection: Connection, members: Members) -> Devices:
    """Return the devices of some memberships."""
    wanted = sorted({row["device_id"] for row in members.values()})
    return Devices({(row.id,): row._asdict() for row in connection.execute(_BY_IDS, {"ids": wanted})}, members)


def homes(connection: Connection) -> Iterator[tuple[Key, str]]:
    """Yield every record that is in a device, with the device's id."""
    columns = memberships.c.provider, memberships.c.record_id, memberships.c.device_id
    for provider, record_id, device_id in connection.execute(
        select(*columns), execution_options={"yield_per": PORTION}
    ):
        yield Key(provider, record_id), device_id


def empty(connection: Connection) -> Rows:
    """Return the devices that have no record; there are none unless something went wrong."""
    belonging = exists().where(memberships.c.device_id == devices.c.id)
    query = select(devices).where(~belonging)
    return rows.keyed(devices, (dict(row) for row in connection.execute(query).mappings()))


def write(connection: Connection, before: Devices, after: Devices, retired: Collection[Retired]) -> int:
    """Turn the devices as they were into those `after`, touching only rows that differ; return how many did."""
    gone = before.devices.keys() - after.devices.keys()
    staying = {key: row for key, row in before.devices.items() if key not in gone}
    changed = rows.write_difference(connection, devices, staying, after.devices)
    changed += rows.write_difference(connection, memberships, before.memberships, after.memberships)
    for each in retired:
        _retire(connection, each)
    rows.delete_rows(connection, devices, sorted(gone))
    return changed + len(gone)


def _retire(connection: Connection, each: Retired) -> None:
    """Note where an id leads. Ids that led to it now lead on to its successor, for the same reason: no chain grows."""
    led_here = retired_devices.c.successor == each.id
    connection.execute(update(retired_devices).where(led_here).values(successor=each.successor, why=each.why))
    row = {"id": each.id, "successor": each.successor, "why": each.why, "retired_at": each.at}
    rows.insert_rows(connection, retired_devices, [row])


def by_ids(connection: Connection, device_ids: Sequence[str]) -> dict[str, Row]:
    """Return the rows of some devices by id; unknown ids are absent."""
    return {row.id: row._asdict() for row in connection.execute(_BY_IDS, {"ids": list(device_ids)})}


def retired(connection: Connection, device_id: str) -> Retired | None:
    """Return what became of a retired id."""
    row = connection.execute(select(retired_devices).where(retired_devices.c.id == device_id)).mappings().one_or_none()
    return Retired(row["id"], row["successor"], row["why"], row["retired_at"]) if row else None


def page(connection: Connection, filters: Filters, after: str, limit: int) -> list[Row]:
    """Return the next rows in order of id."""
    query = select(devices).where(devices.c.id > after).order_by(devices.c.id).limit(limit)
    if filters.company is not None:
        query = query.where(devices.c.company_key == indexable(filters.company.casefold()))
    if filters.type is not None:
        query = query.where(devices.c.type_key == indexable(filters.type.casefold()))
    if filters.provider is not None:
        theirs = (memberships.c.device_id == devices.c.id) & (memberships.c.provider == filters.provider)
        query = query.where(exists().where(theirs))
    if filters.text is not None:
        query = query.where(devices.c.search_text.contains(storable(filters.text.casefold()), autoescape=True))
    return [dict(row) for row in connection.execute(query).mappings()]


def of_records(connection: Connection, keys: Collection[Key]) -> dict[Key, Row]:
    """Return the row of the device of each record; records that are not stored are absent."""
    return {
        Key(row.provider, row.record_id): row._asdict()
        for row in connection.execute(_OF_RECORDS, {"keys": sorted(keys)})
    }
