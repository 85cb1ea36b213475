"""Compose shards in worker processes while this process writes."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from matching.calibration.calibrate import Calibration
from matching.clustering.partition import Partition
from matching.clustering.vetoes import Premises
from matching.model import Key, Record
from matching.records import without_future_time
from matching.results.joining import partners_of
from matching.results.resolution import Resolution
from service.core.packing import Plain, packed, unpacked
from service.core.workers import WorkerPool
from service.resolution.composing import ComposedDevice, Composition, compose
from service.resolution.joining import joins
from service.resolution.shard import Shard
from service.store.stewardship.reviews import ReviewRow


def compose_in_parallel(
    shards: Iterable[Shard], partition: Partition, pool: WorkerPool
) -> Iterator[tuple[Shard, Composition]]:
    """Yield the shards, in order, each with what it resolves to. Raises: WorkerFailed."""
    if pool.is_empty:
        yield from ((shard, compose(shard.resolution)) for shard in shards)
        return
    calibration = Calibration(
        complete=partition.calibration.complete, ambiguous_prefixes=partition.calibration.ambiguous_prefixes
    )
    composer = _Composer(partition.premises, calibration)
    given = deque[Shard]()
    for answer in pool.work(composer.compose, _tasks(shards, given)):
        shard = given.popleft()
        yield shard, _composition(shard, *answer)


def _tasks(shards: Iterable[Shard], given: deque[Shard]) -> Iterator[Plain]:
    """Yield shards as plain values, keeping them for the answers."""
    for shard in shards:
        given.append(shard)
        partition = shard.resolution.partition
        keys = [identity.key for identity in partition.identities]
        decided = partition.decided.intersection(keys)
        same = [pair for pair in partition.same if not decided.isdisjoint(pair)]
        yield (
            list(map(packed, partition.identities)),
            list(partition.customers),
            list(map(tuple, partition.possible_customers)),
            list(map(list, partition.components)),
            [(tuple(left), tuple(right)) for left, right in same],
            list(map(tuple, decided)),
            [(stored.payload, stored.changed_at.isoformat()) for stored in map(shard.stored.__getitem__, keys)],
        )


@dataclass(frozen=True)
class _Composer:
    """Composes a shard in another process; of the calibration it has as much as a shard needs."""

    premises: Premises
    calibration: Calibration

    def compose(self, task: Plain) -> Plain:
        """Return devices, what joined their records, blocking keys and reviews; records are named by their places."""
        identities, customers, possible_customers, components, same, decided, stored = task
        partition = Partition(
            identities=list(map(unpacked, identities)),
            customers=customers,
            possible_customers=possible_customers,
            components=components,
            calibration=self.calibration,
            premises=self.premises,
            same=[(Key(*left), Key(*right)) for left, right in same],
            decided=frozenset(Key(*key) for key in decided),
        )
        place = {identity.key: place for place, identity in enumerate(partition.identities)}
        resolution = Resolution(dict(zip(place, starmap(_record, stored), strict=True)), partition)
        found, partners = compose(resolution), partners_of(resolution.partition.same)
        devices = [([place[key] for key in device.keys], *device[1:]) for device in found.devices]
        joined = [
            joins(device.keys, frozenset(device.keys), resolution.identity, partners) if len(device.keys) > 1 else None
            for device in found.devices
        ]
        return devices, joined, [found.blocking_keys[key] for key in place], list(map(tuple, found.reviews))


def _record(payload: str, received_at: str) -> Record:
    return without_future_time(json.loads(payload), datetime.fromisoformat(received_at))


def _composition(
    shard: Shard,
    devices: Sequence[Plain],
    joined: Sequence[Any],
    blocking_keys: Sequence[bytes],
    reviews: Sequence[Any],
) -> Composition:
    keys = [identity.key for identity in shard.resolution.partition.identities]
    found = [ComposedDevice(tuple(map(keys.__getitem__, places)), *columns) for places, *columns in devices]
    return Composition(
        found,
        dict(zip(keys, blocking_keys, strict=True)),
        list(map(ReviewRow._make, reviews)),
        {device.keys[0]: ties for device, ties in zip(found, joined, strict=True) if ties is not None},
    )
