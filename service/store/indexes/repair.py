"""Repair the indexes by checksum where they differ from the rows of the records."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from math import inf
from typing import Any

from sqlalchemy import Connection, Select, select

from matching.checksums import Checksum
from service.store.database import postings
from service.store.database.postings import unpacked
from service.store.database.rows import PORTION, portions
from service.store.database.tables import blocking_keys, identifiers, memberships, records

Own = tuple[float, frozenset[Checksum]]
"""The number of a record, and its checksums."""

NOBODY: Own = inf, frozenset()
"""Who comes after the last one."""

SAID = {
    identifiers: select(records.c.number, records.c.terms).order_by(records.c.number),
    blocking_keys: select(records.c.number, memberships.c.blocking_keys)
    .join_from(records, memberships)
    .order_by(records.c.number),
}
"""Index -> what the rows of the records say that is in it."""


def repair(connection: Connection) -> Counter[str]:
    """Make the indexes what the rows of the records say; return how many of their rows were wrong or missing."""
    repaired: Counter[str] = Counter()
    for table, said in SAID.items():
        checksum, record = table.primary_key
        standing = _every(connection, select(record, checksum).order_by(record))
        held = ((number, frozenset(each for _, each in rows)) for number, rows in groupby(standing, lambda row: row[0]))
        wanted = ((number, unpacked(value)) for number, value in _every(connection, said))
        for portion in portions(_differing(held, wanted)):
            repaired[table.name] += postings.write(connection, table, portion)
    return repaired


def _differing(held: Iterator[Own], wanted: Iterable[Own]) -> Iterator[postings.Difference]:
    """What records stand under and are to stand under, where it differs; both come in order of their numbers."""
    number, standing = next(held, NOBODY)
    for own, terms in chain(wanted, [NOBODY]):
        while number < own:
            yield int(number), standing, frozenset()
            number, standing = next(held, NOBODY)
        if number != own:
            yield int(own), frozenset(), terms
        elif own != inf:
            if standing != terms:
                yield int(own), standing, terms
            number, standing = next(held, NOBODY)


def _every(connection: Connection, query: Select[Any]) -> Iterable[Any]:
    """The rows of a query, without holding them all at once."""
    return connection.execute(query, execution_options={"yield_per": PORTION})
