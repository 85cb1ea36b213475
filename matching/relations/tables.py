"""
The tables that are there before the first statement, and the rows that each identity gives to them.

A record is its position in order of key: 0 for the first, without gaps. Rows are made here alone, whichever process
makes them, so that the definition of a value stays `matching.values` and `matching.evidence`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from matching.calibration.proportions import sampling_checksum
from matching.codes import Code
from matching.evidence.derived import CarrierValue
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.relations.database import SqlRow
from matching.values.placeholders import is_generic_hostname

RECORDS, HELD, LINKS, IDENTITIES = "records", "held", "links", "identities"

TABLES: Mapping[str, str] = {
    RECORDS: (
        "record BIGINT, provider STRING, id STRING, id_checksum BIGINT, company STRING, company_name STRING, "
        "hostname STRING, hostname_checksum BIGINT, has_hostname_field BOOLEAN, has_generic_hostname BOOLEAN, "
        "live BOOLEAN, guid STRING"
    ),
    HELD: (
        "record BIGINT, provider STRING, live BOOLEAN, kind STRING, value STRING, standing STRING, checksum BIGINT, "
        "source_kind STRING, source_value STRING"
    ),
    LINKS: "record BIGINT, provider STRING, id STRING",
    IDENTITIES: "record BIGINT, identity BINARY",
}
"""
Name -> columns. Texts are NULL where an identity has None; the hostname is in `records` alone, as a record has one.

Checksums are what samples are drawn by (`sampling_checksum`): of the id, of the hostname, of the value. `identities`
has each identity packed, for the few of which a decision needs all. `provider` and `live` are also in `held`, where
most counts need them. The source of a derived value is the value of the record that carries it, and goes with it where
that is suppressed.
"""


class Standing(Code):
    """How a record holds a value."""

    OWN = "own", "own", "A BIOS GUID, serial or MAC of the record's own, which may join by itself."
    WEAK = "weak", "weak", "A value of the record's own that counts only beside others that agree."
    DERIVED = "derived", "derived", "A value inside another usable value of the record: it joins, and teaches nothing."
    CARRIED = "carried", "carried", "A value inside one that is no evidence itself: it teaches like an own one."


class HeldValue(NamedTuple):
    """A value that a record holds, how, the checksum by which it is sampled, and what carries a derived one."""

    kind: Kind
    value: str
    standing: Standing
    checksum: int
    source: CarrierValue | None = None


def held_values(identity: Identity) -> Iterator[HeldValue]:
    """Yield each usable value of a record, but for its hostname; a value that comes up twice is held once."""
    found: dict[tuple[Kind, str], tuple[Standing, CarrierValue | None]] = {}
    for kind, value in identity._replace(hostname=None, derived=()).values():
        found[kind, value] = Standing.OWN, None
    carried_first = sorted(identity.derived, key=lambda derived: derived.source is not None)  # they count
    for each in carried_first:
        standing = Standing.DERIVED if each.source else Standing.CARRIED
        found.setdefault((each.kind, each.value), (standing, each.source))
    for (kind, value), (standing, source) in found.items():
        yield HeldValue(kind, value, standing, sampling_checksum(value), source)
    for kind, value in identity.weak:
        yield HeldValue(kind, value, Standing.WEAK, sampling_checksum(value))


def record_row(record: int, identity: Identity) -> SqlRow:
    """Return the row of a record in `records`."""
    name = identity.hostname
    return (
        *(record, *identity.key, sampling_checksum(identity.key.id), identity.company, identity.company_name),
        *(name, None if name is None else sampling_checksum(name), identity.has_hostname_field),
        *(name is not None and is_generic_hostname(name), identity.live, identity.guid),
    )


def held_rows(record: int, identity: Identity) -> Iterator[SqlRow]:
    """Yield the rows of a record in `held`."""
    own = record, identity.key.provider, identity.live
    for kind, value, standing, checksum, source in held_values(identity):
        source_kind, source_value = (str(source[0]), source[1]) if source else (None, None)
        yield *own, str(kind), value, str(standing), checksum, source_kind, source_value


def link_rows(record: int, identity: Identity) -> Iterator[SqlRow]:
    """Yield the rows of a record in `links`."""
    for link in identity.links:
        yield record, *link
