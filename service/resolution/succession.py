"""
Compare the former devices with the present ones: which ids are kept, and what happened.

Pure: the ids that people hold must not depend on chance, and neither must the change feed.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matching.model import Key
from service.resolution.composing import ComposedDevice
from service.store.resolved.changes import Change, ChangeKind
from service.store.resolved.devices import Retired

VOLATILE = frozenset({"last_seen"})
"""Golden fields that move with every sync: they are stored, and alone they are no change of a device."""

DeviceDifference = Mapping[str, Any]
"""What is new about a device: `fields` with the value before and after, records `added` and `removed`."""


@dataclass(frozen=True, slots=True)
class Former:
    """A device as it was: its id, when the id was allocated, its records, its golden values in JSON."""

    id: str
    born: datetime
    keys: frozenset[Key]
    golden: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """
    What becomes of the former ids; a new device is named by its position.

    `kept` are the ids that live on. `heirs` are all others, with the new device that has most of
    their records, or None when no record is left.
    """

    kept: Mapping[int, str]
    heirs: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Succession:
    """The ids of the new devices, in their order; what is new about each that lives on; and all that happened."""

    ids: Sequence[str]
    differences: Mapping[str, DeviceDifference]
    retired: Sequence[Retired]
    changes: Sequence[Change]


def pair(formers: Iterable[Former], parts: Sequence[Sequence[Key]], since: Mapping[Key, datetime]) -> Pairing:
    """
    Let every former device, the oldest first, live on in the largest of its parts that is still free.

    So a merge keeps the older id, and a split keeps the id with the larger part, then with the part that has
    the older record (`since`), then with the smallest key.
    """
    position = {key: place for place, keys in enumerate(parts) for key in keys}
    kept: dict[int, str] = {}
    heirs: dict[str, int | None] = {}
    for former in sorted(formers, key=lambda former: (former.born, former.id)):
        choices = _choices(former, position, since)
        free = next((place for place in choices if place not in kept), None)
        if free is None:
            heirs[former.id] = choices[0] if choices else None
        else:
            kept[free] = former.id
    return Pairing(kept, heirs)


def succeed(
    formers: Sequence[Former],
    devices: Sequence[ComposedDevice],
    since: Mapping[Key, datetime],
    at: datetime,
    new_id: Callable[[], str],
) -> Succession:
    """Give every device its id, and say what happened; `since` is when each record first came."""
    return followed(pair(formers, [device.keys for device in devices], since), formers, devices, at, new_id)


def succeed_as(
    ids: Sequence[str],
    formers: Sequence[Former],
    devices: Sequence[ComposedDevice],
    since: Mapping[Key, datetime],
    at: datetime,
) -> Succession:
    """Say what happened where the id of every device is given, in the order of the devices."""
    place_of = {device_id: place for place, device_id in enumerate(ids)}
    position = {key: place for place, device in enumerate(devices) for key in device.keys}
    kept = {place_of[former.id]: former.id for former in formers if former.id in place_of}
    heirs = {
        former.id: next(iter(_choices(former, position, since)), None)
        for former in formers
        if former.id not in place_of
    }
    others = (device_id for place, device_id in enumerate(ids) if place not in kept)
    return followed(Pairing(kept, heirs), formers, devices, at, others.__next__)


def followed(
    pairing: Pairing,
    formers: Sequence[Former],
    devices: Sequence[ComposedDevice],
    at: datetime,
    new_id: Callable[[], str],
) -> Succession:
    """Say what happened, where it is known what became of the former ids."""
    by_id = {former.id: former for former in formers}
    ids = [pairing.kept.get(place) or new_id() for place in range(len(devices))]
    differences = {former: _difference(by_id[former], devices[place]) for place, former in pairing.kept.items()}
    retired = [_retired(former, None if heir is None else ids[heir], at) for former, heir in pairing.heirs.items()]
    home = {key: former.id for former in formers for key in former.keys}
    arrivals = (_arrival(ids[place], devices[place], home) for place in range(len(ids)) if place not in pairing.kept)
    return Succession(ids, differences, retired, [*arrivals, *_alterations(differences, retired), *_ends(retired)])


def _choices(former: Former, position: Mapping[Key, int], since: Mapping[Key, datetime]) -> list[int]:
    """The new devices that hold records of a former one, in the order in which it would live on in them."""
    shares: defaultdict[int, list[Key]] = defaultdict(list)
    for key in former.keys & position.keys():
        shares[position[key]].append(key)
    if len(shares) == 1:  # as mostly
        return list(shares)
    return sorted(shares, key=lambda place: (-len(shares[place]), min((since[key], key) for key in shares[place])))


def _difference(former: Former, device: ComposedDevice) -> DeviceDifference:
    difference = {
        "fields": value_differences(former.golden, device.golden),
        "added": [str(key) for key in device.keys if key not in former.keys],
        "removed": [str(key) for key in sorted(former.keys.difference(device.keys))],
    }
    return {name: value for name, value in difference.items() if value}


def value_differences(before: str, after: str) -> dict[str, Any]:
    """Return the golden values that differ, before and after, but for those that move with every sync; both in JSON."""
    if before == after:
        return {}
    old, new = json.loads(before), json.loads(after)
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return {name: {"from": old.get(name), "to": new.get(name)} for name in names if name not in VOLATILE}


def _retired(former: str, successor: str | None, at: datetime) -> Retired:
    return Retired(former, successor, f"merged into {successor}" if successor else "its last record is gone", at)


def _arrival(device_id: str, device: ComposedDevice, home: Mapping[Key, str]) -> Change:
    records = [str(key) for key in device.keys]
    if parents := sorted({home[key] for key in device.keys if key in home}):
        return Change(device_id, ChangeKind.SPLIT, {"from": parents, "records": records})
    return Change(device_id, ChangeKind.CREATED, {"records": records})


def _alterations(differences: Mapping[str, DeviceDifference], retired: Iterable[Retired]) -> Iterator[Change]:
    absorbed: defaultdict[str | None, list[str]] = defaultdict(list)
    for each in retired:
        absorbed[each.successor].append(each.id)
    for device_id, difference in differences.items():
        if device_id in absorbed:
            yield Change(device_id, ChangeKind.MERGED, {"absorbed": absorbed[device_id], **difference})
        elif difference:
            yield Change(device_id, ChangeKind.CHANGED, difference)


def _ends(retired: Iterable[Retired]) -> Iterator[Change]:
    return (Change(each.id, ChangeKind.RETIRED, {"successor": each.successor, "why": each.why}) for each in retired)
