"""Parts of a fleet, composed by other processes while this one writes."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matching.calibration.calibrate import Calibration
from matching.clustering.partition import Partition
from matching.clustering.vetoes import Premises
from matching.model import Key
from matching.results.joining import partners_of
from matching.results.resolution import Resolution
from service.core.packing import Plain, packed, unpacked
from service.core.workers import Team
from service.resolution.composing import Composed, Composition, compose
from service.resolution.joining import joins
from service.resolution.shard import Part
from service.store.reviews import ReviewRow


def composed(parts: Iterable[Part], fleet: Partition, team: Team) -> Iterator[tuple[Part, Composition]]:
    """Yield the parts of a fleet, in order, each with what it resolves to. Raises: WorkerFailed."""
    if team.is_alone:
        yield from ((part, compose(part.resolution)) for part in parts)
        return
    learnt = Calibration(complete=fleet.calibration.complete, ambiguous_prefixes=fleet.calibration.ambiguous_prefixes)
    composer = _Composer(fleet.premises, learnt)
    given = deque[Part]()
    for answer in team.work(composer.compose, _tasks(parts, given)):
        part = given.popleft()
        yield part, _understood(part, *answer)


def _tasks(parts: Iterable[Part], given: deque[Part]) -> Iterator[Plain]:
    """Yield parts as plain values, keeping them for the answers."""
    for part in parts:
        given.append(part)
        fleet = part.resolution.partition
        keys = [identity.key for identity in fleet.identities]
        decided = fleet.decided.intersection(keys)
        same = [pair for pair in fleet.same if not decided.isdisjoint(pair)]
        yield (
            list(map(packed, fleet.identities)),
            list(fleet.customers),
            list(map(tuple, fleet.possible_customers)),
            list(map(list, fleet.components)),
            [(tuple(left), tuple(right)) for left, right in same],
            list(map(tuple, decided)),
            [part.stored[key].payload for key in keys],
        )


@dataclass(frozen=True)
class _Composer:
    """What composes a part, in another process; of what is learnt it has as much as a part asks for."""

    premises: Premises
    learnt: Calibration

    def compose(self, task: Plain) -> Plain:
        """Return devices, what joined their records, and joints, with places in the part for keys; and reviews."""
        identities, customers, possible_customers, components, same, decided, payloads = task
        fleet = Partition(
            identities=list(map(unpacked, identities)),
            customers=customers,
            possible_customers=possible_customers,
            components=components,
            calibration=self.learnt,
            premises=self.premises,
            same=[(Key(*left), Key(*right)) for left, right in same],
            decided=frozenset(Key(*key) for key in decided),
        )
        place = {identity.key: place for place, identity in enumerate(fleet.identities)}
        resolution = Resolution(dict(zip(place, map(json.loads, payloads), strict=True)), fleet)
        found, partners = compose(resolution), partners_of(resolution.partition.same)
        devices = [([place[key] for key in device.keys], *device[1:]) for device in found.devices]
        joined = [
            joins(device.keys, frozenset(device.keys), resolution.identity, partners) if len(device.keys) > 1 else None
            for device in found.devices
        ]
        return devices, joined, [found.joints[key] for key in place], list(map(tuple, found.reviews))


def _understood(
    part: Part, devices: Sequence[Plain], joined: Sequence[Any], joints: Sequence[bytes], reviews: Sequence[Any]
) -> Composition:
    keys = [identity.key for identity in part.resolution.partition.identities]
    found = [Composed(tuple(map(keys.__getitem__, places)), *columns) for places, *columns in devices]
    return Composition(
        found,
        dict(zip(keys, joints, strict=True)),
        list(map(ReviewRow._make, reviews)),
        {device.keys[0]: ties for device, ties in zip(found, joined, strict=True) if ties is not None},
    )
