"""
Resolve records in memory: identify each, partition them, resolve each component, build golden records.

`networkx` is imported only when a graph is asked for, because importing it takes longer than resolving a small fleet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from matching.calibration.calibrate import Calibration
from matching.clustering.blocking import BlockingKey
from matching.clustering.partition import Partition, partition
from matching.clustering.resolve import Resolved
from matching.clustering.reviews import reviews
from matching.evidence.identity import Identity, identify
from matching.model import Decision, Device, Explanation, Key, Record, Review, SharedValue, Suppressed, key_of
from matching.policy import Policy
from matching.records import latest
from matching.results.explanation import Facts
from matching.results.explanation import explain as explain_pair
from matching.results.golden import golden_record

if TYPE_CHECKING:
    from matching.results.graph import Graph


@dataclass(frozen=True)
class Resolution:
    """The devices of some records, with their reviews, explanations and graphs; each is computed when asked for."""

    records: Mapping[Key, Record]
    partition: Partition

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Every device, in order of its first record's key."""
        return tuple(self._device(positions) for positions in self.positions_of_devices)

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """All reviews, the most worthwhile first."""
        resolved = self._resolved_by_first if self.positions_of_devices else {}  # those that may hold a conflict
        contested = (component for component in self.partition.components if component[0] in resolved)
        found = [review for component in contested for review in self._reviews(component)]
        return tuple(sorted(found, key=lambda review: (-review.worth, review.left, review.right)))

    @cached_property
    def blocking_keys(self) -> Mapping[Key, frozenset[BlockingKey]]:
        """The blocking keys of each record."""
        return self.partition.blocking_keys()

    @property
    def calibration(self) -> Calibration:
        """What was learnt from all records at once, or given to `resolve_under`."""
        return self.partition.calibration

    @property
    def shared(self) -> tuple[SharedValue, ...]:
        """The over-shared values, with their holders."""
        return self.calibration.shared

    def device_of(self, key: Key) -> Device:
        """Return the device of a record. Raises: KeyError."""
        return self._by_key[key]

    def identity(self, key: Key) -> Identity:
        """Return the identity of a record without suppressed values. Raises: KeyError."""
        return self.partition.identities[self._position[key]]

    def suppressed(self, key: Key) -> tuple[Suppressed, ...]:
        """Return the values of a record that are no evidence, each with the reason. Raises: KeyError."""
        return self.identity(key).suppressed

    def explain(self, left: Key, right: Key) -> Explanation:
        """Return why two records are one device, or why not. Raises: KeyError."""
        components = self._resolved_of(left), self._resolved_of(right)
        return explain_pair(left, right, components, self._facts(components), self.partition.premises)

    def graph(self, device: Device) -> "Graph[str]":
        """Return the identity graph of a device's records."""
        from matching.results.graph import identity_graph  # noqa: PLC0415 - see above

        return identity_graph([self.identity(key) for key in device.keys], self.partition.same)

    @cached_property
    def positions_of_devices(self) -> list[list[int]]:
        """Each device as the positions of its records. Resolves the components that may hold a conflict."""
        return sorted(self.partition.devices(self._resolved))

    @cached_property
    def _by_key(self) -> dict[Key, Device]:
        return {key: device for device in self.devices for key in device.keys}

    @cached_property
    def _position(self) -> dict[Key, int]:
        return {identity.key: position for position, identity in enumerate(self.partition.identities)}

    @cached_property
    def _component(self) -> dict[int, Sequence[int]]:
        return {position: component for component in self.partition.components for position in component}

    @cached_property
    def _resolved_by_first(self) -> dict[int, Resolved]:
        """Components by first position, so that devices, reviews and explanations resolve each of them once."""
        return {}

    def _resolved_of(self, key: Key) -> Resolved:
        position = self._position[key]
        return self._resolved(self._component.get(position, (position,)))

    def _resolved(self, component: Sequence[int]) -> Resolved:
        if component[0] not in self._resolved_by_first:
            self._resolved_by_first[component[0]] = self.partition.resolve(component)
        return self._resolved_by_first[component[0]]

    def _facts(self, components: Iterable[Resolved]) -> Facts:
        """What the records of some components say."""
        keys = {key for component in components for group in component.groups for key in group.keys}
        return Facts(
            records={key: self.records[key] for key in keys},
            identities={key: self.identity(key) for key in keys},
            singles={key: self.partition.single(self._position[key]) for key in keys},
            same=self.partition.same,
        )

    def _reviews(self, component: Sequence[int]) -> list[Review]:
        groups = self._resolved(component).groups
        if len(groups) == 1:
            return []
        singles = {self.partition.identities[position].key: self.partition.single(position) for position in component}
        return reviews(groups, self.partition.premises, singles)

    def _device(self, positions: Sequence[int]) -> Device:
        identities = [self.partition.identities[position] for position in positions]
        rows = [(self.records[identity.key], identity) for identity in identities]
        return Device(
            tuple(identity.key for identity in identities), golden_record(rows, self.partition.premises.policy)
        )


def resolve_records(
    records: Iterable[Record], policy: Policy | None = None, decisions: Sequence[Decision] = ()
) -> Resolution:
    """
    Resolve records into devices, the same for any order of records.

    Of two rows with one key, the later one counts (`records.latest`).

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    return resolve_under(records, policy or Policy(), decisions)


def resolve_under(
    records: Iterable[Record],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    calibration: Calibration | None = None,
) -> Resolution:
    """Resolve records under a given calibration; without one, measure it on them. Raises: BadDecision."""
    latest_rows: dict[Key, Record] = {}
    for record in records:
        key = key_of(record)
        latest_rows[key] = latest(latest_rows[key], record) if key in latest_rows else record
    identities = (identify(record, policy) for record in latest_rows.values())
    return Resolution(latest_rows, partition(identities, policy, decisions, calibration))
