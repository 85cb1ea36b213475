"""
The one way in which what is stored changes: records come and go, and the devices follow, in one transaction.

Everything is resolved anew from the stored records; what is written is the difference.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from matching.batch import Resolution, resolve_records
from matching.model import Device, Key, key_of
from matching.policy import Policy
from service.joins import with_evidence
from service.store import changes, decisions, devices, findings, identifiers, records, state
from service.store.devices import Devices
from service.store.records import Entry, Upserted
from service.store.rows import Row, keyed, to_json
from service.store.tables import memberships
from service.succession import Former, Succession, succeed


@dataclass(frozen=True)
class Applied:
    """What became of the records that arrived, what all records resolve to now, and the device of each."""

    upserted: Upserted
    resolution: Resolution
    home: Mapping[Key, str]


def apply(  # noqa: PLR0913 - records in, records out, and all that a resolution depends on
    connection: Connection,
    entries: Collection[Entry],
    policy: Policy,
    at: datetime,
    new_id: Callable[[], str],
    *,
    gone: Collection[Key] = (),
    decided: Collection[Key] = (),
    because: Mapping[str, Any] | None = None,
) -> Applied:
    """
    Store records, one an entry and no key twice; remove others; bring all that follows from them up to date.

    `decided` are records about which the stored decisions say something else than before. `because` goes into every
    change that follows (`store.changes.append`).

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    upserted = records.upsert(connection, entries, at)
    touched = upserted.new | upserted.changed
    identifiers.index(connection, [each.record for each in entries if key_of(each.record) in touched])
    records.remove(connection, gone)
    stored = records.read_all(connection)
    resolution = resolve_records([each.record for each in stored.values()], policy, decisions.standing(connection))
    before = devices.read(connection)
    since = {key: each.first_seen_at for key, each in stored.items()}
    succession = succeed(_formers(before), resolution.devices, since, at, new_id)
    after = _after(before, resolution, succession, at)
    moved = devices.write(connection, before, after, succession.retired)
    moved |= findings.write(connection, resolution)
    changes.append(connection, with_evidence(succession.changes, resolution), at, because)
    if touched or gone or decided or moved:
        state.advance(connection)
    return Applied(upserted, resolution, after.home)


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
        "provenance": to_json({field: asdict(source) for field, source in device.golden.provenance.items()}),
        "company_key": _folded(values.get("company")),
        "type_key": _folded(values.get("type")),
        "search_text": "\n".join(shown).casefold(),
        "created_at": former["created_at"] if former else at,
        "updated_at": at if former is None or succession.differences[device_id] else former["updated_at"],
    }


def _folded(value: object) -> str | None:
    return None if value is None else str(value).casefold()


def _member(key: Key, device_id: str, resolution: Resolution) -> Row:
    unusable = to_json([asdict(value) for value in resolution.unusable(key)])
    return {"provider": key.provider, "record_id": key.id, "device_id": device_id, "unusable": unusable}
