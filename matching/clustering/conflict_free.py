"""
Components that hold no conflict: all of their records are one device, and the rule need not be asked.

Most components are. The test looks for a kind of which not all records have one value before it compares any two of
them; a property test holds it to the rule.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

from matching.evidence.identity import Identity
from matching.values.placeholders import is_role

FEW = 50
"""Records up to which it is worth to compare adapters and hardware: the cost grows with their square."""


def is_conflict_free(
    identities: Sequence[Identity], customers: Sequence[str | None], complete_providers: Collection[str]
) -> bool:
    """
    Whether no two records of a component can be in conflict.

    It may say no where there is none. The records must be named in no decision.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
        complete_providers: Those that list every adapter of a box.
    """
    guid = serials = customer = live = field_hostname = hostname = None
    is_renamed = are_hostnames_different = False
    adapter_lists = 0
    for identity, its_customer in zip(identities, customers, strict=True):
        if (
            (identity.guid and identity.guid != (guid := guid or identity.guid))
            or (identity.serials and not (serials := _common(serials, identity.serials)))
            or (its_customer and its_customer != (customer := customer or its_customer))
            or identity.live is not (live := identity.live if live is None else live)
            or identity.truncated
        ):
            return False
        if name := identity.hostname:
            if is_role(name):
                return False
            are_hostnames_different |= name != (hostname := hostname or name)
            is_renamed |= identity.has_hostname_field and name != (field_hostname := field_hostname or name)
        adapter_lists += bool(identity.macs)
    if are_hostnames_different and _is_any_provider_repeated(identities):
        return False
    if is_renamed:
        return len(identities) <= FEW and _is_one_box_renamed(identities, complete_providers)
    # Hostnames that differ may have met by their prefix alone.
    if not are_hostnames_different and (adapter_lists <= 1 or _do_adapters_meet(identities)):
        return True
    # Adapters that do not meet speak against a hostname only: hardware that holds all together outweighs them.
    return len(identities) <= FEW and _is_held_together(identities, by_adapters=True)


def _common(known: tuple[str, ...] | None, values: tuple[str, ...]) -> tuple[str, ...]:
    """The known values that are among others as well; all of those where none are known."""
    if known is None or known == values:
        return values
    return tuple(value for value in known if value in values)


def _is_any_provider_repeated(identities: Sequence[Identity]) -> bool:
    return len({identity.key.provider for identity in identities}) < len(identities)


def _do_adapters_meet(identities: Sequence[Identity]) -> bool:
    """Whether one adapter is on every record that lists any."""
    lists = [set(identity.macs) for identity in identities if identity.macs]
    return bool(lists[0].intersection(*lists[1:]))


def _is_one_box_renamed(identities: Sequence[Identity], complete_providers: Collection[str]) -> bool:
    """
    Whether GUIDs and serials connect records that bear several hostnames, each from another provider.

    What could still part them is that one of them was cloned, which adapters tell where both sides list them all.
    """
    complete = (identity for identity in identities if identity.key.provider in complete_providers)
    lists = [set(adapters) for identity in complete if (adapters := identity.adapters())]
    if any(one.isdisjoint(other) for one, other in combinations(lists, 2)):
        return False
    return _is_held_together(identities, by_adapters=False)


def _is_held_together(identities: Sequence[Identity], *, by_adapters: bool) -> bool:
    """Whether GUIDs and serials, and MACs if they may, connect all records."""
    pools: list[set[str]] = []
    for identity in identities:
        adapters = identity.macs if by_adapters else ()
        pool = {*identity.serials, *adapters, identity.guid or str(identity.key)}
        apart = [other for other in pools if pool.isdisjoint(other)]
        pools = [*apart, pool.union(*(other for other in pools if not pool.isdisjoint(other)))]
    return len(pools) == 1
