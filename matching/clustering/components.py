"""
Components: the records that hang together through blocking keys, directly or through others.

A component is the unit of resolution. No join is possible between two components, so each is resolved by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from matching.calibration.truncated_names import NamePrefix
from matching.clustering.blocking import FAMILIES, LINK, Value, hostname_values, link_targets
from matching.disjoint_sets import DisjointSets
from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import Identity
from matching.model import Key

Customers = Sequence[str | None]
"""Of each identity, the customer; None where it is unknown."""


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
    """Return the components of usable identities; `same` are people's decisions, which join records as well."""
    sets = DisjointSets(len(identities))
    for family in FAMILIES:
        first: dict[Value, int] = {}
        for position, identity in enumerate(identities):
            for value in family.values(identity):  # the innermost loop over all records: no call but these
                if (other := first.setdefault(value, position)) != position:
                    sets.union((other, position))
        if family.name == LINK and first:
            _meet_targets(sets, first, identities)
    _join_decided(sets, same, identities)
    _join_own_long_hostnames(sets, identities, customers, ambiguous_prefixes)
    possible = possible_customers(sets, customers)
    first = {}
    for position, identity in enumerate(identities):
        if identity.hostname:
            for value in hostname_values(identity.hostname, possible[position], ambiguous_prefixes):
                _meet(sets, first, value, position)
    return Components(sets.sets(), possible)


def possible_customers(sets: DisjointSets, customers: Customers) -> list[Collection[str]]:
    """
    Return the customers to which each record may belong: its own, and those of the records that it hangs together with.

    A row in a catch-all is its customer's as soon as a serial ties it to another row of that customer.
    """
    several: dict[int, dict[str, None]] = {}
    homes = [sets.find(position) for position in range(len(customers))]
    for position, home in enumerate(homes):
        if customers[position] != customers[home]:
            found = several.setdefault(home, {})
            found.update((customer, None) for customer in (customers[home], customers[position]) if customer)
    alone: dict[str, Collection[str]] = {}
    return [
        several.get(home) or (alone.setdefault(customer, (customer,)) if customer else ())
        for home, customer in zip(homes, customers, strict=True)
    ]


def _meet(sets: DisjointSets, first: dict[Value, int], value: Value, position: int) -> None:
    """Unite a record with the first one that has the value."""
    if (other := first.setdefault(value, position)) != position:
        sets.union((other, position))


def _meet_targets(sets: DisjointSets, first: dict[Value, int], identities: Sequence[Identity]) -> None:
    targets = link_targets(identities)
    for position, identity in enumerate(identities):
        if identity.key in targets:
            _meet(sets, first, identity.key, position)


def _join_decided(sets: DisjointSets, same: Iterable[tuple[Key, Key]], identities: Sequence[Identity]) -> None:
    pairs = list(same)
    wanted = {key for pair in pairs for key in pair}
    place = {identity.key: i for i, identity in enumerate(identities) if identity.key in wanted} if wanted else {}
    for left, right in pairs:
        if left in place and right in place:
            sets.union((place[left], place[right]))


def _join_own_long_hostnames(
    sets: DisjointSets, identities: Sequence[Identity], customers: Customers, ambiguous_prefixes: Collection[NamePrefix]
) -> None:
    """A truncated hostname and the longer one tie their records inside one customer, whatever else is known of them."""
    first: dict[Value, int] = {}
    for position, (identity, customer) in enumerate(zip(identities, customers, strict=True)):
        if identity.hostname and customer and len(identity.hostname) >= NETBIOS_LENGTH:
            for value in hostname_values(identity.hostname, (customer,), ambiguous_prefixes):
                _meet(sets, first, value, position)
