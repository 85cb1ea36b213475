"""
The vetoes: what speaks against a join, one fact of the world each, the weightiest first.

Evidence is ranked. Two groups that agree on one kind stay apart where something stronger says that they are two boxes.
`VETOES` states all of it: a function, the kinds of evidence that it outweighs, and what would settle it. The first
sentence of a function's docstring is what explanations and the API show.

Beside each veto stands what must be so among a set of groups before it can hold between any two of them. That takes
one look at each group and spares the comparison of pairs; a property test holds it to the veto.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matching.calibration.companies import CompanyMap, Relation
from matching.evidence.groups import Group, agree, disagree, hostnames_differ
from matching.model import Key, Kind
from matching.policy import OnConflict, Policy


@dataclass(frozen=True, slots=True)
class Premises:
    """
    What a veto depends on besides the two groups: policy, company map and decisions *different*.

    `parted` leads from a record to those that people declared to be other boxes.
    """

    policy: Policy = field(default_factory=Policy)
    companies: CompanyMap = field(default_factory=CompanyMap)
    parted: Mapping[Key, frozenset[Key]] = field(default_factory=dict)

    def relation(self, left: Group, right: Group) -> Relation:
        """Return what is known of the companies of two groups."""
        return self.companies.relation(left.customers, right.customers)

    def is_one_customer(self, left: Group, right: Group) -> bool:
        """Whether the groups' companies are known to be one customer."""
        return self.relation(left, right) is Relation.SAME


def decided_different(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """A person decided that they are different boxes."""
    return any(not right.keys.isdisjoint(premises.parted.get(key, frozenset())) for key in left.keys)


def bios_guids_differ(left: Group, right: Group, kind: Kind, premises: Premises) -> bool:
    """
    Their BIOS GUIDs differ, which outweighs it.

    `Policy:BoardReplacement` = `join` lets an equal serial and hostname inside one customer pass as a new mainboard.
    """
    is_new_board = (
        premises.policy.board_replacement is OnConflict.JOIN
        and kind is Kind.SERIAL
        and agree(left, right, Kind.SERIAL)
        and agree(left, right, Kind.HOSTNAME)
        and premises.is_one_customer(left, right)
    )
    return disagree(left, right, Kind.BIOS_GUID) and not is_new_board


def serials_differ(left: Group, right: Group, _: Kind, __: Premises) -> bool:
    """Their serials differ, which outweighs it."""
    return disagree(left, right, Kind.SERIAL)


def adapters_differ(left: Group, right: Group, _: Kind, __: Premises) -> bool:
    """
    Their adapters differ where they should meet, and nothing but a name says that they are one box.

    Either both list every adapter and have none in common, or one provider lists the two side by side, each under an
    adapter of its own: then a name stands twice, and it is a person's to say whether the box does.
    """
    if disagree(left, right, Kind.MAC):
        return True
    are_side_by_side = bool(_providers(left) & _providers(right))
    return are_side_by_side and bool(left.macs and right.macs) and left.adapters.isdisjoint(right.adapters)


def companies_differ(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """They belong to different companies."""
    return premises.relation(left, right) is Relation.DIFFERENT


def companies_unknown(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """It is not known that their companies are the same, and names repeat between companies."""
    return premises.relation(left, right) is Relation.UNKNOWN


def cloned(left: Group, right: Group, kind: Kind, premises: Premises) -> bool:
    """
    Names and adapters differ, as on a cloned machine or a copied value.

    Hostnames are known and differ and no adapter is common to both. To this comes one of: both list every adapter; they
    share a BIOS GUID and their serials differ; or one agent lists both as live, each under adapters of its own, for an
    agent counts each box once.
    """
    if not disagree(left, right, Kind.HOSTNAME) or not left.adapters.isdisjoint(right.adapters):
        return False
    if (left.complete and right.complete) or (kind is Kind.BIOS_GUID and disagree(left, right, Kind.SERIAL)):
        return True
    agents_of_both = _providers(left) & _providers(right) - premises.policy.psa_providers
    return bool(agents_of_both and left.adapters and right.adapters) and left.live and right.live


def hostnames_contradict(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """
    Their hostnames differ, and adapters travel with docks.

    A display name contradicts only where one provider lists both groups: somebody who has a row for each of two boxes
    names them apart, and a box that has a row of its own name needs none of another name.
    """
    if premises.policy.mac_against_name is OnConflict.JOIN:
        return False
    if _providers(left) & _providers(right):
        return hostnames_differ(left.stated(Kind.HOSTNAME), right.stated(Kind.HOSTNAME))
    return disagree(left, right, Kind.HOSTNAME)


def liveness_differs(left: Group, right: Group, _: Kind, __: Premises) -> bool:
    """One is retired and the other is not, so the name may have been used again."""
    return left.live != right.live and not (agree(left, right, Kind.SERIAL) or agree(left, right, Kind.MAC))


Groups = Sequence[Group]


def _any_is_parted(_: Groups, premises: Premises) -> bool:
    return bool(premises.parted)


def _guids_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.guids for group in groups)


def _serials_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.serials for group in groups)


def _adapters_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.adapters for group in groups)


def _customers_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.customers for group in groups)


def _no_customer_is_common(groups: Groups, _: Premises) -> bool:
    return not frozenset.intersection(*(group.customers for group in groups))


def _field_hostnames_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.field_hostnames for group in groups)


def _hostnames_diverge(groups: Groups, premises: Premises) -> bool:
    stated = _diverge(group.stated(Kind.HOSTNAME) for group in groups)
    return stated or _field_hostnames_diverge(groups, premises)


def _liveness_diverges(groups: Groups, _: Premises) -> bool:
    return len({group.live for group in groups}) > 1


class Veto(NamedTuple):
    """
    One fact that speaks against a join, the kinds of evidence that it outweighs, and what would settle it.

    `may_hold` is false only where `holds` is false for any two of the groups.
    """

    holds: Callable[[Group, Group, Kind, Premises], bool]
    kinds: frozenset[Kind]
    may_hold: Callable[[Groups, Premises], bool]
    remedy: str

    @property
    def code(self) -> str:
        """The name by which programs know it."""
        return self.holds.__name__

    @property
    def sentence(self) -> str:
        """What it says, for people."""
        return " ".join((self.holds.__doc__ or "").strip().partition("\n\n")[0].split())


GUID, SERIAL, LINK, MAC, HOSTNAME = (frozenset((kind,)) for kind in Kind)

VETOES = (
    Veto(
        decided_different,
        GUID | SERIAL | LINK | MAC | HOSTNAME,
        _any_is_parted,
        "revoking that decision",
    ),
    Veto(
        bios_guids_differ,
        SERIAL | LINK | MAC | HOSTNAME,
        _guids_diverge,
        "the decision `same`; or Policy:BoardReplacement = join, if serial and hostname agree",
    ),
    Veto(
        serials_differ,
        LINK | MAC | HOSTNAME,
        _serials_diverge,
        "the decision `same`; or a corrected serial at the provider that is wrong",
    ),
    Veto(
        adapters_differ,
        HOSTNAME,
        _adapters_diverge,
        "the decision `same`; or an adapter that both list",
    ),
    Veto(
        companies_differ,
        SERIAL | LINK | MAC | HOSTNAME,
        _customers_diverge,
        "the decision `same`; or Policy:CompanyMap, if the two companies are one customer",
    ),
    Veto(
        companies_unknown,
        HOSTNAME,
        _no_customer_is_common,
        "the decision `same`; or Policy:CompanyMap, if the two companies are one customer",
    ),
    Veto(
        cloned,
        GUID | SERIAL,
        _field_hostnames_diverge,
        "the decision `same`; or an adapter that both list",
    ),
    Veto(
        hostnames_contradict,
        MAC,
        _hostnames_diverge,
        "the decision `same`; or Policy:MacAgainstName = join",
    ),
    Veto(
        liveness_differs,
        HOSTNAME,
        _liveness_diverges,
        "the decision `same`; or a serial or MAC that both list",
    ),
)
"""All vetoes, the weightiest first: the first one that holds is the one that people are told."""

VETOES_AGAINST: Mapping[Kind, Sequence[Veto]] = {
    kind: tuple(veto for veto in VETOES if kind in veto.kinds) for kind in Kind
}
"""Kind of evidence -> the vetoes that outweigh it."""


def _providers(group: Group) -> set[str]:
    return {key.provider for key in group.keys}


def _diverge(sets: Iterable[frozenset[str]]) -> bool:
    """Whether no value is in all of the non-empty sets: only then can two of them be disjoint."""
    common: frozenset[str] | None = None
    for values in sets:
        if values:
            common = values if common is None else common & values
            if not common:
                return True
    return False
