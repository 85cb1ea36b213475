"""
Indexes by checksum: a row a checksum and record, found by the checksum.

What the rows of one record are, the record's own row says: an index by record would be as large as the first.
"""

import struct
from collections.abc import Iterable, Set

from sqlalchemy import Connection, Table

from matching.checksums import Checksum
from service.store.rows import delete_rows, insert_values, key_names

Difference = tuple[int, Set[Checksum], Set[Checksum]]
"""The number of a record, the checksums under which it stands, and those under which it is to."""

SIZE = 8
"""Bytes of a checksum."""


def write(connection: Connection, table: Table, differences: Iterable[Difference]) -> int:
    """Turn the rows of records into the wanted ones, touching only those that differ; return how many."""
    gone: list[tuple[Checksum, int]] = []
    new: list[tuple[Checksum, int]] = []
    for number, standing, wanted in differences:
        gone += ((each, number) for each in standing - wanted)
        new += ((each, number) for each in wanted - standing)
    delete_rows(connection, table, sorted(gone))
    insert_values(connection, table, key_names(table), sorted(new))
    return len(gone) + len(new)


def packed(checksums: Iterable[Checksum]) -> bytes:
    """Return checksums as one value: the same for the same, in whatever order."""
    ordered = sorted(checksums)
    return struct.pack(f">{len(ordered)}q", *ordered)


def unpacked(value: bytes) -> frozenset[Checksum]:
    """Return the checksums of which `packed` made a value."""
    return frozenset(struct.unpack(f">{len(value) // SIZE}q", value))
