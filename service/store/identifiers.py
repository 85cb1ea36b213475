"""What records can be found by: a row an identifier and record."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, bindparam, case, delete, func, or_, select

from matching.identity import Term, search_terms
from matching.model import Key, Record, key_of
from service.store.rows import insert_rows
from service.store.tables import identifiers, memberships
from service.store.types import indexable


def index(connection: Connection, records: Collection[Record], changed: Collection[Key]) -> None:
    """Make stored records findable by what they say now, and by nothing that those which changed said before."""
    said = [key for key in map(key_of, records) if key in changed]
    if said:
        stale = delete(identifiers).where(
            identifiers.c.provider == bindparam("of_provider"), identifiers.c.record_id == bindparam("of_id")
        )
        connection.execute(stale, [{"of_provider": key.provider, "of_id": key.id} for key in said])
    insert_rows(
        connection,
        identifiers,
        (
            {"kind": kind, "value": value, "provider": each["provider"], "record_id": each["id"]}
            for each in records
            for kind, value in sorted({_indexed(term) for term in search_terms(each)})
        ),
    )


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
