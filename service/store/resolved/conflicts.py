"""Since when the records of devices differ on hardware, as far as the change feed goes back."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from service.store.database.tables import changes, devices

_CONFLICTING = select(devices.c.id).where(devices.c.has_conflict)
_CREATED = select(devices.c.id, devices.c.created_at).where(devices.c.id.in_(_CONFLICTING))
_BEGAN = (
    select(changes.c.device_id, func.max(changes.c.at))
    .where(changes.c.device_id.in_(_CONFLICTING), changes.c.detail.contains('"conflicts":{', autoescape=True))
    .group_by(changes.c.device_id)
)
"""When `conflicts` last became another: no text of a provider holds this, because a quote within one is escaped."""
_OLDEST = select(changes.c.at).order_by(changes.c.seq).limit(1)


def since(connection: Connection) -> dict[str, datetime]:
    """
    Return device id -> since when its records differ as they do now, of the devices whose records do.

    A device that began like this has been so since then. Of one that is older than the oldest change that is kept, and
    of which no change says it, this is the time of that change: the conflict is older.
    """
    began = {row.device_id: row[1] for row in connection.execute(_BEGAN)}
    oldest = connection.execute(_OLDEST).scalar()
    return {
        row.id: began.get(row.id) or max(row.created_at, oldest or row.created_at)
        for row in connection.execute(_CREATED)
    }
