"""The rows that an unfinished sync has read so far."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, delete, func, insert, select, update

from service.core.user_names import ForgottenUsers
from service.store.database.tables import arrivals, syncs
from service.store.database.types import storable
from service.store.ingested import forgotten_users


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    One row as it came: a record, a row that cannot be read (`reason`), or the news that a record is to go (`gone`).

    `payload` is canonical JSON: the feed record, what could not be read, or null.
    """

    record_id: str
    payload: str
    reason: str | None = None
    gone: str | None = None


def add(connection: Connection, sync_id: str, arrived: Iterable[Arrival]) -> None:
    """Keep rows, behind those that are there."""
    last = select(func.max(arrivals.c.place)).where(arrivals.c.sync_id == sync_id)
    start = (connection.execute(last).scalar_one_or_none() or 0) + 1
    users = forgotten_users.read(connection)
    stored = (_without_names(_storable(each), users) if users else _storable(each) for each in arrived)
    rows = [{"sync_id": sync_id, "place": place, **asdict(each)} for place, each in enumerate(stored, start)]
    if rows:
        connection.execute(insert(arrivals), rows)


def _storable(each: Arrival) -> Arrival:
    return replace(each, record_id=storable(each.record_id), reason=each.reason and storable(each.reason))


def _without_names(each: Arrival, users: ForgottenUsers) -> Arrival:
    payload = forgotten_users.cleaned_payload(each.payload, users)
    return replace(each, payload=payload, reason=each.reason and users.cleaned(each.reason))


def read(connection: Connection, sync_id: str) -> Iterator[Arrival]:
    """Yield what a sync has read, in the order in which it came."""
    columns = arrivals.c.record_id, arrivals.c.payload, arrivals.c.reason, arrivals.c.gone
    query = select(*columns).where(arrivals.c.sync_id == sync_id).order_by(arrivals.c.place)
    return (Arrival(*row) for row in connection.execute(query))


def hand_over(connection: Connection, former: str, heir: str) -> None:
    """Give what one sync has read to another."""
    connection.execute(update(arrivals).where(arrivals.c.sync_id == former).values(sync_id=heir))


def drop(connection: Connection, provider: str) -> None:
    """Forget what the syncs of a provider have read."""
    theirs = select(syncs.c.id).where(syncs.c.provider == provider)
    connection.execute(delete(arrivals).where(arrivals.c.sync_id.in_(theirs)))
