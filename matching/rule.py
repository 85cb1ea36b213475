"""
What speaks against a join: the one test that the resolver, the reviews and the explanations all ask.

Evidence is ranked. Two groups that agree on one kind stay apart when something stronger says that they are two boxes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from matching.companies import Companies, Relation
from matching.errors import BadDecision
from matching.evidence import Group, agree, disagree, names_differ
from matching.index import Forest
from matching.model import Decision, Key, Kind, Verdict
from matching.policy import Policy

LARGEST_TEST = 600
"""Groups that are compared pair by pair, at the most; in a larger set that may hold a conflict, nobody joins."""


class Objection(StrEnum):
    """Why two groups that share a value are not joined."""

    DECISION = "decision"
    GUID = "guid differs"
    SERIAL = "serial differs"
    ADAPTERS = "adapters differ"
    NAME = "name differs"
    COMPANY = "other company"
    COMPANY_UNKNOWN = "company unknown"
    CLONE = "clone"
    LIVENESS = "liveness differs"


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule with everything it depends on besides the groups: policy, company map and decisions `different`."""

    policy: Policy = field(default_factory=Policy)
    companies: Companies = field(default_factory=Companies)
    parted: Mapping[Key, frozenset[Key]] = field(default_factory=dict)

    def objection(self, left: Group, right: Group, kind: Kind) -> Objection | None:
        """Return what speaks against joining two groups on a kind of evidence, the weightiest first, or None."""
        if self.parted and self._is_parted(left, right):
            return Objection.DECISION
        if kind is not Kind.BIOS_GUID and self._boards_differ(left, right, kind):
            return Objection.GUID
        if kind is Kind.BIOS_GUID:
            return Objection.CLONE if self._is_clone(left, right, kind) else None
        if kind is Kind.SERIAL:
            return self._against_serial(left, right)
        return self._against_name(left, right) if kind is Kind.HOSTNAME else self._against_adapter(left, right, kind)

    def has_conflict(self, groups: Sequence[Group], kind: Kind) -> bool:
        """Whether any two of the groups must not join on this kind; distinct values are counted before pairs."""
        if len(groups) < 2 or not self._may_conflict(groups, kind):
            return False
        if len(groups) > LARGEST_TEST:
            return True
        return any(self.objection(left, right, kind) for left, right in combinations(groups, 2))

    def is_one_customer(self, left: Group, right: Group) -> bool:
        """Whether the groups' companies are known to be one customer."""
        return self._relation(left, right) is Relation.SAME

    def _may_conflict(self, groups: Sequence[Group], kind: Kind) -> bool:
        """Whether a look at the distinct values leaves room for a conflict; linear, and never wrong when it says no."""
        if self.parted:
            return True
        if kind is not Kind.BIOS_GUID and _diverge(group.guids for group in groups):
            return True
        if kind in {Kind.BIOS_GUID, Kind.SERIAL}:
            return _diverge(group.names for group in groups) or self._companies_diverge(groups, kind)
        if _diverge(group.serials for group in groups) or self._companies_diverge(groups, kind):
            return True
        if kind is Kind.HOSTNAME:
            return len({group.live for group in groups}) > 1 or _diverge(group.adapters for group in groups)
        return _diverge(group.stated(Kind.HOSTNAME) for group in groups) or _diverge(group.names for group in groups)

    def _companies_diverge(self, groups: Sequence[Group], kind: Kind) -> bool:
        if kind is Kind.HOSTNAME:
            return not frozenset.intersection(*(group.customers for group in groups))
        return kind is not Kind.BIOS_GUID and _diverge(group.customers for group in groups)

    def _against_serial(self, left: Group, right: Group) -> Objection | None:
        if self._relation(left, right) is Relation.DIFFERENT:
            return Objection.COMPANY
        return Objection.CLONE if self._is_clone(left, right, Kind.SERIAL) else None

    def _against_adapter(self, left: Group, right: Group, kind: Kind) -> Objection | None:
        if disagree(left, right, Kind.SERIAL):
            return Objection.SERIAL
        if self._relation(left, right) is Relation.DIFFERENT:
            return Objection.COMPANY
        may_travel = kind is Kind.MAC and self.policy.mac_against_name == "review"
        return Objection.NAME if may_travel and _are_called_differently(left, right) else None

    def _against_name(self, left: Group, right: Group) -> Objection | None:
        if disagree(left, right, Kind.SERIAL):
            return Objection.SERIAL
        if _adapters_differ(left, right):
            return Objection.ADAPTERS
        relation = self._relation(left, right)
        if relation is not Relation.SAME:
            return Objection.COMPANY if relation is Relation.DIFFERENT else Objection.COMPANY_UNKNOWN
        shares_hardware = agree(left, right, Kind.SERIAL) or agree(left, right, Kind.MAC)
        return Objection.LIVENESS if left.live != right.live and not shares_hardware else None

    def _is_clone(self, left: Group, right: Group, kind: Kind) -> bool:
        """Whether two boxes show one GUID or serial: known names differ, no adapter in common, and the rest fits."""
        if not disagree(left, right, Kind.HOSTNAME) or not left.adapters.isdisjoint(right.adapters):
            return False
        if (left.complete and right.complete) or (kind is Kind.BIOS_GUID and disagree(left, right, Kind.SERIAL)):
            return True
        # An agent counts each box once: two live rows under two names and two adapters are two boxes.
        counted = _providers(left) & _providers(right) - self.policy.psa_providers
        return bool(counted and left.adapters and right.adapters) and left.live and right.live

    def _boards_differ(self, left: Group, right: Group, kind: Kind) -> bool:
        """Whether the GUIDs speak against it, and not merely of a new mainboard that the policy lets pass."""
        is_new_board = (
            self.policy.board_replacement == "join"
            and kind is Kind.SERIAL
            and agree(left, right, Kind.SERIAL)
            and agree(left, right, Kind.HOSTNAME)
            and self.is_one_customer(left, right)
        )
        return disagree(left, right, Kind.BIOS_GUID) and not is_new_board

    def _relation(self, left: Group, right: Group) -> Relation:
        return self.companies.relation(left.customers, right.customers)

    def _is_parted(self, left: Group, right: Group) -> bool:
        return any(not right.keys.isdisjoint(self.parted.get(key, frozenset())) for key in left.keys)


def _adapters_differ(left: Group, right: Group) -> bool:
    """
    Whether the adapters say two boxes where one name is all that says one.

    Either both list every adapter and have none in common, or one provider lists the two side by side, each under an
    adapter of its own: then a name stands twice, and it is a person's to say whether the box does.
    """
    if disagree(left, right, Kind.MAC):
        return True
    side_by_side = _providers(left) & _providers(right)
    return bool(side_by_side and left.macs and right.macs) and left.adapters.isdisjoint(right.adapters)


def _are_called_differently(left: Group, right: Group) -> bool:
    """
    Whether names speak against an adapter that two groups share, which may be a dock's.

    A display name contradicts only where one provider lists both groups: somebody who has a row for each of two boxes
    names them apart, and a box that has a row of its own name does not need one of another name.
    """
    if _providers(left) & _providers(right):
        return names_differ(left.stated(Kind.HOSTNAME), right.stated(Kind.HOSTNAME))
    return disagree(left, right, Kind.HOSTNAME)


def _providers(group: Group) -> set[str]:
    return {key.provider for key in group.keys}


def parted_by(decisions: Iterable[Decision]) -> dict[Key, frozenset[Key]]:
    """Return, for each record, the records that people declared to be different boxes."""
    parted: dict[Key, frozenset[Key]] = {}
    for decision in decisions:
        if decision.verdict is Verdict.DIFFERENT:
            for one, other in ((decision.left, decision.right), (decision.right, decision.left)):
                parted[one] = parted.get(one, frozenset()) | {other}
    return parted


def joined_by(decisions: Iterable[Decision]) -> list[tuple[Key, Key]]:
    """Return the pairs of records that people declared to be one box."""
    return [(decision.left, decision.right) for decision in decisions if decision.verdict is Verdict.SAME]


def check_decisions(decisions: Sequence[Decision]) -> None:
    """
    Refuse decisions that contradict each other.

    Raises:
        BadDecision: A *different* whose two records other decisions make the same box, with all of them named.
    """
    keys = sorted({key for decision in decisions for key in (decision.left, decision.right)})
    position = {key: i for i, key in enumerate(keys)}
    forest = Forest(len(keys))
    for left, right in joined_by(decisions):
        forest.join((position[left], position[right]))
    for decision in decisions:
        home = forest.find(position[decision.left])
        if decision.verdict is Verdict.DIFFERENT and home == forest.find(position[decision.right]):
            chain = ", ".join(
                f"{left} = {right}" for left, right in joined_by(decisions) if forest.find(position[left]) == home
            )
            raise BadDecision(
                f"{decision.left} and {decision.right} are decided to differ, yet to be the same: {chain}"
            )


def _diverge(sets: Iterable[frozenset[str]]) -> bool:
    """Whether no value is in all of the non-empty sets: only then can two of them be disjoint."""
    common: frozenset[str] | None = None
    for values in sets:
        if values:
            common = values if common is None else common & values
            if not common:
                return True
    return False
