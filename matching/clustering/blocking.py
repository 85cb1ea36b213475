"""
Blocking keys: the values through which two records may meet. Records that share none are never compared.

They are stated here once. `components` reads them in memory to find which records hang together; a store keeps
`blocking_keys` of each record as numbers, to find whom a changed record meets. A component that holds more than it
must is never wrong, only slower: the rule resolves its parts beside each other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from matching.calibration.truncated_names import NamePrefix, name_prefix
from matching.checksums import Checksum, checksum
from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import Identity
from matching.model import Key, Kind

BlockingKey = Checksum
"""Of a family's name and a value of it."""

Value = tuple[str, ...]
"""What two records have to share, as the texts of which a checksum is made."""

LINK = "link"


class Family(NamedTuple):
    """One way for records to meet, whatever their customers: its name, and the values of one record."""

    name: str
    values: Callable[[Identity], Iterable[Value]]


def _guid(identity: Identity) -> Iterable[Value]:
    return ((identity.guid,),) if identity.guid else ()


def _serials(identity: Identity) -> Iterable[Value]:
    return [(serial,) for serial in identity.serials]


def _macs(identity: Identity) -> Iterable[Value]:
    return [(mac,) for mac in identity.macs]


def _weak_values(identity: Identity) -> Iterable[Value]:
    """A weak value counts only beside another kind: records meet through it under one hostname, perhaps truncated."""
    if not identity.hostname:
        return ()
    return [(kind, value, identity.hostname[:NETBIOS_LENGTH]) for kind, value in identity.weak]


def _links(identity: Identity) -> Iterable[Value]:
    """A record meets the one that it names; that one answers to its own key (`link_targets`)."""
    return identity.links


FAMILIES = (
    Family(Kind.BIOS_GUID, _guid),
    Family(Kind.SERIAL, _serials),
    Family(Kind.MAC, _macs),
    Family("weak", _weak_values),
    Family(LINK, _links),
)


def hostname_values(
    hostname: str, customers: Iterable[str], ambiguous_prefixes: Collection[NamePrefix]
) -> Iterator[Value]:
    """
    Yield the values through which a hostname meets others: one for each customer that the record may belong to.

    A truncated hostname meets the longer one that it may stand for; where several have its prefix it stands for none.
    """
    for customer in customers:
        prefix = name_prefix(customer, hostname)
        yield (customer, hostname) if prefix in ambiguous_prefixes else prefix


def link_targets(identities: Iterable[Identity]) -> frozenset[Key]:
    """Return the records that others link to: each of them answers to its own key."""
    return frozenset(link for identity in identities for link in identity.links)


def link_key(key: Key) -> BlockingKey:
    """Return the blocking key at which the records that link to this one are found."""
    return checksum((LINK, *key))


def blocking_keys(
    identities: Sequence[Identity],
    customers: Sequence[Collection[str]],
    ambiguous_prefixes: Collection[NamePrefix],
) -> Iterator[tuple[Key, frozenset[BlockingKey]]]:
    """
    Yield each record's blocking keys. Decisions have none: they name their records.

    Args:
        customers: Of each identity, the customers that it may belong to (`components.possible_customers`).
    """
    targets = link_targets(identities)
    for identity, theirs in zip(identities, customers, strict=True):
        found = {checksum((family.name, *value)) for family in FAMILIES for value in family.values(identity)}
        if identity.key in targets:
            found.add(link_key(identity.key))
        if identity.hostname:
            values = hostname_values(identity.hostname, theirs, ambiguous_prefixes)
            found.update(checksum(("name", *value)) for value in values)
        yield identity.key, frozenset(found)
