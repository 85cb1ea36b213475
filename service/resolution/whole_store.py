"""
Resolve the whole store, shard by shard, so that memory holds the identities of all records and the payloads of few.

A shard consists of whole components and whole former devices, so ids and changes are the same as in a single step.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration, calibrate
from matching.clustering.partition import Partition, partition
from matching.disjoint_sets import DisjointSets
from matching.evidence.identity import Identity, identify
from matching.model import Key
from matching.policy import Policy
from matching.results.resolution import Resolution
from service.core.garbage import uncollected
from service.core.packing import packed_whole, unpacked
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution.parallel_composing import compose_in_parallel
from service.resolution.persisting import Persisted, persist
from service.resolution.shard import Shard
from service.store.database import statistics
from service.store.database.rows import PORTION, portions
from service.store.indexes import blocking_keys
from service.store.ingested import records
from service.store.ingested.records import Payloads
from service.store.resolved import devices
from service.store.resolved.devices import Devices
from service.store.stewardship import decisions
from service.store.world import ChangeContext


def identify_all(connection: Connection, policy: Policy, pool: WorkerPool = NO_WORKERS) -> list[Identity]:
    """Return what every record says. Raises: WorkerFailed."""
    with uncollected():
        if pool.is_empty:
            return [identify(record, policy) for record in records.every(connection)]
        found = pool.work(_Reader(policy).read, portions(records.payloads(connection)))
        return [unpacked(content) for contents in found for content in contents]


def calibrate_all(identities: Sequence[Identity], policy: Policy) -> Calibration:
    """Return what all records together teach."""
    with uncollected():
        return calibrate(identities, policy)


def partition_all(
    connection: Connection, identities: Sequence[Identity], policy: Policy, calibration: Calibration
) -> Partition:
    """Return all records in components, with the decisions that stand. Raises: BadDecision."""
    with uncollected():
        return partition(identities, policy, decisions.standing(connection), calibration)


def persist_all(
    connection: Connection, whole: Partition, context: ChangeContext, pool: WorkerPool = NO_WORKERS
) -> Iterator[Persisted]:
    """Write what all records resolve to, yielding each shard when it is persisted. Raises: WorkerFailed."""
    with uncollected():
        key_writer = blocking_keys.writer(connection)
        for shard, composition in compose_in_parallel(_Shards(connection, whole), whole, pool):
            yield persist(connection, shard, composition, context, key_writer)
        key_writer.flush()
        statistics.gather(connection)


@dataclass(frozen=True)
class _Reader:
    """Reads records in another process."""

    policy: Policy

    def read(self, payloads: Iterable[str]) -> list[bytes]:
        """Return what each record says, packed."""
        return [packed_whole(identify(json.loads(payload), self.policy)) for payload in payloads]


class _Shards:
    """All records in shards of about `PORTION`: records of one component, or of one former device, together."""

    def __init__(self, connection: Connection, whole: Partition) -> None:
        self._connection = connection
        self._whole = whole
        self._components = {component[0]: component for component in whole.components}
        self._sets = DisjointSets(len(whole.identities))
        for component in whole.components:
            self._sets.union(component)
        self._is_store_new = True
        self._gone = self._unite_former_devices()

    def __iter__(self) -> Iterator[Shard]:
        """Yield the shards; the last one has the devices of which no record is left."""
        positions: list[int] = []
        last = -1
        for position in sorted(range(len(self._whole.identities)), key=self._sets.find):
            if self._sets.find(position) != last and len(positions) >= PORTION:
                yield self._shard(positions)
                positions = []
            last = self._sets.find(position)
            positions.append(position)
        if positions:
            yield self._shard(positions)
        yield from self._shard_of_the_gone()

    def _unite_former_devices(self) -> list[Key]:
        """Put the records of one former device together; return those that are gone with all of their device."""
        place = {identity.key: position for position, identity in enumerate(self._whole.identities)}
        first: dict[str, int] = {}
        gone: dict[str, list[Key]] = {}
        for key, device_id in devices.homes(self._connection):
            self._is_store_new = False
            if key in place:
                self._sets.union((first.setdefault(device_id, place[key]), place[key]))
            else:
                gone.setdefault(device_id, []).append(key)
        return [key for device_id, keys in gone.items() if device_id not in first for key in keys]

    def _shard(self, positions: Sequence[int]) -> Shard:
        inside = self._only(positions)
        keys = frozenset(identity.key for identity in inside.identities)
        former = devices.fellow_members(self._connection, () if self._is_store_new else keys)
        stored = former.stored | records.read(self._connection, keys.difference(former.stored))
        before = devices.of(self._connection, former.members)
        return Shard(keys.union(before.home), Resolution(Payloads(stored), inside), stored, before)

    def _shard_of_the_gone(self) -> Iterator[Shard]:
        left = devices.of(self._connection, devices.fellow_members(self._connection, self._gone).members)
        empty = devices.empty(self._connection)
        if left.devices or empty:
            before = Devices({**left.devices, **empty}, left.memberships)
            yield Shard(frozenset(self._gone), Resolution({}, self._only(())), {}, before)

    def _only(self, positions: Sequence[int]) -> Partition:
        chosen = sorted(positions)
        components = [self._components[position] for position in chosen if position in self._components]
        return self._whole.only(chosen, components)
