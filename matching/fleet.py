"""
All records together: what each says after calibration, and which of them hang together.

What is global ends here. A component is resolved from a `Fleet` by one pure function, whichever component it is and
whoever asks: the batch, an increment, another process.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching import cutnames
from matching.calibrate import Calibration, calibrate, usable
from matching.evidence import Group, group_of
from matching.identity import Identity
from matching.index import build, components
from matching.model import Decision, Key
from matching.placeholders import is_role
from matching.policy import Policy
from matching.resolve import Outcome, resolve
from matching.rule import Rule, check_decisions, joined_by, parted_by

FEW = 50
"""Records among which a short way is worth looking for: its cost grows with their square."""

Positions = Sequence[int]
"""Places in `Fleet.identities`, in order."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """
    The usable identities in order of key, the customer of each, and the components of two or more.

    `decided` are the keys of records that a decision names.
    """

    identities: Sequence[Identity]
    customers: Sequence[str | None]
    components: Sequence[Positions]
    calibration: Calibration
    rule: Rule
    same: Sequence[tuple[Key, Key]]
    decided: frozenset[Key]

    def devices(self, resolved: Callable[[Positions], Outcome] | None = None) -> Iterator[list[int]]:
        """
        Yield each device as the positions of its records, in no particular order.

        Args:
            resolved: What answers in place of `outcome`, when it is asked elsewhere as well.
        """
        alone = bytearray(b"\1") * len(self.identities)
        for component in self.components:
            for position in component:
                alone[position] = 0
            if self.is_peaceful(component):
                yield list(component)
            else:
                yield from self._parts(component, (resolved or self.outcome)(component))
        yield from ([position] for position, flag in enumerate(alone) if flag)

    def outcome(self, component: Positions) -> Outcome:
        """Return the devices of a component and how they were built."""
        return resolve([self.single(position) for position in component], self.same_among(component), self.rule)

    def same_among(self, component: Positions) -> list[tuple[Key, Key]]:
        """Return the decisions *same* about records of a component."""
        if not self.decided:
            return []
        keys = {self.identities[position].key for position in component}
        return [pair for pair in self.same if not keys.isdisjoint(pair)] if not keys.isdisjoint(self.decided) else []

    def single(self, position: int) -> Group:
        """Return what one record says by itself."""
        return group_of(self.identities[position], self.customers[position], self.calibration.complete)

    def is_peaceful(self, component: Positions) -> bool:
        """
        Whether no two records of a component can be in conflict, so that all of it is one device.

        Looks for a kind of which not all have one value, before it compares anybody: most components have none.
        """
        guid = serials = name = label = customer = live = None
        is_called_differently = is_renamed = False
        lists = 0
        for position in component:
            identity = self.identities[position]
            key, own_guid, own_serials, _, macs, _, own_label, is_field, cut, _, _, own_live, _ = identity
            own_customer = self.customers[position]
            if (
                (own_guid and own_guid != (guid := guid or own_guid))
                or (own_serials and own_serials != serials and not (serials := _common(serials, own_serials)))
                or (own_label and is_role(own_label))
                or (own_customer and own_customer != (customer := customer or own_customer))
                or own_live is not (live := own_live if live is None else live)
                or key in self.decided
                or cut
            ):
                return False
            is_called_differently |= bool(own_label) and own_label != (label := label or own_label)
            is_renamed |= bool(own_label) and is_field and own_label != (name := name or own_label)
            lists += bool(macs)
        if is_called_differently and self._is_listed_twice(component):
            return False
        if is_renamed:
            return len(component) <= FEW and self._is_one_box_renamed(component)
        # Adapters that do not meet speak against a name only: hardware that holds all together outweighs them.
        if lists <= 1 or self._adapters_meet(component):
            return True
        return len(component) <= FEW and self._is_held_together(component, by_adapters=True)

    def _is_listed_twice(self, component: Positions) -> bool:
        """Whether a provider lists two of the records."""
        return len({self.identities[position].key.provider for position in component}) < len(component)

    def _adapters_meet(self, component: Positions) -> bool:
        """Whether one adapter is on every record that lists any."""
        lists = [set(macs) for position in component if (macs := self.identities[position].macs)]
        return bool(lists[0].intersection(*lists[1:]))

    def _is_one_box_renamed(self, component: Positions) -> bool:
        """
        Whether GUIDs and serials connect records that bear several names, each from another provider.

        What could still part them is that one of them was cloned, which adapters tell where both sides list them all.
        """
        identities = [self.identities[position] for position in component]
        complete = (identity for identity in identities if identity.key.provider in self.calibration.complete)
        lists = [set(adapters) for identity in complete if (adapters := identity.adapters())]
        if any(one.isdisjoint(other) for one, other in combinations(lists, 2)):
            return False
        return self._is_held_together(component, by_adapters=False)

    def _is_held_together(self, component: Positions, *, by_adapters: bool) -> bool:
        """Whether GUIDs and serials, and MACs if they may, connect all records."""
        pools: list[set[str]] = []
        for position in component:
            identity = self.identities[position]
            adapters = identity.macs if by_adapters else ()
            pool = {*identity.serials, *adapters, identity.guid or str(identity.key)}
            apart = [other for other in pools if pool.isdisjoint(other)]
            pools = [*apart, pool.union(*(other for other in pools if not pool.isdisjoint(other)))]
        return len(pools) == 1

    def _parts(self, component: Positions, outcome: Outcome) -> Iterator[list[int]]:
        position = {self.identities[place].key: place for place in component}
        for group in outcome.groups:
            yield sorted(position[key] for key in group.keys)


def _common(known: tuple[str, ...] | None, values: tuple[str, ...]) -> tuple[str, ...]:
    """What is left of the known values beside others; all of those where none are known."""
    return values if known is None else tuple(value for value in known if value in values)


def assemble(
    identities: Iterable[Identity],
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
    index = build(identities)
    learnt = calibration or calibrate(index, policy)
    customers = [learnt.companies.of(identity.company) for identity in index.identities]
    screened = usable(index, learnt)
    edges = cutnames.restore(screened, customers, policy.psa_providers, learnt.crowded)
    same = joined_by(decisions)
    edges += _positions(same, screened)
    return Fleet(
        identities=screened,
        customers=customers,
        components=components(index, [identity.name for identity in screened], learnt.screen, customers, edges),
        calibration=learnt,
        rule=Rule(policy, learnt.companies, parted_by(decisions)),
        same=same,
        decided=frozenset(key for decision in decisions for key in (decision.left, decision.right)),
    )


def _positions(pairs: Sequence[tuple[Key, Key]], identities: Sequence[Identity]) -> list[list[int]]:
    """Pairs of keys as pairs of positions, where both records are present."""
    wanted = {key for pair in pairs for key in pair}
    position = {identity.key: i for i, identity in enumerate(identities) if identity.key in wanted} if wanted else {}
    return [[position[left], position[right]] for left, right in pairs if left in position and right in position]
