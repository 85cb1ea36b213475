"""What records resolve to: devices, which records are theirs, and where retired ids lead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from matching.model import Key
from service.store import rows
from service.store.rows import Row, Rows, among, portions
from service.store.tables import devices, memberships, retired_devices


@dataclass(frozen=True)
class Devices:
    """The rows of all devices and memberships."""

    devices: Rows
    memberships: Rows

    @property
    def home(self) -> dict[Key, str]:
        """Record -> id of its device."""
        return {Key(*key): row["device_id"] for key, row in self.memberships.items()}


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


def read(connection: Connection) -> Devices:
    """Return all devices."""
    return Devices(rows.read_all(connection, devices), rows.read_all(connection, memberships))


def write(connection: Connection, before: Devices, after: Devices, retired: Collection[Retired]) -> bool:
    """Turn what is stored into `after`, touching only rows that differ; return whether any did."""
    gone = before.devices.keys() - after.devices.keys()
    staying = {key: row for key, row in before.devices.items() if key not in gone}
    changed = rows.write_difference(connection, devices, staying, after.devices)
    changed |= rows.write_difference(connection, memberships, before.memberships, after.memberships)
    for each in retired:
        _retire(connection, each)
    rows.delete_rows(connection, devices, sorted(gone))
    return changed or bool(gone)


def _retire(connection: Connection, each: Retired) -> None:
    """Note where an id leads. Ids that led to it now lead on to its successor, for the same reason: no chain grows."""
    led_here = retired_devices.c.successor == each.id
    connection.execute(update(retired_devices).where(led_here).values(successor=each.successor, why=each.why))
    row = {"id": each.id, "successor": each.successor, "why": each.why, "retired_at": each.at}
    rows.insert_rows(connection, retired_devices, [row])


def by_ids(connection: Connection, device_ids: Sequence[str]) -> dict[str, Row]:
    """Return the rows of some devices by id; unknown ids are absent."""
    found = connection.execute(select(devices).where(devices.c.id.in_(device_ids))).mappings()
    return {row["id"]: dict(row) for row in found}


def retired(connection: Connection, device_id: str) -> Retired | None:
    """Return what became of a retired id."""
    row = connection.execute(select(retired_devices).where(retired_devices.c.id == device_id)).mappings().one_or_none()
    return Retired(row["id"], row["successor"], row["why"], row["retired_at"]) if row else None


def page(connection: Connection, filters: Filters, after: str, limit: int) -> list[Row]:
    """Return the next rows in order of id."""
    query = select(devices).where(devices.c.id > after).order_by(devices.c.id).limit(limit)
    if filters.company is not None:
        query = query.where(devices.c.company_key == filters.company.casefold())
    if filters.type is not None:
        query = query.where(devices.c.type_key == filters.type.casefold())
    if filters.provider is not None:
        theirs = (memberships.c.device_id == devices.c.id) & (memberships.c.provider == filters.provider)
        query = query.where(exists().where(theirs))
    if filters.text is not None:
        query = query.where(devices.c.search_text.contains(filters.text.casefold(), autoescape=True))
    return [dict(row) for row in connection.execute(query).mappings()]


def of_records(connection: Connection, keys: Collection[Key]) -> dict[Key, Row]:
    """Return the row of the device of each record; records that are not stored are absent."""
    found: dict[Key, Row] = {}
    for portion in portions(keys):
        query = (
            select(devices, memberships.c.provider, memberships.c.record_id)
            .join_from(memberships, devices)
            .where(among(memberships.c.provider, memberships.c.record_id, portion))
        )
        for row in connection.execute(query).mappings():
            found[Key(row["provider"], row["record_id"])] = dict(row)
    return found
