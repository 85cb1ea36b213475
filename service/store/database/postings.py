"""
Inverted indexes by checksum: a row for each checksum and record.

A record's row in the table of records lists its checksums, so that no second index by record is needed.
"""

import struct
from collections.abc import Iterable, Set

from sqlalchemy import Connection, Table

from matching.checksums import Checksum
from service.store.database.rows import delete_rows, insert_rows, key_names

Difference = tuple[int, Set[Checksum], Set[Checksum]]
"""The number of a record, the checksums under which it stands, and those under which it is to."""

SIZE = 8
"""Bytes of a checksum."""

RUN = 1_000_000
"""New rows that are held until they are put in: some 120 MB."""


class Writer:
    """
    Turns the rows of records into the wanted ones, touching only those that differ.

    New ones are put in by long runs in their order: a page of a large index then takes many at a time, where rows that
    come by records would write every page of it again and again. What is not put in yet, `flush` puts in.
    """

    def __init__(self, connection: Connection, table: Table, run: int = RUN) -> None:
        self._connection, self._table, self._run = connection, table, run
        self._new: list[tuple[Checksum, int]] = []

    def write(self, differences: Iterable[Difference]) -> int:
        """Take differences in; return how many rows differ."""
        gone: list[tuple[Checksum, int]] = []
        before = len(self._new)
        for number, standing, wanted in differences:
            gone += ((each, number) for each in standing - wanted)
            self._new += ((each, number) for each in wanted - standing)
        count = len(gone) + len(self._new) - before
        if gone:  # some of them may not be in yet
            self.flush(gone)
        elif len(self._new) >= self._run:
            self.flush()
        return count

    def flush(self, gone: Iterable[tuple[Checksum, int]] = ()) -> None:
        """Put in what is new, and take out what is gone."""
        self._new.sort()
        if self._new:
            insert_rows(self._connection, self._table, key_names(self._table), self._new)
        delete_rows(self._connection, self._table, sorted(gone))
        self._new = []


def write(connection: Connection, table: Table, differences: Iterable[Difference]) -> int:
    """Turn the rows of records into the wanted ones; return how many differ."""
    writer = Writer(connection, table)
    count = writer.write(differences)
    writer.flush()
    return count


def packed(checksums: Iterable[Checksum]) -> bytes:
    """Return checksums as one value: the same for the same, in whatever order."""
    ordered = sorted(checksums)
    return struct.pack(f">{len(ordered)}q", *ordered)


def unpacked(value: bytes) -> frozenset[Checksum]:
    """Return the checksums of which `packed` made a value."""
    return frozenset(struct.unpack(f">{len(value) // SIZE}q", value))
