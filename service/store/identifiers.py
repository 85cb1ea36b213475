"""What records can be found by: a row an identifier and record."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, case, func, select

from matching.checksums import Checksum, checksum
from matching.identity import Term
from service.store.bykeys import ByValues
from service.store.rows import delete_rows, insert_values
from service.store.tables import identifiers, memberships, records

_OF_RECORDS = ByValues(select(identifiers), identifiers.c.record)


def index(connection: Connection, said: Mapping[int, Iterable[Checksum]], changed: Iterable[int]) -> None:
    """
    Make stored records findable by what they say now, and by nothing that those which changed said before.

    `said` are the checksums of what each record by its number can be found by.
    """
    known = set(_OF_RECORDS.rows(connection, changed))
    wanted = {(term, number) for number, terms in said.items() for term in terms}
    delete_rows(connection, identifiers, sorted(known - wanted))
    insert_values(connection, identifiers, ("term", "record"), sorted(wanted - known))


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Take out all that records by their numbers can be found by."""
    delete_rows(connection, identifiers, sorted(map(tuple, _OF_RECORDS.rows(connection, numbers))))


def find(connection: Connection, terms: Sequence[Term], most: int) -> list[str]:
    """
    Return the ids of devices with a record that may hold a term, those of the first terms first, at most `most`.

    A value is found by its checksum: whether it is the one looked for, the record says.
    """
    if not terms:
        return []
    sought = [checksum(term) for term in terms]
    rank = func.min(case({term: place for place, term in enumerate(sought)}, value=identifiers.c.term))
    own = (memberships.c.provider == records.c.provider) & (memberships.c.record_id == records.c.record_id)
    query = (
        select(memberships.c.device_id)
        .join_from(identifiers, records, identifiers.c.record == records.c.number)
        .join(memberships, own)
        .where(identifiers.c.term.in_(sought))
        .group_by(memberships.c.device_id)
        .order_by(rank, memberships.c.device_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())
