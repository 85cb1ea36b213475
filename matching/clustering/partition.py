"""
All records, partitioned into components.

This is the last step that looks at all records. From a `Partition` each component is resolved by itself, by one pure
function: in a batch, after a change of one record, in another process.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.calibration.calibrate import Calibration, calibrate
from matching.calibration.truncated_names import longer_hostnames
from matching.calibration.usable import usable
from matching.clustering.blocking import BlockingKey, blocking_keys
from matching.clustering.components import find_components
from matching.clustering.conflict_free import is_conflict_free
from matching.clustering.decisions import check_decisions, joined_by, parted_by
from matching.clustering.resolve import Resolved, resolve
from matching.clustering.vetoes import Premises
from matching.evidence.groups import Group, group_of
from matching.evidence.identity import Identity
from matching.model import Decision, Key
from matching.policy import Policy

Positions = Sequence[int]
"""Indices of `Partition.identities`, in order."""


@dataclass(frozen=True, slots=True)
class Partition:
    """
    The identities without suppressed values, in order of key, and their components of two or more records.

    `customers` has the customer of each identity, None where it is unknown; `possible_customers` has, for each, those
    of all records that it is connected with. `same` are the pairs that people decided to be one box, `decided` the keys
    of all records that a decision names.
    """

    identities: Sequence[Identity]
    customers: Sequence[str | None]
    possible_customers: Sequence[Collection[str]]
    components: Sequence[Positions]
    calibration: Calibration
    premises: Premises
    same: Sequence[tuple[Key, Key]]
    decided: frozenset[Key]

    def devices(self, resolved: Callable[[Positions], Resolved] | None = None) -> Iterator[list[int]]:
        """
        Yield each device as the positions of its records, in no particular order.

        Args:
            resolved: The function to call in place of `resolve`, such as one that remembers what it returned.
        """
        is_single = bytearray(b"\1") * len(self.identities)
        for component in self.components:
            for position in component:
                is_single[position] = 0
            if self.has_no_conflict(component):
                yield list(component)
            else:
                yield from self._devices_of(component, (resolved or self.resolve)(component))
        yield from ([position] for position, flag in enumerate(is_single) if flag)

    def resolve(self, component: Positions) -> Resolved:
        """Return the devices of a component and the joins that built them."""
        return resolve([self.single(position) for position in component], self.same_among(component), self.premises)

    def has_no_conflict(self, component: Positions) -> bool:
        """Whether no two records of a component can be in conflict, so that all of it is one device."""
        identities = [self.identities[position] for position in component]
        if self.decided and not self.decided.isdisjoint(identity.key for identity in identities):
            return False
        customers = [self.customers[position] for position in component]
        return is_conflict_free(identities, customers, self.calibration.complete)

    def same_among(self, component: Positions) -> list[tuple[Key, Key]]:
        """Return the decisions *same* about records of a component."""
        if not self.decided:
            return []
        keys = {self.identities[position].key for position in component}
        return [pair for pair in self.same if not keys.isdisjoint(pair)] if not keys.isdisjoint(self.decided) else []

    def single(self, position: int) -> Group:
        """Return what one record says by itself."""
        return group_of(self.identities[position], self.customers[position], self.calibration.complete)

    def blocking_keys(self) -> Mapping[Key, frozenset[BlockingKey]]:
        """Return the blocking keys of each record; they follow from its component and the calibration alone."""
        return dict(blocking_keys(self.identities, self.possible_customers, self.calibration.ambiguous_prefixes))

    def only(self, positions: Positions, components: Sequence[Positions]) -> "Partition":
        """Return the partition of some records alone; `components` are theirs, and each is complete in `positions`."""
        place = {position: own for own, position in enumerate(positions)}
        return replace(
            self,
            identities=[self.identities[position] for position in positions],
            customers=[self.customers[position] for position in positions],
            possible_customers=[self.possible_customers[position] for position in positions],
            components=[[place[position] for position in component] for component in components],
        )

    def _devices_of(self, component: Positions, resolved: Resolved) -> Iterator[list[int]]:
        place = {self.identities[position].key: position for position in component}
        for group in resolved.groups:
            yield sorted(place[key] for key in group.keys)


def partition(
    identities: Iterable[Identity],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    calibration: Calibration | None = None,
) -> Partition:
    """
    Partition all records: calibrate unless a calibration is given, suppress what is no evidence, find the components.

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    check_decisions(decisions)
    ordered = sorted(identities, key=lambda identity: identity.key)
    learnt = calibration or calibrate(ordered, policy)
    customers = [learnt.companies.of(identity.company) for identity in ordered]
    longer = longer_hostnames(ordered, customers, policy.psa_providers, learnt.ambiguous_prefixes)
    usable_identities = [usable(identity, learnt, longer.get(position)) for position, identity in enumerate(ordered)]
    same = joined_by(decisions)
    found = find_components(usable_identities, customers, same, learnt.ambiguous_prefixes)
    return Partition(
        identities=usable_identities,
        customers=customers,
        possible_customers=found.possible_customers,
        components=found.sets,
        calibration=learnt,
        premises=Premises(policy, learnt.companies, parted_by(decisions)),
        same=same,
        decided=frozenset(key for decision in decisions for key in (decision.left, decision.right)),
    )
