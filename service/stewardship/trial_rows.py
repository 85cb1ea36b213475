"""The rows of a trial of a policy: the devices that would merge, split or have other values, each with the reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from matching.clustering.partition import Partition
from matching.model import Key
from matching.results.golden import golden_record
from matching.results.joining import joining_evidence, partners_of
from matching.results.resolution import Resolution
from service.resolution.regrouping import Merging, Places, Splitting
from service.resolution.succession import value_differences
from service.stewardship.previewing import DeviceState
from service.store.database.canonical_json import canonical_json
from service.store.database.rows import portions
from service.store.ingested import records
from service.store.ingested.records import Payloads
from service.store.resolved import devices

TOGETHER = 50
"""Rows whose records are read and resolved together."""


@dataclass(frozen=True)
class TrialReason:
    """Two records, and why they are one device or two: under the policy in force, and under the one that is tried."""

    left: str
    right: str
    now: str
    then: str


@dataclass(frozen=True)
class DeviceMerge:
    """
    Devices that would be one, the largest first, and the records that this one would have.

    There is a reason for each device but the first. A device that is listed may keep records that are not among those.
    """

    devices: Sequence[DeviceState]
    records: Sequence[str]
    why: Sequence[TrialReason]


@dataclass(frozen=True)
class DeviceSplit:
    """
    A device whose records would be in several, and its part in each, the largest first.

    There is a reason for each part but the first. All parts have the id of the device that they are in now.
    """

    device: DeviceState
    parts: Sequence[DeviceState]
    why: Sequence[TrialReason]


@dataclass(frozen=True)
class DeviceValues:
    """A device that would keep its records and have other golden values: each field with its value `from` and `to`."""

    device: DeviceState
    fields: Mapping[str, Mapping[str, Any]]


class TrialRows:
    """Makes the rows; `now` and `then` are partitions of the same records, under the two policies."""

    def __init__(self, connection: Connection, now: Partition, then: Partition) -> None:
        self._connection = connection
        self._now = now
        self._then = then

    def merges(self, found: Sequence[Merging]) -> Iterator[DeviceMerge]:
        """Yield the rows of devices that would merge."""
        for portion in portions(found, TOGETHER):
            both = self._around(place for each in portion for former in each.formers for place in former)
            for each in portion:
                formers = [both.state(former) for former in each.formers]
                held = frozenset(each.device)
                sides = [[place for place in former if place in held] for former in each.formers]
                yield DeviceMerge(formers, both.names(each.device), list(both.reasons(sides, both.then)))

    def splits(self, found: Sequence[Splitting]) -> Iterator[DeviceSplit]:
        """Yield the rows of devices that would split."""
        for portion in portions(found, TOGETHER):
            both = self._around(place for each in portion for place in each.former)
            for each in portion:
                parts = [both.state(part, is_then=True) for part in each.parts]
                yield DeviceSplit(both.state(each.former), parts, list(both.reasons(each.parts, both.now)))

    def changes(self, kept: Iterable[Places]) -> Iterator[DeviceValues]:
        """Yield the rows of devices that keep their records and would have other golden values."""
        asked = (places for places in kept if self._may_change(places))
        for portion in portions(asked):
            both = self._around((place for places in portion for place in places), in_components=False)
            for places in portion:
                fields = value_differences(*map(canonical_json, both.values(places)))
                if fields:
                    yield DeviceValues(both.state(places), fields)

    def _may_change(self, places: Places) -> bool:
        """Golden values follow from the records, from what of them is evidence, and from two settings."""
        now, then = self._now.premises.policy, self._then.premises.policy
        if now.psa_providers != then.psa_providers or (now.precedence != then.precedence and len(places) > 1):
            return True
        return any(self._now.identities[place] != self._then.identities[place] for place in places)

    def _around(self, places: Iterable[int], *, in_components: bool = True) -> "_Both":
        """Some records, with those that hang together with them where these are needed for reasons."""
        wanted = set(places)
        components = [
            [each for each in partition.components if not wanted.isdisjoint(each)] if in_components else []
            for partition in (self._now, self._then)
        ]
        chosen = sorted(wanted.union(*(place for found in components for place in found)))
        keys = [self._now.identities[place].key for place in chosen]
        stored = Payloads(
            {key: each for portion in portions(keys) for key, each in records.read(self._connection, portion).items()}
        )
        now, then = (
            Resolution(stored, partition.only(chosen, found))
            for partition, found in zip((self._now, self._then), components, strict=True)
        )
        homes = {key: member.device_id for key, member in devices.members(self._connection, keys).items()}
        return _Both(self._now, now, then, homes)


class _Both(NamedTuple):
    """Some records under both policies, and the devices in which they are stored."""

    whole: Partition
    now: Resolution
    then: Resolution
    homes: Mapping[Key, str]

    def keys(self, places: Places) -> list[Key]:
        return [self.whole.identities[place].key for place in places]

    def names(self, places: Places) -> list[str]:
        return list(map(str, self.keys(places)))

    def state(self, places: Places, *, is_then: bool = False) -> DeviceState:
        """Some records as a device."""
        first = self.keys(places[:1])[0]
        return DeviceState(self.homes.get(first, ""), self.values(places)[is_then], self.names(places))

    def values(self, places: Places) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The golden values of some records under either policy."""
        keys = self.keys(places)
        now, then = (
            golden_record(
                [(each.records[key], each.identity(key)) for key in keys], each.partition.premises.policy
            ).values
            for each in (self.now, self.then)
        )
        return now, then

    def reasons(self, sides: Sequence[Places], joined: Resolution) -> Iterator[TrialReason]:
        """Why the first side and each other one are one device or not; `joined` is where all of them are one."""
        first = frozenset(self.keys(sides[0]))
        members = [joined.identity(key) for key in sorted(key for side in sides for key in self.keys(side))]
        ties = list(joining_evidence(members, first, partners_of(joined.partition.same)))
        for side in sides[1:]:
            own = frozenset(self.keys(side))
            crossing = ((tie.left, tie.right) for tie in ties if tie.left in own and tie.right not in own)
            left, right = next(crossing, (min(own), min(first)))
            now, then = (each.explain(left, right).sentence for each in (self.now, self.then))
            yield TrialReason(str(left), str(right), now, then)
