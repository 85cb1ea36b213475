"""What records can be found by: a row an identifier and record."""

from collections.abc import Collection, Sequence
from operator import itemgetter

from sqlalchemy import Connection, and_, case, func, or_, select

from matching.identity import Term, search_terms
from matching.model import Key, Record
from service.store.bykeys import ByKeys
from service.store.rows import delete_rows, insert_rows
from service.store.tables import identifiers, memberships
from service.store.types import indexable

_OF_RECORDS = ByKeys(select(identifiers).where, (identifiers.c.provider, identifiers.c.record_id))


def index(connection: Connection, records: Collection[Record], changed: Collection[Key]) -> None:
    """Make stored records findable by what they say now, and by nothing that those which changed said before."""
    known = set(_OF_RECORDS.rows(connection, changed))
    wanted = {
        (kind, value, each["provider"], each["id"])
        for each in records
        for kind, value in map(_indexed, search_terms(each))
    }
    delete_rows(connection, identifiers, sorted(known - wanted))
    names = identifiers.c.keys()
    rows = sorted(wanted - known, key=itemgetter(2, 3, 0, 1))
    insert_rows(connection, identifiers, (dict(zip(names, row, strict=True)) for row in rows))


def find(connection: Connection, terms: Sequence[Term], most: int) -> list[str]:
    """Return the ids of devices with a record that holds a term, those of the first terms first, at most `most`."""
    matches = [and_(identifiers.c.kind == kind, identifiers.c.value == value) for kind, value in map(_indexed, terms)]
    if not matches:
        return []
    rank = func.min(case(*((match, place) for place, match in enumerate(matches))))
    same_record = and_(
        identifiers.c.provider == memberships.c.provider, identifiers.c.record_id == memberships.c.record_id
    )
    query = (
        select(memberships.c.device_id)
        .join_from(identifiers, memberships, same_record)
        .where(or_(*matches))
        .group_by(memberships.c.device_id)
        .order_by(rank, memberships.c.device_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def _indexed(term: Term) -> tuple[str, str]:
    return term.kind, indexable(term.value)
