"""From a part of the fleet as it is stored to what it resolves to now: ids live on, the difference is written."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from matching.batch import Resolution
from matching.model import Device, Key
from service.resolution.component import Part
from service.resolution.joins import with_evidence
from service.resolution.succession import Former, Succession, succeed
from service.store import changes, devices, findings, joints
from service.store.changes import Change
from service.store.devices import Devices
from service.store.joints import Difference
from service.store.rows import Row, keyed, to_json
from service.store.tables import memberships
from service.store.types import indexable, storable

Because = Mapping[str, Any]
"""What made something change, as the change feed tells it."""


@dataclass(frozen=True)
class Settled:
    """Devices as they were and as they are now, by id; what happened; how many rows differed, by what they hold."""

    before: Mapping[str, Former]
    after: Mapping[str, Device]
    changes: Sequence[Change]
    rows: Counter[str]


def settle(
    connection: Connection, part: Part, at: datetime, new_id: Callable[[], str], because: Because | None = None
) -> Settled:
    """Write what a part resolves to, touching only rows that differ."""
    formers = _formers(part.before)
    since = {key: each.first_seen_at for key, each in part.stored.items()}
    succession = succeed(formers, part.resolution.devices, since, at, new_id)
    after = _after(part.before, part.resolution, succession, at)
    told = list(with_evidence(succession.changes, part.resolution))
    rows = Counter(
        devices=devices.write(connection, part.before, after, succession.retired),
        joints=joints.write(connection, _joints(part)),
        reviews=findings.write_reviews(connection, part.keys, part.resolution.reviews),
    )
    changes.append(connection, told, at, because)
    named = dict(zip(succession.ids, part.resolution.devices, strict=True))
    return Settled({former.id: former for former in formers}, named, told, rows)


def _joints(part: Part) -> Iterator[Difference]:
    wanted = part.resolution.joints
    return ((each.number, each.joints, wanted[key]) for key, each in part.stored.items())


def _formers(before: Devices) -> list[Former]:
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    for key, device_id in before.home.items():
        keys[device_id].add(key)
    return [
        Former(row["id"], row["created_at"], frozenset(keys[row["id"]]), json.loads(row["golden"]))
        for row in before.devices.values()
    ]


def _after(before: Devices, resolution: Resolution, succession: Succession, at: datetime) -> Devices:
    """The rows of all devices and memberships as they are now."""
    named = list(zip(succession.ids, resolution.devices, strict=True))
    rows = {(device_id,): _device(device_id, device, before, succession, at) for device_id, device in named}
    members = (_member(key, device_id, resolution) for device_id, device in named for key in device.keys)
    return Devices(rows, keyed(memberships, members))


def _device(device_id: str, device: Device, before: Devices, succession: Succession, at: datetime) -> Row:
    values = device.golden.values
    former = before.devices.get((device_id,))
    shown = [str(values[field]) for field in ("name", "hostname", "serial") if field in values]
    return {
        "id": device_id,
        "golden": to_json(values),
        "provenance": to_json({field: source._asdict() for field, source in device.golden.provenance.items()}),
        "company_key": _folded(values.get("company")),
        "type_key": _folded(values.get("type")),
        "search_text": storable("\n".join(shown).casefold()),
        "created_at": former["created_at"] if former else at,
        "updated_at": at if former is None or succession.differences[device_id] else former["updated_at"],
    }


def _folded(value: object) -> str | None:
    return None if value is None else indexable(str(value).casefold())


def _member(key: Key, device_id: str, resolution: Resolution) -> Row:
    unusable = to_json([asdict(value) for value in resolution.unusable(key)])
    return {"provider": key.provider, "record_id": key.id, "device_id": device_id, "unusable": unusable}
