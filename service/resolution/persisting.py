"""From a part of the fleet as it is stored to what it resolves to now: ids live on, the difference is written."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from matching.model import Key
from service.resolution.composing import Composed, Composition
from service.resolution.joining import with_evidence
from service.resolution.shard import Part
from service.resolution.succession import Former, Succession, succeed
from service.store import changes, devices, reviews
from service.store.canonical_json import canonical_json
from service.store.changes import Change
from service.store.devices import DeviceRow, Devices, Members, Membership
from service.store.postings import Difference, Writer, unpacked

NONE = canonical_json([])

Because = Mapping[str, Any]
"""What made something change, as the change feed tells it."""


class Occasion(NamedTuple):
    """When devices change, where new ids come from, and what made them change."""

    at: datetime
    new_id: Callable[[], str]
    because: Because | None = None


@dataclass(frozen=True)
class Settled:
    """What happened to devices, how many rows differed, by what they hold, and the memberships as they are now."""

    changes: Sequence[Change]
    rows: Counter[str]
    members: Members


def settle(connection: Connection, part: Part, now: Composition, occasion: Occasion, meeting: Writer) -> Settled:
    """Write what a part resolves to now, touching only rows that differ; `meeting` is given its joints."""
    since = {key: each.first_seen_at for key, each in part.stored.items()}
    succession = succeed(_formers(part.before), now.devices, since, occasion.at, occasion.new_id)
    after = _after(part, now, succession, occasion.at)
    mates = {key: device.keys for device in now.devices for key in device.keys}
    told = list(with_evidence(succession.changes, part.resolution, mates, now.joins))
    rows = Counter(
        devices=devices.write(connection, part.before, after, succession.retired),
        blocking_keys=meeting.write(_joints(part, now)),
        reviews=reviews.write(connection, part.reviewed, now.reviews),
    )
    changes.append(connection, told, occasion.at, occasion.because)
    return Settled(told, rows, after.memberships)


def _joints(part: Part, now: Composition) -> Iterator[Difference]:
    """The joints of records that have others than before."""
    for key, each in part.stored.items():
        member, wanted = part.before.memberships.get(key), now.joints[key]
        standing = member.blocking_keys if member else b""
        if standing != wanted:
            yield each.number, unpacked(standing), unpacked(wanted)


def _formers(before: Devices) -> list[Former]:
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    for key, device_id in before.home.items():
        keys[device_id].add(key)
    return [Former(row.id, row.created_at, frozenset(keys[row.id]), row.golden) for row in before.devices.values()]


def _after(part: Part, now: Composition, succession: Succession, at: datetime) -> Devices:
    """The rows of all devices and memberships as they are now."""
    named = list(zip(succession.ids, now.devices, strict=True))
    rows = {device_id: _device(device_id, device, part.before, succession, at) for device_id, device in named}
    members = {key: _member(key, device_id, part, now) for device_id, device in named for key in device.keys}
    return Devices(rows, members)


def _device(device_id: str, device: Composed, before: Devices, succession: Succession, at: datetime) -> DeviceRow:
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
    )


def _member(key: Key, device_id: str, part: Part, now: Composition) -> Membership:
    suppressed = part.resolution.suppressed(key)
    told = canonical_json([value._asdict() for value in suppressed]) if suppressed else NONE  # which it mostly is
    return Membership(key.provider, key.id, device_id, told, part.stored[key].number, now.joints[key])
