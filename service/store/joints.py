"""Where records may meet: a row a joint (`matching.joints`) and record."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from matching.clustering.blocking import BlockingKey
from matching.model import Key
from service.store.bykeys import ByValues
from service.store.tables import joints, records

_HOLDERS = ByValues(select(joints.c.record).distinct(), joints.c.joint)
_NAMED = ByValues(select(records.c.provider, records.c.record_id), records.c.number)


def holders(connection: Connection, wanted: Iterable[BlockingKey], known: Collection[int]) -> set[Key]:
    """Return the records that have one of the joints, but for those whose numbers are known: mostly that is nobody."""
    others = {number for (number,) in _HOLDERS.rows(connection, wanted) if number not in known}
    return {Key(provider, record_id) for provider, record_id in _NAMED.rows(connection, others)}
