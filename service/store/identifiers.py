"""The look-up index: a row for each search term and record."""

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, select

from matching.checksums import checksum
from matching.evidence.search import SearchTerm
from service.store.postings import Writer
from service.store.tables import identifiers, memberships, records


def writer(connection: Connection) -> Writer:
    """Return what writes identifiers, of many records at once."""
    return Writer(connection, identifiers)


def find(connection: Connection, terms: Sequence[SearchTerm], most: int) -> list[str]:
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
