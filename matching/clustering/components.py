"""
Components: the records that blocking keys connect, directly or through other records.

A component is the unit of resolution. No join is possible between two components, so each is resolved by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from matching.calibration.truncated_names import NamePrefix
from matching.clustering.blocking import FAMILIES, LINK, MeetingValue, hostname_values, link_targets
from matching.disjoint_sets import DisjointSets
from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import Identity
from matching.model import Key

Customers = Sequence[str | None]
"""The customer of each identity; None where it is unknown."""


class Components(NamedTuple):
    """The components of two or more records, as positions, and the customers to which each record may belong."""

    sets: Sequence[Sequence[int]]
    possible_customers: Sequence[Collection[str]]


def find_components(
    identities: Sequence[Identity],
    customers: Customers,
    same: Iterable[tuple[Key, Key]],
    ambiguous_prefixes: Collection[NamePrefix],
) -> Components:
    """
    Return the components of identities without suppressed values.

    Args:
        same: The pairs of records that people decided to be the same box; they connect records as well.
    """
    sets = DisjointSets(len(identities))
    for family in FAMILIES:
        first: dict[MeetingValue, int] = {}
        for position, identity in enumerate(identities):
            for value in family.values(identity):
                _unite_with_first(sets, first, value, position)
        if family.name == LINK and first:
            _unite_with_link_targets(sets, first, identities)
    _unite_decided(sets, same, identities)
    _unite_long_hostnames(sets, identities, customers, ambiguous_prefixes)
    possible = possible_customers(sets, customers)
    first = {}
    for position, identity in enumerate(identities):
        if identity.hostname:
            for value in hostname_values(identity.hostname, possible[position], ambiguous_prefixes):
                _unite_with_first(sets, first, value, position)
    return Components(sets.sets(), possible)


def possible_customers(sets: DisjointSets, customers: Customers) -> list[Collection[str]]:
    """
    Return the customers to which each record may belong: its own, and those of the records that it is connected with.

    A row of a catch-all belongs to a customer as soon as a serial connects it with another row of that customer.
    """
    several: dict[int, dict[str, None]] = {}
    roots = [sets.find(position) for position in range(len(customers))]
    for position, root in enumerate(roots):
        if customers[position] != customers[root]:
            found = several.setdefault(root, {})
            found.update((customer, None) for customer in (customers[root], customers[position]) if customer)
    alone: dict[str, Collection[str]] = {}
    return [
        several.get(root) or (alone.setdefault(customer, (customer,)) if customer else ())
        for root, customer in zip(roots, customers, strict=True)
    ]


def _unite_with_first(sets: DisjointSets, first: dict[MeetingValue, int], value: MeetingValue, position: int) -> None:
    """Unite a record with the first one that has the value."""
    if (other := first.setdefault(value, position)) != position:
        sets.union((other, position))


def _unite_with_link_targets(
    sets: DisjointSets, first: dict[MeetingValue, int], identities: Sequence[Identity]
) -> None:
    targets = link_targets(identities)
    for position, identity in enumerate(identities):
        if identity.key in targets:
            _unite_with_first(sets, first, identity.key, position)


def _unite_decided(sets: DisjointSets, same: Iterable[tuple[Key, Key]], identities: Sequence[Identity]) -> None:
    pairs = list(same)
    wanted = {key for pair in pairs for key in pair}
    place = {identity.key: i for i, identity in enumerate(identities) if identity.key in wanted} if wanted else {}
    for left, right in pairs:
        if left in place and right in place:
            sets.union((place[left], place[right]))


def _unite_long_hostnames(
    sets: DisjointSets, identities: Sequence[Identity], customers: Customers, ambiguous_prefixes: Collection[NamePrefix]
) -> None:
    """Unite records of one customer whose hostnames may be the same name, one of them truncated."""
    first: dict[MeetingValue, int] = {}
    for position, (identity, customer) in enumerate(zip(identities, customers, strict=True)):
        if identity.hostname and customer and len(identity.hostname) >= NETBIOS_LENGTH:
            for value in hostname_values(identity.hostname, (customer,), ambiguous_prefixes):
                _unite_with_first(sets, first, value, position)
