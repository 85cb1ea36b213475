"""
All of it in a row, for records in memory: identify, assemble the fleet, resolve each component, compose.

What draws graphs is loaded when one is asked for: networkx takes longer to load than a small fleet to resolve.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from matching.calibrate import Calibration
from matching.fleet import Fleet
from matching.fleet import assemble as assemble_identities
from matching.golden import golden_record
from matching.identity import Identity, identify
from matching.joints import Joint, joints
from matching.model import Decision, Device, Explanation, Key, Record, Review, SharedValue, Unusable, key_of
from matching.policy import Policy
from matching.records import latest
from matching.resolve import Outcome
from matching.review import reviews

if TYPE_CHECKING:
    from matching.explain import Evidence
    from matching.graph import Graph


@dataclass(frozen=True)
class Resolution:
    """The devices of all records, and everything needed to say why they are what they are."""

    records: Mapping[Key, Record]
    fleet: Fleet

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Every device, in order of its first record's key."""
        return tuple(self._device(positions) for positions in self._parts)

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """Every question that is left for a person, the most worthwhile first."""
        asked = self._outcomes if self._parts else {}  # for the devices: wherever anything may be in conflict
        torn = (component for component in self.fleet.components if component[0] in asked)
        found = [review for component in torn for review in self._reviews(component)]
        return tuple(sorted(found, key=lambda review: (-review.worth, review.left, review.right)))

    @cached_property
    def joints(self) -> Mapping[Key, frozenset[Joint]]:
        """Everything by which each record may meet another one (`joints`)."""
        return dict(joints(self.fleet))

    @property
    def calibration(self) -> Calibration:
        """What all records together taught."""
        return self.fleet.calibration

    @property
    def shared(self) -> tuple[SharedValue, ...]:
        """The values that sit on several boxes, with their holders."""
        return self.calibration.shared

    def device_of(self, key: Key) -> Device:
        """Return the device of a record. Raises: KeyError."""
        return self._by_key[key]

    def identity(self, key: Key) -> Identity:
        """Return what is usable of a record. Raises: KeyError."""
        return self.fleet.identities[self._position[key]]

    def unusable(self, key: Key) -> tuple[Unusable, ...]:
        """Return the values of a record that are no evidence, each with the reason. Raises: KeyError."""
        return self.identity(key).unusable

    def explain(self, left: Key, right: Key) -> Explanation:
        """Return why two records are one device, or why not. Raises: KeyError."""
        from matching.explain import explain as explain_pair  # noqa: PLC0415 - see above

        outcomes = self._outcome(left), self._outcome(right)
        return explain_pair(left, right, outcomes, self._evidence(outcomes), self.fleet.rule)

    def graph(self, device: Device) -> "Graph[str]":
        """Return the identity graph of a device's records."""
        from matching.graph import identity_graph  # noqa: PLC0415 - see above

        return identity_graph([self.identity(key) for key in device.keys], self.fleet.same)

    @cached_property
    def _parts(self) -> list[list[int]]:
        """Each device as the positions of its records; asks for the outcome wherever anything may be in conflict."""
        return sorted(self.fleet.devices(self._resolved))

    @cached_property
    def _by_key(self) -> dict[Key, Device]:
        return {key: device for device in self.devices for key in device.keys}

    @cached_property
    def _position(self) -> dict[Key, int]:
        return {identity.key: position for position, identity in enumerate(self.fleet.identities)}

    @cached_property
    def _component(self) -> dict[int, Sequence[int]]:
        return {position: component for component in self.fleet.components for position in component}

    @cached_property
    def _outcomes(self) -> dict[int, Outcome]:
        """Components that were asked for, by first position: devices, reviews and explanations ask for the same."""
        return {}

    def _outcome(self, key: Key) -> Outcome:
        position = self._position[key]
        return self._resolved(self._component.get(position, (position,)))

    def _resolved(self, component: Sequence[int]) -> Outcome:
        if component[0] not in self._outcomes:
            self._outcomes[component[0]] = self.fleet.outcome(component)
        return self._outcomes[component[0]]

    def _evidence(self, outcomes: Iterable[Outcome]) -> "Evidence":
        """What the records of the components in question say."""
        from matching.explain import Evidence  # noqa: PLC0415 - see above

        keys = {key for outcome in outcomes for group in outcome.groups for key in group.keys}
        return Evidence(
            records={key: self.records[key] for key in keys},
            identities={key: self.identity(key) for key in keys},
            singles={key: self.fleet.single(self._position[key]) for key in keys},
            same=self.fleet.same,
        )

    def _reviews(self, component: Sequence[int]) -> list[Review]:
        groups = self._resolved(component).groups
        if len(groups) == 1:
            return []
        singles = {self.fleet.identities[position].key: self.fleet.single(position) for position in component}
        return reviews(groups, self.fleet.rule, singles)

    def _device(self, positions: Sequence[int]) -> Device:
        identities = [self.fleet.identities[position] for position in positions]
        rows = [(self.records[identity.key], identity) for identity in identities]
        return Device(tuple(identity.key for identity in identities), golden_record(rows, self.fleet.rule.policy))


def resolve_records(
    records: Iterable[Record], policy: Policy | None = None, decisions: Sequence[Decision] = ()
) -> Resolution:
    """
    Resolve records into devices, the same for any order of records.

    Of rows with one key the later stands (`records.latest`).

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    return assemble(records, policy or Policy(), decisions)


def assemble(
    records: Iterable[Record],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    calibration: Calibration | None = None,
) -> Resolution:
    """Resolve records under a calibration that is given, or measured on them. Raises: BadDecision."""
    standing: dict[Key, Record] = {}
    for record in records:
        key = key_of(record)
        standing[key] = latest(standing[key], record) if key in standing else record
    identities = (identify(record, policy) for record in standing.values())
    return Resolution(standing, assemble_identities(identities, policy, decisions, calibration))
