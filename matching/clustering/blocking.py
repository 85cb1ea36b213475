"""
Blocking keys: the values by which records are selected for comparison. Records that share none are never compared.

They are defined here once, for one identity and for tables of all records, and a test compares both. `components` uses
them in memory to find the components of all records, `matching.relations` does so in tables; a store keeps the
`blocking_keys` of each record as numbers, to find the records to compare with a changed one. A component may hold
more records than it needs. The rule joins nothing without evidence, so that is slower and joins nothing wrongly.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from matching.calibration.truncated_names import NamePrefix, name_prefix
from matching.checksums import Checksum, checksum
from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import Identity
from matching.model import Key, Kind

BlockingKey = Checksum
"""The checksum of a family's name and one of its values."""

MeetingValue = tuple[str, ...]
"""The texts that two records have to share to meet."""

LINK = "link"


class Family(NamedTuple):
    """
    One way in which records meet, whatever their customers: its name, and what gives the values of a record.

    `select` gives the values of all records that may meet another one: as rows of record and number, where a value has
    one (`VALUE_FAMILIES`), else of record, family, and three texts, of which the last may be empty (`TEXT_FAMILIES`).
    It reads `usable_values` and `usable_records` (`matching.relations.usable`) and `links`.
    """

    name: str
    values: Callable[[Identity], Iterable[MeetingValue]]
    select: str


def _guid(identity: Identity) -> Iterable[MeetingValue]:
    own = ((identity.guid,),) if identity.guid else ()
    return (*own, *_derived(identity, Kind.BIOS_GUID)) if identity.derived else own


def _serials(identity: Identity) -> Iterable[MeetingValue]:
    own = [(serial,) for serial in identity.serials]
    return [*own, *_derived(identity, Kind.SERIAL)] if identity.derived else own


def _macs(identity: Identity) -> Iterable[MeetingValue]:
    own = [(mac,) for mac in identity.macs]
    return [*own, *_derived(identity, Kind.MAC)] if identity.derived else own


def _derived(identity: Identity, kind: Kind) -> Iterable[MeetingValue]:
    return [(value,) for value in identity.derived_values(kind)]


def _weak_values(identity: Identity) -> Iterable[MeetingValue]:
    """
    Weak values with the record's own hostname, its first 15 characters because it may be truncated.

    A hostname that only another record of the device has connects nothing, although the rule, which compares groups,
    would let it support the weak value.
    """
    if not identity.hostname:
        return ()
    return [(kind, value, identity.hostname[:NETBIOS_LENGTH]) for kind, value in identity.weak]


def _links(identity: Identity) -> Iterable[MeetingValue]:
    """The keys that a record names. The records named have their own key as a value (`link_targets`)."""
    return identity.links


_GUIDS = """
    SELECT usable_values.record, usable_values.number
    FROM usable_values
    WHERE usable_values.kind = 'bios_guid' AND usable_values.standing IN ('own', 'derived', 'carried')
        AND usable_values.number IS NOT NULL
"""

_SERIALS = """
    SELECT usable_values.record, usable_values.number
    FROM usable_values
    WHERE usable_values.kind = 'serial' AND usable_values.standing IN ('own', 'derived', 'carried')
        AND usable_values.number IS NOT NULL
"""

_MACS = """
    SELECT usable_values.record, usable_values.number
    FROM usable_values
    WHERE usable_values.kind = 'mac' AND usable_values.standing IN ('own', 'derived', 'carried')
        AND usable_values.number IS NOT NULL
"""

_WEAK_VALUES = """
    SELECT usable_values.record, 'weak' AS family, usable_values.kind AS text, usable_values.value AS text_2,
        usable_records.prefix AS text_3
    FROM usable_values
    JOIN usable_records ON usable_records.record = usable_values.record
    WHERE usable_values.standing = 'weak' AND usable_values.number IS NOT NULL AND usable_records.hostname IS NOT NULL
"""

_LINKS = """
    SELECT links.record, 'link' AS family, links.provider AS text, links.id AS text_2, '' AS text_3
    FROM links
    UNION ALL
    SELECT usable_records.record, 'link' AS family, usable_records.provider AS text, usable_records.id AS text_2,
        '' AS text_3
    FROM usable_records
    JOIN (SELECT DISTINCT links.provider, links.id FROM links) AS targets
        ON targets.provider = usable_records.provider AND targets.id = usable_records.id
"""

VALUE_FAMILIES = (
    Family(Kind.BIOS_GUID, _guid, _GUIDS),
    Family(Kind.SERIAL, _serials, _SERIALS),
    Family(Kind.MAC, _macs, _MACS),
)
TEXT_FAMILIES = (
    Family("weak", _weak_values, _WEAK_VALUES),
    Family(LINK, _links, _LINKS),
)
FAMILIES = (*VALUE_FAMILIES, *TEXT_FAMILIES)


def hostname_values(
    hostname: str, customers: Iterable[str], ambiguous_prefixes: Collection[NamePrefix]
) -> Iterator[MeetingValue]:
    """
    Yield the values through which a hostname meets others: one for each customer that the record may belong to.

    The value is the prefix that a hostname shares with its truncation, or all of it where the prefix is ambiguous.
    """
    for customer in customers:
        prefix = name_prefix(customer, hostname)
        yield (customer, hostname) if prefix in ambiguous_prefixes else prefix


def link_targets(identities: Iterable[Identity]) -> frozenset[Key]:
    """Return the keys that records link to, whether or not there are such records."""
    return frozenset(link for identity in identities for link in identity.links)


def link_key(key: Key) -> BlockingKey:
    """Return the blocking key that the records that link to this one have."""
    return checksum((LINK, *key))


def blocking_keys(
    identities: Sequence[Identity],
    customers: Sequence[Collection[str]],
    ambiguous_prefixes: Collection[NamePrefix],
) -> Iterator[tuple[Key, frozenset[BlockingKey]]]:
    """
    Yield each record's blocking keys. Decisions need none, because they name their records.

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
