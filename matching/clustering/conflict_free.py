"""
A quick test for components without a conflict: all their records are one device, and the rule need not be applied.

That is so for most components. The test looks at each record once, to find the kinds on which the records do not all
have the same value, and compares pairs only where it must. A property test checks it against the rule.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

from matching.evidence.identity import Identity
from matching.values.embedded import is_serial_of_virtual_machine
from matching.values.placeholders import is_generic_hostname, is_of_virtual_machine

MAX_COMPARED = 50
"""The largest component in which pairs are compared: the cost grows with the square of the records."""


def is_conflict_free(
    identities: Sequence[Identity], customers: Sequence[str | None], complete_providers: Collection[str]
) -> bool:
    """
    Whether no two records of a component can be in conflict. False may also mean that the quick test cannot tell.

    No decision may name one of the records.

    Args:
        customers: The customer of each identity; None where it is unknown.
        complete_providers: The providers that list every adapter of a box.
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
            if is_generic_hostname(name):
                return False
            are_hostnames_different |= name != (hostname := hostname or name)
            is_renamed |= identity.has_hostname_field and name != (field_hostname := field_hostname or name)
        adapter_lists += bool(identity.macs or identity.weak or identity.shared_adapters)
    may_be_renamed_clones = are_hostnames_different and (
        _is_any_provider_repeated(identities)
        or _may_be_virtual_clones(identities)
        or (_is_any_guid_doubtful(identities) and not _is_one_adapter_on_all(identities))
    )
    if may_be_renamed_clones or (adapter_lists > 1 and _is_any_provider_showing_two(identities)):
        return False
    if is_renamed:
        return len(identities) <= MAX_COMPARED and _is_one_box_renamed(identities, complete_providers)
    # Records whose hostnames differ may have met through their prefix alone.
    if not are_hostnames_different and (adapter_lists <= 1 or _is_one_adapter_on_all(identities)):
        return True
    # Adapters that differ are a veto against hostnames only: hardware that connects all records outweighs them.
    return len(identities) <= MAX_COMPARED and _is_connected_by_hardware(identities, with_adapters=True)


def _common(known: tuple[str, ...] | None, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values that are in both; all of `values` where none are known yet."""
    if known is None or known == values:
        return values
    return tuple(value for value in known if value in values)


def _is_any_provider_repeated(identities: Sequence[Identity]) -> bool:
    return len({identity.key.provider for identity in identities}) < len(identities)


def _is_any_provider_showing_two(identities: Sequence[Identity]) -> bool:
    """Whether a provider lists two records that have adapters, and none in common, as those of a clone."""
    lists: dict[str, list[set[str]]] = {}
    for identity in identities:
        if adapters := identity.adapters():
            lists.setdefault(identity.key.provider, []).append(set(adapters))
    return any(len(own) > 1 and not set.intersection(*own) for own in lists.values())


def _may_be_virtual_clones(identities: Sequence[Identity]) -> bool:
    """Whether two records may be virtual machines without an adapter in common."""
    lists = [set(identity.adapters()) for identity in identities]
    if any(map(is_serial_of_virtual_machine, {serial for identity in identities for serial in identity.serials})):
        return not set.intersection(*lists)
    virtual = [adapters for adapters in lists if adapters and all(map(is_of_virtual_machine, adapters))]
    return len(virtual) > 1 and not set.intersection(*virtual)


def _is_any_guid_doubtful(identities: Sequence[Identity]) -> bool:
    """Whether a record has a GUID and a placeholder for a serial."""
    return any(identity.guid and identity.has_placeholder_serial for identity in identities)


def _is_one_adapter_on_all(identities: Sequence[Identity]) -> bool:
    """Whether one adapter is on every record that lists any."""
    lists = [set(adapters) for identity in identities if (adapters := identity.adapters())]
    return not lists or bool(set.intersection(*lists))


def _is_one_box_renamed(identities: Sequence[Identity], complete_providers: Collection[str]) -> bool:
    """
    Whether GUIDs and serials connect all records, although their hostnames differ and each is of another provider.

    Only a clone could still be a conflict. Adapters show one where both sides list all of theirs.
    """
    complete = (identity for identity in identities if identity.key.provider in complete_providers)
    lists = [set(adapters) for identity in complete if (adapters := identity.adapters())]
    if any(one.isdisjoint(other) for one, other in combinations(lists, 2)):
        return False
    return _is_connected_by_hardware(identities, with_adapters=False)


def _is_connected_by_hardware(identities: Sequence[Identity], *, with_adapters: bool) -> bool:
    """Whether GUIDs and serials, and MACs if they may, connect all records."""
    sets: list[set[str]] = []
    for identity in identities:
        adapters = identity.macs if with_adapters else ()
        values = {*identity.serials, *adapters, identity.guid or str(identity.key)}
        apart = [other for other in sets if values.isdisjoint(other)]
        sets = [*apart, values.union(*(other for other in sets if not values.isdisjoint(other)))]
    return len(sets) == 1
