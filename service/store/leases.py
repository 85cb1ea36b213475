"""Leases: which sync may work on a provider now, across processes and machines."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.store.tables import leases


@dataclass(frozen=True)
class Lease:
    """The right of one sync to its provider, until a time."""

    provider: str
    sync_id: str
    holder: str
    expires_at: datetime


def find(connection: Connection, provider: str) -> Lease | None:
    """Return who has a provider, or had it last without giving it back."""
    columns = leases.c.provider, leases.c.sync_id, leases.c.holder, leases.c.expires_at
    row = connection.execute(select(*columns).where(leases.c.provider == provider)).one_or_none()
    return Lease(*row) if row else None


def put(connection: Connection, lease: Lease) -> None:
    """Give a provider to a sync, whoever had it."""
    connection.execute(delete(leases).where(leases.c.provider == lease.provider))
    connection.execute(insert(leases), asdict(lease))


def renew(connection: Connection, sync_id: str, expires_at: datetime) -> bool:
    """Give a sync more time; return whether it still has its provider."""
    mine = leases.c.sync_id == sync_id
    return connection.execute(update(leases).where(mine).values(expires_at=expires_at)).rowcount == 1


def release(connection: Connection, sync_id: str) -> bool:
    """Take a sync's provider back; return whether it still had it."""
    return connection.execute(delete(leases).where(leases.c.sync_id == sync_id)).rowcount == 1
