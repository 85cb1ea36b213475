"""
The whole fleet: read, measured, resolved, and settled part by part, so that memory holds identities and no payloads.

A part is whole components and whole former devices. Ids and changes are therefore those that one step would give.
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
from service.core.workers import ALONE, Team
from service.resolution.parallel_composing import composed
from service.resolution.persisting import Occasion, Settled, settle
from service.resolution.shard import Part
from service.store import blocking_keys, decisions, devices, records, reviews, statistics
from service.store.devices import Devices
from service.store.records import Payloads
from service.store.rows import PORTION, portions


def identities(connection: Connection, policy: Policy, team: Team = ALONE) -> list[Identity]:
    """Return what every record says. Raises: WorkerFailed."""
    with uncollected():
        if team.is_alone:
            return [identify(record, policy) for record in records.every(connection)]
        found = team.work(_Reader(policy).read, portions(records.payloads(connection)))
        return [unpacked(content) for contents in found for content in contents]


@dataclass(frozen=True)
class _Reader:
    """What reads records, in another process."""

    policy: Policy

    def read(self, payloads: Iterable[str]) -> list[bytes]:
        """Return what each record says, packed."""
        return [packed_whole(identify(json.loads(payload), self.policy)) for payload in payloads]


def measure(found: Sequence[Identity], policy: Policy) -> Calibration:
    """Return what all records together teach."""
    with uncollected():
        return calibrate(found, policy)


def assemble(connection: Connection, found: Sequence[Identity], policy: Policy, calibration: Calibration) -> Partition:
    """Return the whole fleet under a calibration. Raises: BadDecision."""
    with uncollected():
        return partition(found, policy, decisions.standing(connection), calibration)


def settle_all(connection: Connection, fleet: Partition, occasion: Occasion, team: Team = ALONE) -> Iterator[Settled]:
    """Write what the whole fleet resolves to, yielding each part when it is settled. Raises: WorkerFailed."""
    with uncollected():
        meeting = blocking_keys.writer(connection)
        for part, now in composed(_Parts(connection, fleet), fleet, team):
            yield settle(connection, part, now, occasion, meeting)
        meeting.flush()
        statistics.gather(connection)


class _Parts:
    """The fleet in parts of some `PORTION` records: those of one component, or of one former device, together."""

    def __init__(self, connection: Connection, fleet: Partition) -> None:
        self._connection = connection
        self._fleet = fleet
        self._components = {component[0]: component for component in fleet.components}
        self._forest = DisjointSets(len(fleet.identities))
        for component in fleet.components:
            self._forest.union(component)
        self._is_new = not reviews.any_open(connection)  # and no device: see below
        self._deserted = self._join_by_devices()

    def __iter__(self) -> Iterator[Part]:
        """Yield the parts; the last one has the devices of which no record is left."""
        part: list[int] = []
        home = -1
        for position in sorted(range(len(self._fleet.identities)), key=self._forest.find):
            if self._forest.find(position) != home and len(part) >= PORTION:
                yield self._part(part)
                part = []
            home = self._forest.find(position)
            part.append(position)
        if part:
            yield self._part(part)
        yield from self._last()

    def _join_by_devices(self) -> list[Key]:
        """Put the records of one former device together; return those that are gone with all of their device."""
        place = {identity.key: position for position, identity in enumerate(self._fleet.identities)}
        first: dict[str, int] = {}
        gone: dict[str, list[Key]] = {}
        for key, device_id in devices.homes(self._connection):
            self._is_new = False
            if key in place:
                self._forest.union((first.setdefault(device_id, place[key]), place[key]))
            else:
                gone.setdefault(device_id, []).append(key)
        return [key for device_id, keys in gone.items() if device_id not in first for key in keys]

    def _part(self, positions: Sequence[int]) -> Part:
        inside = self._cut(positions)
        keys = frozenset(identity.key for identity in inside.identities)
        mates = devices.mates(self._connection, () if self._is_new else keys)
        found = mates.stored | records.read(self._connection, keys.difference(mates.stored))
        before = devices.of(self._connection, mates.members)
        resolution = Resolution(Payloads(found), inside)
        named = keys.union(before.home)
        return Part(named, resolution, found, before, frozenset() if self._is_new else named)

    def _last(self) -> Iterator[Part]:
        left = devices.of(self._connection, devices.mates(self._connection, self._deserted).members)
        empty = devices.empty(self._connection)
        if left.devices or empty:
            before = Devices({**left.devices, **empty}, left.memberships)
            gone = frozenset(self._deserted)
            yield Part(gone, Resolution({}, self._cut(())), {}, before, gone)

    def _cut(self, positions: Sequence[int]) -> Partition:
        """Some records of the partition, whole components."""
        chosen = sorted(positions)
        components = [self._components[position] for position in chosen if position in self._components]
        return self._fleet.only(chosen, components)
