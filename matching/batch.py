"""
All of it in a row, for records in memory: identify, index, calibrate, find components, resolve each, compose.

After calibration the outcome is a pure function of each component, so what is done here in one go can be done
component by component anywhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from matching import cutnames, explain, index
from matching.calibrate import Calibration, Screen, calibrate, usable
from matching.evidence import Group, group_of
from matching.golden import golden_record
from matching.graph import identity_graph
from matching.identity import Identity, identify
from matching.model import Decision, Device, Explanation, Key, Record, Review, SharedValue, Unusable, key_of
from matching.policy import Policy
from matching.records import latest
from matching.resolve import Outcome, resolve
from matching.review import reviews
from matching.rule import Rule, check_decisions, joined_by, parted_by


@dataclass(frozen=True)
class Fleet:
    """All records with what each says after calibration; what every component is resolved from."""

    records: Mapping[Key, Record]
    identities: Mapping[Key, Identity]
    singles: Mapping[Key, Group]
    components: Sequence[Sequence[Key]]
    calibration: Calibration
    rule: Rule
    same: Sequence[tuple[Key, Key]]

    def resolve(self, component: Sequence[Key]) -> Outcome:
        """Return the devices of one component."""
        return resolve([self.singles[key] for key in component], self.same, self.rule)


@dataclass(frozen=True)
class Resolution:
    """The devices of all records, and everything needed to say why they are what they are."""

    fleet: Fleet
    outcomes: Sequence[Outcome]

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Every device, in order of its first record's key."""
        groups = sorted(sorted(group.keys) for outcome in self.outcomes for group in outcome.groups)
        return tuple(self._device(tuple(keys)) for keys in groups)

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """Every question that is left for a person, the most worthwhile first."""
        found = (
            r
            for o in self.outcomes
            if len(o.groups) > 1
            for r in reviews(o.groups, self.fleet.rule, self.fleet.singles)
        )
        return tuple(sorted(found, key=lambda review: (-review.worth, review.left, review.right)))

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

    def unusable(self, key: Key) -> tuple[Unusable, ...]:
        """Return the values of a record that are no evidence, each with the reason. Raises: KeyError."""
        return self.fleet.identities[key].unusable

    def explain(self, left: Key, right: Key) -> Explanation:
        """Return why two records are one device, or why not. Raises: KeyError."""
        outcomes = self._outcome_of[left], self._outcome_of[right]
        fleet = self.fleet
        return explain.explain(
            left,
            right,
            outcomes,
            explain.Evidence(fleet.records, fleet.identities, fleet.singles, fleet.same),
            fleet.rule,
        )

    def graph(self, device: Device) -> "nx.Graph[str]":
        """Return the identity graph of a device's records."""
        return identity_graph([self.fleet.identities[key] for key in device.keys], self.fleet.same)

    @cached_property
    def _by_key(self) -> dict[Key, Device]:
        return {key: device for device in self.devices for key in device.keys}

    @cached_property
    def _outcome_of(self) -> dict[Key, Outcome]:
        return {key: outcome for outcome in self.outcomes for group in outcome.groups for key in group.keys}

    def _device(self, keys: tuple[Key, ...]) -> Device:
        rows = [(self.fleet.records[key], self.fleet.identities[key]) for key in keys]
        return Device(keys, golden_record(rows, self.fleet.rule.policy))


def resolve_records(
    records: Iterable[Record], policy: Policy | None = None, decisions: Sequence[Decision] = ()
) -> Resolution:
    """
    Resolve records into devices, the same for any order of records.

    Of rows with one key the later stands (`records.latest`).

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    fleet = assemble(records, policy or Policy(), decisions)
    return Resolution(fleet, [fleet.resolve(component) for component in fleet.components])


def assemble(
    records: Iterable[Record],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    calibration: Calibration | None = None,
) -> Fleet:
    """
    Do everything global: index all records, calibrate unless a calibration is given, and find the components.

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    check_decisions(decisions)
    standing: dict[Key, Record] = {}
    for record in records:
        key = key_of(record)
        standing[key] = latest(standing[key], record) if key in standing else record
    indexed = index.build(identify(record, policy) for record in standing.values())
    return _with_calibration(standing, indexed, calibration or calibrate(indexed, policy), policy, decisions)


def _with_calibration(
    records: Mapping[Key, Record],
    indexed: index.Index,
    calibration: Calibration,
    policy: Policy,
    decisions: Sequence[Decision],
) -> Fleet:
    companies, screen, same = calibration.companies, Screen(calibration), joined_by(decisions)
    screened = [usable(identity, screen) for identity in indexed.identities]
    named = cutnames.restore(screened, companies.of, policy.psa_providers)
    components = index.components(index.build(named), companies.of, same)
    return Fleet(
        records=records,
        identities={identity.key: identity for identity in named},
        singles={i.key: group_of(i, companies.of(i.company), calibration.complete) for i in named},
        components=[[named[position].key for position in component] for component in components],
        calibration=calibration,
        rule=Rule(policy, companies, parted_by(decisions)),
        same=same,
    )
