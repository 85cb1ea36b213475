"""
The vetoes: the facts that keep two groups from joining although they share a value.

Evidence is ranked. Two groups that agree on one kind stay apart where something stronger says that they are two boxes.
`VETOES` is the complete table, weightiest first. Each row has a function, the kinds of evidence that the veto
outweighs, and what would remove the veto. The first sentence of a function's docstring is what explanations and
the API show.

Each veto has a second function, `may_hold`: a quick test whether it can hold between any two of a set of groups. It
looks at each group once and so avoids the comparison of pairs. A property test checks it against the veto.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matching.calibration.companies import CompanyMap, Relation
from matching.evidence.groups import Group, agree, disagree, hostnames_differ
from matching.model import Key, Kind
from matching.policy import OnConflict, Policy
from matching.values.embedded import is_serial_of_virtual_machine
from matching.values.placeholders import is_of_virtual_machine


@dataclass(frozen=True, slots=True)
class Premises:
    """
    What a veto depends on besides the two groups: policy, company map and decisions *different*.

    `parted` maps a record to those that people decided to be different boxes.
    """

    policy: Policy = field(default_factory=Policy)
    companies: CompanyMap = field(default_factory=CompanyMap)
    parted: Mapping[Key, frozenset[Key]] = field(default_factory=dict)

    def relation(self, left: Group, right: Group) -> Relation:
        """Return how the companies of two groups relate."""
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

    `Policy:BoardReplacement` = `join` lets an equal serial and hostname inside one customer pass as a new mainboard,
    unless two live agents measured the different GUIDs: then both boards are in use.
    """
    is_new_board = (
        premises.policy.board_replacement is OnConflict.JOIN
        and kind is Kind.SERIAL
        and agree(left, right, Kind.SERIAL)
        and agree(left, right, Kind.HOSTNAME)
        and premises.is_one_customer(left, right)
        and not _are_both_boards_in_use(left, right, premises)
    )
    return disagree(left, right, Kind.BIOS_GUID) and not is_new_board


def _are_both_boards_in_use(left: Group, right: Group, premises: Premises) -> bool:
    mine, theirs = (
        {guid for provider, guid in group.live_guids if provider not in premises.policy.psa_providers}
        for group in (left, right)
    )
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def serials_differ(left: Group, right: Group, _: Kind, __: Premises) -> bool:
    """Their serials differ, which outweighs it."""
    return disagree(left, right, Kind.SERIAL)


def adapters_differ(left: Group, right: Group, _: Kind, __: Premises) -> bool:
    """
    Their adapters differ where they should meet, and nothing but a name says that they are one box.

    Either both list every adapter and have none in common; or the adapters of one are those of a virtual machine, and
    the other has none such; or one provider lists both, each with adapters of its own that do not travel: then it lists
    one name twice, and a person has to say whether that is one box.
    """
    if disagree(left, right, Kind.MAC):
        return True
    if not (left.adapters and right.adapters) or not left.adapters.isdisjoint(right.adapters):
        return False
    mine, theirs = (list(map(is_of_virtual_machine, group.adapters)) for group in (left, right))
    if (all(mine) and not any(theirs)) or (all(theirs) and not any(mine)):
        return True
    have_fixed = bool(left.macs or any(mine)) and bool(right.macs or any(theirs))
    return have_fixed and not _providers(left).isdisjoint(_providers(right))


def customers_untrusted(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """
    They belong to different companies, and a provider of theirs is not trusted across customers.

    Anybody who may push records could otherwise join a box of one customer with that of another by copying its GUID.
    """
    return _is_any_untrusted((left, right), premises) and premises.relation(left, right) is Relation.DIFFERENT


def companies_differ(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """They belong to different companies."""
    return premises.relation(left, right) is Relation.DIFFERENT


def companies_unknown(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """It is not known that their companies are the same, and names repeat between companies."""
    return premises.relation(left, right) is Relation.UNKNOWN


def cloned(left: Group, right: Group, kind: Kind, premises: Premises) -> bool:
    """
    Adapters differ, and names or other hardware too, as on a cloned machine or a copied value.

    No adapter is on both, and one of these is so as well:

    * the hostnames are known and differ, and both list every adapter, or their serials differ beside one GUID;
    * their serials differ beside one GUID, both have adapters, and no hostname says that they are one box;
    * the names differ, and they are virtual machines, whose adapters do not travel: both have adapters, or both are
      live, and the names are hostnames or are given by one provider;
    * both have adapters and the names differ, and the GUID is all that they share, which both give beside a
      placeholder for a serial: whoever left the serial unwritten may have left one GUID on a batch of boards;
    * one agent lists both as live, each with adapters of its own, and the hostnames differ, or the serials do, or all
      adapters are of virtual machines, or the serial is all that they share and no GUID is known. An agent lists each
      box once, so that this holds whatever the names are.
    """
    if not left.adapters.isdisjoint(right.adapters):
        return False
    are_serials_different = kind is Kind.BIOS_GUID and disagree(left, right, Kind.SERIAL)
    are_names_different = disagree(left, right, Kind.HOSTNAME)
    if are_names_different and ((left.complete and right.complete) or are_serials_different):
        return True
    have_adapters = bool(left.adapters and right.adapters)
    if are_serials_different and have_adapters and not agree(left, right, Kind.HOSTNAME):
        return True
    if _are_two_virtual_machines(left, right) or (have_adapters and _is_guid_doubtful(left, right)):
        return True
    is_serial_alone = not (left.guids or right.guids)  # a GUID that both share is inside the serial then
    is_other_box = (
        are_names_different or are_serials_different or is_serial_alone or _have_virtual_adapters(left, right)
    )
    agents_of_both = _providers(left) & _providers(right) - premises.policy.psa_providers
    return is_other_box and bool(agents_of_both) and have_adapters and left.live and right.live


def _is_guid_doubtful(left: Group, right: Group) -> bool:
    """Whether names differ, and only a GUID beside placeholders for serials says that they are one box."""
    is_named_twice = hostnames_differ(left.all_values(Kind.HOSTNAME), right.all_values(Kind.HOSTNAME))
    are_doubtful = not left.doubtful_guids.isdisjoint(right.doubtful_guids)
    return are_doubtful and is_named_twice and not agree(left, right, Kind.SERIAL)


def _are_two_virtual_machines(left: Group, right: Group) -> bool:
    """Whether names and adapters show two virtual machines; display names count beside adapters or in one provider."""
    is_named_twice = hostnames_differ(left.all_values(Kind.HOSTNAME), right.all_values(Kind.HOSTNAME))
    if left.adapters and right.adapters:
        return is_named_twice and _have_virtual_adapters(left, right)
    are_listed_twice = is_named_twice and not _providers(left).isdisjoint(_providers(right))
    is_other_name = are_listed_twice or disagree(left, right, Kind.HOSTNAME)
    is_virtual = any(map(is_serial_of_virtual_machine, left.serials | right.serials))
    return is_other_name and is_virtual and left.live and right.live


def _have_virtual_adapters(left: Group, right: Group) -> bool:
    """Whether both have adapters, all of them of virtual machines."""
    return bool(left.adapters and right.adapters) and all(map(is_of_virtual_machine, left.adapters | right.adapters))


def _are_names_different(left: Group, right: Group) -> bool:
    """
    Whether the names of two groups are of two boxes.

    Display names count where one provider lists both groups: whoever keeps a row for each of two boxes gives them
    different names, and whoever keeps two rows for one box does not.
    """
    if _providers(left) & _providers(right):
        return hostnames_differ(left.all_values(Kind.HOSTNAME), right.all_values(Kind.HOSTNAME))
    return disagree(left, right, Kind.HOSTNAME)


def hostnames_contradict(left: Group, right: Group, _: Kind, premises: Premises) -> bool:
    """
    Their hostnames differ, and adapters travel with docks.

    A display name contradicts only where one provider lists both groups.
    """
    if premises.policy.mac_against_name is OnConflict.JOIN:
        return False
    return _are_names_different(left, right)


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


def _untrusted_customers_diverge(groups: Groups, premises: Premises) -> bool:
    return _is_any_untrusted(groups, premises) and _customers_diverge(groups, premises)


def _no_customer_is_common(groups: Groups, _: Premises) -> bool:
    return not frozenset.intersection(*(group.customers for group in groups))


def _field_hostnames_diverge(groups: Groups, _: Premises) -> bool:
    return _diverge(group.field_hostnames for group in groups)


def _names_or_adapters_diverge(groups: Groups, premises: Premises) -> bool:
    return _hostnames_diverge(groups, premises) or _adapters_diverge(groups, premises)


def _hostnames_diverge(groups: Groups, premises: Premises) -> bool:
    return _diverge(group.all_values(Kind.HOSTNAME) for group in groups) or _field_hostnames_diverge(groups, premises)


def _liveness_diverges(groups: Groups, _: Premises) -> bool:
    return len({group.live for group in groups}) > 1


class Veto(NamedTuple):
    """
    A fact that speaks against a join, the kinds of evidence that it outweighs, and what would remove it.

    Where `may_hold` is false of a set of groups, `holds` is false of any two of them.
    """

    holds: Callable[[Group, Group, Kind, Premises], bool]
    kinds: frozenset[Kind]
    may_hold: Callable[[Groups, Premises], bool]
    remedy: str

    @property
    def code(self) -> str:
        """The name that programs use for the veto."""
        return self.holds.__name__

    @property
    def sentence(self) -> str:
        """The veto as a sentence for people."""
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
        customers_untrusted,
        GUID | LINK,
        _untrusted_customers_diverge,
        "the decision `same`; or Policy:TrustedAcrossCustomers, if the provider may join customers",
    ),
    Veto(
        companies_differ,
        SERIAL | MAC | HOSTNAME,
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
        _names_or_adapters_diverge,
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
"""All vetoes, the weightiest first: explanations give the first one that holds."""

VETOES_AGAINST: Mapping[Kind, Sequence[Veto]] = {
    kind: tuple(veto for veto in VETOES if kind in veto.kinds) for kind in Kind
}
"""Kind of evidence -> the vetoes that outweigh it."""


def _providers(group: Group) -> set[str]:
    return {key.provider for key in group.keys}


def _is_any_untrusted(groups: Groups, premises: Premises) -> bool:
    if premises.policy.trusted_across_customers is None:
        return False
    keys = (key for group in groups for key in group.keys)
    return not all(premises.policy.trusts_across_customers(key.provider) for key in keys)


def _diverge(sets: Iterable[frozenset[str]]) -> bool:
    """Whether no value is in all of the non-empty sets: only then can two of them be disjoint."""
    common: frozenset[str] | None = None
    for values in sets:
        if values:
            common = values if common is None else common & values
            if not common:
                return True
    return False
