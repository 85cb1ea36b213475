"""Blocking keys of the stored records: a row for each key and record."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from matching.clustering.blocking import BlockingKey
from matching.model import Key
from service.store.database import postings
from service.store.database.bound_lists import one_of
from service.store.database.postings import Difference, Writer
from service.store.database.tables import blocking_keys, records

_HOLDERS = select(blocking_keys.c.record).distinct().where(one_of(blocking_keys.c.blocking_key, "wanted"))
_NAMED = select(records.c.provider, records.c.record_id).where(one_of(records.c.number, "numbers"))


def writer(connection: Connection) -> Writer:
    """Return what writes blocking keys, of many records at once."""
    return Writer(connection, blocking_keys)


def write(connection: Connection, differences: Iterable[Difference]) -> int:
    """Turn the blocking keys of records into the wanted ones; return how many differ."""
    return postings.write(connection, blocking_keys, differences)


def holders(connection: Connection, wanted: Iterable[BlockingKey], known: Collection[int]) -> set[Key]:
    """Return the records that have one of the blocking keys, but for those whose numbers are known; mostly none."""
    found = connection.execute(_HOLDERS, {"wanted": list(wanted)}).scalars()
    others = [number for number in found if number not in known]
    return {Key(*row) for row in connection.execute(_NAMED, {"numbers": others})} if others else set()
