"""
A hostname that an agent cut to 15 characters, and the longer name that it stands for.

NetBIOS keeps 15 characters. Inside one customer, a name of just that length stands for the one longer name that begins
so; where several do it may be any of them, so it agrees with nobody's and contradicts none of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from matching.evidence import NETBIOS_LENGTH
from matching.identity import Identity
from matching.model import Kind, Unusable
from matching.policy import Policy

Beginning = tuple[str, str]
"""A customer, and the first 15 characters of names of its records."""

Shelf = dict[str, list[int]]
"""Name -> positions of the records of one customer that have it; all names begin alike."""

REASON = "several longer names of the customer begin so"


def beginning(customer: str, name: str) -> Beginning:
    """Return where a name stands beside those that it may be cut from, or cut to."""
    return customer, name[:NETBIOS_LENGTH]


def crowded(identities: Sequence[Identity], customers: Sequence[str | None], policy: Policy) -> frozenset[Beginning]:
    """
    Return the beginnings that several longer names share: a name of just these letters may be any of them.

    Learnt from all records (`calibrate`), so that boxes which are called alike need not be looked at together.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
    """
    allowed = policy.allow.get(Kind.HOSTNAME, frozenset())
    return frozenset(
        (customer, short)
        for (customer, short), shelf in _shelves(identities, customers, ()).items()
        if len(shelf) - (short in shelf) > 1
        and short not in allowed
        and not _is_whole(identities, short, shelf, policy.psa_providers)
    )


def restore(
    identities: list[Identity],
    customers: Sequence[str | None],
    psa_providers: frozenset[str],
    crowds: Collection[Beginning],
) -> list[list[int]]:
    """
    Replace cut names, in place, by the one longer name of their customer that begins so; return who shares it now.

    Where it is known that several do, the name is set aside as `Identity.cut`.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
        crowds: The beginnings that several longer names share.
    """
    for position, short in _cut(identities, customers, crowds):
        note = Unusable(Kind.HOSTNAME, short, REASON)
        unusable = (*identities[position].unusable, note)
        identities[position] = identities[position]._replace(name=None, cut=short, unusable=unusable)
    restored = []
    for (_, short), shelf in _shelves(identities, customers, crowds).items():
        longer = [name for name in shelf if name != short]
        if short in shelf and len(longer) == 1 and not _is_whole(identities, short, shelf, psa_providers):
            cut, full = shelf[short], shelf[longer[0]]
            for position in cut:
                identities[position] = identities[position]._replace(name=longer[0])
            restored.append([*cut, *full])
    return restored


def _shelves(
    identities: Iterable[Identity], customers: Sequence[str | None], but: Collection[Beginning]
) -> dict[Beginning, Shelf]:
    """The names that may be cut, or cut from, by what they begin with."""
    shelves: dict[Beginning, Shelf] = {}
    for position, identity in enumerate(identities):
        name, customer = identity.name, customers[position]
        if name and customer and len(name) >= NETBIOS_LENGTH and (start := beginning(customer, name)) not in but:
            shelves.setdefault(start, {}).setdefault(name, []).append(position)
    return shelves


def _cut(
    identities: Iterable[Identity], customers: Sequence[str | None], crowds: Collection[Beginning]
) -> Iterator[tuple[int, str]]:
    for position, identity in enumerate(identities) if crowds else ():
        name, customer = identity.name, customers[position]
        if name and customer and len(name) == NETBIOS_LENGTH and (customer, name) in crowds:
            yield position, name


def _is_whole(identities: Sequence[Identity], short: str, shelf: Shelf, psa_providers: frozenset[str]) -> bool:
    """Whether an agent lists the short name beside a longer one: it counts two boxes, so there it was not cut."""
    longer = (position for name, positions in shelf.items() if name != short for position in positions)
    return not _providers(identities, shelf.get(short, ())) & _providers(identities, longer) <= psa_providers


def _providers(identities: Sequence[Identity], positions: Iterable[int]) -> set[str]:
    return {identities[position].key.provider for position in positions}
