"""Update a stored shard to what it resolves to now: device ids are kept, and only the difference is written."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from matching.model import Key
from service.resolution import customer_changes
from service.resolution.composing import ComposedDevice, Composition
from service.resolution.joining import with_evidence
from service.resolution.parting import with_reasons
from service.resolution.shard import Shard
from service.resolution.succession import Former, Succession, succeed
from service.store.database.canonical_json import canonical_json
from service.store.database.postings import Difference, Writer, unpacked
from service.store.resolved import changes, devices
from service.store.resolved.changes import Change
from service.store.resolved.devices import DeviceRow, Devices, Members, Membership
from service.store.stewardship import reviews
from service.store.world import ChangeContext

NO_VALUES = canonical_json([])


@dataclass(frozen=True)
class Persisted:
    """What happened to devices, how many rows differed in each table, and the memberships as they are now."""

    changes: Sequence[Change]
    rows: Counter[str]
    members: Members


def persist(
    connection: Connection, shard: Shard, now: Composition, context: ChangeContext, key_writer: Writer
) -> Persisted:
    """
    Write what a shard resolves to now, touching only rows that differ.

    Args:
        key_writer: Writes blocking keys; it holds new ones back until it is flushed.
    """
    since = {key: each.first_seen_at for key, each in shard.stored.items()}
    succession = succeed(_formers(shard.before), now.devices, since, context.at, context.new_id)
    after = _after(shard, now, succession, context.at)
    members = {key: device.keys for device in now.devices for key in device.keys}
    joined = with_evidence(succession.changes, shard.resolution, members, now.joins)
    happened = list(with_reasons(connection, joined, shard.resolution, shard.before.home))
    rows = Counter(
        devices=devices.write(connection, shard.before, after, succession.retired),
        blocking_keys=key_writer.write(_changed_keys(shard, now)),
        reviews=reviews.write(connection, shard.keys, now.reviews),
    )
    companies = _companies(shard.before, after)
    changes.append(connection, happened, context.at, context.cause, context.actor, companies=companies)
    customer_changes.tell(connection, shard, dict(zip(succession.ids, now.devices, strict=True)), now.joins, context)
    return Persisted(happened, rows, after.memberships)


def _changed_keys(shard: Shard, now: Composition) -> Iterator[Difference]:
    """The records whose blocking keys differ from the stored ones."""
    for key, each in shard.stored.items():
        member, wanted = shard.before.memberships.get(key), now.blocking_keys[key]
        stored = member.blocking_keys if member else b""
        if stored != wanted:
            yield each.number, unpacked(stored), unpacked(wanted)


def _companies(before: Devices, after: Devices) -> dict[str, set[str]]:
    """Device id -> the companies that it is of, before or now."""
    found: dict[str, set[str]] = {}
    for row in (*before.devices.values(), *after.devices.values()):
        if row.company_key is not None:
            found.setdefault(row.id, set()).add(row.company_key)
    return found


def _formers(before: Devices) -> list[Former]:
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    for key, device_id in before.home.items():
        keys[device_id].add(key)
    return [Former(row.id, row.created_at, frozenset(keys[row.id]), row.golden) for row in before.devices.values()]


def _after(shard: Shard, now: Composition, succession: Succession, at: datetime) -> Devices:
    """The rows of all devices and memberships as they are now."""
    named = list(zip(succession.ids, now.devices, strict=True))
    rows = {device_id: _device(device_id, device, shard.before, succession, at) for device_id, device in named}
    members = {key: _member(key, device_id, shard, now) for device_id, device in named for key in device.keys}
    return Devices(rows, members)


def _device(device_id: str, device: ComposedDevice, before: Devices, succession: Succession, at: datetime) -> DeviceRow:
    former = before.devices.get(device_id)
    return DeviceRow(
        id=device_id,
        golden=device.golden,
        provenance=device.provenance,
        company_key=device.company_key,
        type_key=device.type_key,
        search_text=device.search_text,
        created_at=former.created_at if former else at,
        updated_at=at if former is None or succession.differences[device_id] else former.updated_at,
        is_active=device.is_active,
        last_seen_at=device.last_seen_at,
        has_conflict=device.has_conflict,
    )


def _member(key: Key, device_id: str, shard: Shard, now: Composition) -> Membership:
    suppressed = shard.resolution.suppressed(key)
    values = canonical_json([value._asdict() for value in suppressed]) if suppressed else NO_VALUES
    return Membership(key.provider, key.id, device_id, values, shard.stored[key].number, now.blocking_keys[key])
