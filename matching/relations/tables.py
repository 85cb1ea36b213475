"""
The tables that are there before the first statement, and the rows that each identity gives to them.

A record is its position in order of key: 0 for the first, without gaps. Rows are made here alone, whichever process
makes them, so that the definition of a value stays `matching.values` and `matching.evidence`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from matching.calibration.proportions import sampling_checksum
from matching.codes import Code
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
    HELD: "record BIGINT, provider STRING, live BOOLEAN, kind STRING, value STRING, standing STRING, checksum BIGINT",
    LINKS: "record BIGINT, provider STRING, id STRING",
    IDENTITIES: "record BIGINT, identity BINARY",
}
"""
Name -> columns. Texts are NULL where an identity has None; the hostname is in `records` alone, as a record has one.

Checksums are what samples are drawn by (`sampling_checksum`): of the id, of the hostname, of the value. `identities`
has each identity packed, for the few of which a decision needs all. `provider` and `live` are also in `held`, where
most counts need them.
"""


class Standing(Code):
    """How a record holds a value."""

    OWN = "own", "own", "A BIOS GUID, serial or MAC of the record's own, which may join by itself."
    WEAK = "weak", "weak", "A value of the record's own that counts only beside others that agree."
    DERIVED = "derived", "derived", "A value inside another usable value of the record: it joins, and teaches nothing."
    CARRIED = "carried", "carried", "A value inside one that is no evidence itself: it teaches like an own one."


class HeldValue(NamedTuple):
    """A value that a record holds, how, and the checksum by which it is sampled."""

    kind: Kind
    value: str
    standing: Standing
    checksum: int


def held_values(identity: Identity) -> Iterator[HeldValue]:
    """Yield each usable value of a record, but for its hostname; a value that comes up twice is held once."""
    own = [(kind, value, Standing.OWN) for kind, value in identity._replace(hostname=None, derived=()).values()]
    inside = [
        (each.kind, each.value, Standing.DERIVED if each.source else Standing.CARRIED) for each in identity.derived
    ]
    found: dict[tuple[Kind, str], Standing] = {}
    for kind, value, standing in (*own, *sorted(inside, key=lambda each: each[2])):  # carried ones first: they count
        found.setdefault((kind, value), standing)
    for (kind, value), standing in found.items():
        yield HeldValue(kind, value, standing, sampling_checksum(value))
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
    for kind, value, standing, checksum in held_values(identity):
        yield record, identity.key.provider, identity.live, str(kind), value, str(standing), checksum


def link_rows(record: int, identity: Identity) -> Iterator[SqlRow]:
    """Yield the rows of a record in `links`."""
    for link in identity.links:
        yield record, *link
