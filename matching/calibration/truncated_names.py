"""
Hostnames that an agent truncated to 15 characters, and the longer names that they stand for.

NetBIOS keeps 15 characters. Inside one customer, a hostname of that length stands for the one longer hostname with that
prefix. Where several longer ones have the prefix it may be any of them, so it agrees with none and contradicts none.
"""

from collections.abc import Collection, Iterable, Sequence

from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import Identity
from matching.model import Kind, Suppressed
from matching.policy import Policy

NamePrefix = tuple[str, str]
"""A customer, and the first 15 characters of hostnames of its records."""

HoldersByName = dict[str, list[int]]
"""Hostname -> positions of the records of one customer that have it; all hostnames share a prefix."""

REASON = "several longer names of the customer begin so"


def name_prefix(customer: str, hostname: str) -> NamePrefix:
    """Return the customer and the first 15 characters of a hostname."""
    return customer, hostname[:NETBIOS_LENGTH]


def ambiguous_prefixes(
    identities: Sequence[Identity], customers: Sequence[str | None], policy: Policy
) -> frozenset[NamePrefix]:
    """
    Return the prefixes that several longer hostnames share; a hostname that is just the prefix may be any of them.

    Measured on all records, so that boxes with similar names need not be resolved together.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
    """
    allowed = policy.allow.get(Kind.HOSTNAME, frozenset())
    return frozenset(
        (customer, short)
        for (customer, short), holders in _by_prefix(identities, customers, ()).items()
        if len(holders) - (short in holders) > 1
        and short not in allowed
        and not _is_not_truncated(identities, short, holders, policy.psa_providers)
    )


def longer_hostnames(
    identities: Sequence[Identity],
    customers: Sequence[str | None],
    psa_providers: frozenset[str],
    ambiguous: Collection[NamePrefix],
) -> dict[int, str]:
    """
    Return, by position, the one longer hostname of the customer for each hostname that is truncated.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
        ambiguous: The prefixes that several longer hostnames share.
    """
    found: dict[int, str] = {}
    for (_, short), holders in _by_prefix(identities, customers, ambiguous).items():
        longer = [name for name in holders if name != short]
        if short in holders and len(longer) == 1 and not _is_not_truncated(identities, short, holders, psa_providers):
            found.update((position, longer[0]) for position in holders[short])
    return found


def restored(
    identity: Identity, customer: str | None, ambiguous: Collection[NamePrefix], longer: str | None
) -> Identity:
    """
    Return an identity with the longer hostname, if any, in place of its truncated one.

    Where several longer ones share the prefix, the hostname is suppressed and kept as `Identity.truncated`.

    Args:
        customer: The customer of the record; None where it is unknown.
        ambiguous: The prefixes that several longer hostnames share.
        longer: The one longer hostname that the record's stands for; None where it is not truncated.
    """
    short = identity.hostname
    if short and len(short) == NETBIOS_LENGTH and (customer, short) in ambiguous:
        suppressed = (*identity.suppressed, Suppressed(Kind.HOSTNAME, short, REASON))
        return identity._replace(hostname=None, truncated=short, suppressed=suppressed)
    return identity._replace(hostname=longer) if longer else identity


def _by_prefix(
    identities: Iterable[Identity], customers: Sequence[str | None], leave_out: Collection[NamePrefix]
) -> dict[NamePrefix, HoldersByName]:
    """Hostnames of 15 characters and more by their prefix, without the prefixes to leave out."""
    found: dict[NamePrefix, HoldersByName] = {}
    for position, identity in enumerate(identities):
        name, customer = identity.hostname, customers[position]
        if name and customer and len(name) >= NETBIOS_LENGTH:
            prefix = name_prefix(customer, name)
            if prefix not in leave_out:
                found.setdefault(prefix, {}).setdefault(name, []).append(position)
    return found


def _is_not_truncated(
    identities: Sequence[Identity], short: str, holders: HoldersByName, psa_providers: frozenset[str]
) -> bool:
    """Whether the short name is not truncated: an agent that lists it beside a longer one has two boxes."""
    longer = (position for name, positions in holders.items() if name != short for position in positions)
    return not _providers(identities, holders.get(short, ())) & _providers(identities, longer) <= psa_providers


def _providers(identities: Sequence[Identity], positions: Iterable[int]) -> set[str]:
    return {identities[position].key.provider for position in positions}
