"""Leases: which sync may work on a provider now, across processes and machines."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.core.processes import Process
from service.store.database.tables import leases

_LEASE = leases.c.provider, leases.c.sync_id, leases.c.holder, leases.c.expires_at
_PROCESS = leases.c.boot_id, leases.c.pid_namespace, leases.c.pid, leases.c.start_ticks


@dataclass(frozen=True)
class Lease:
    """
    The right of one sync to its provider, until a time.

    `holder` is for a person to read. `process` is None where the platform does not say it, or the lease is of a version
    that did not note it.
    """

    provider: str
    sync_id: str
    holder: str
    expires_at: datetime
    process: Process | None = None


def find(connection: Connection, provider: str) -> Lease | None:
    """Return who has a provider, or had it last without giving it back."""
    row = connection.execute(select(*_LEASE, *_PROCESS).where(leases.c.provider == provider)).one_or_none()
    if row is None:
        return None
    provider, sync_id, holder, expires_at, *process = row
    return Lease(provider, sync_id, holder, expires_at, None if None in process else Process(*process))


def put(connection: Connection, lease: Lease) -> None:
    """Give a provider to a sync, whoever had it."""
    connection.execute(delete(leases).where(leases.c.provider == lease.provider))
    columns = {column.name: getattr(lease, column.name) for column in _LEASE}
    connection.execute(insert(leases), columns | (lease.process._asdict() if lease.process else {}))


def renew(connection: Connection, sync_id: str, expires_at: datetime) -> bool:
    """Give a sync more time; return whether it still has its provider."""
    mine = leases.c.sync_id == sync_id
    return connection.execute(update(leases).where(mine).values(expires_at=expires_at)).rowcount == 1


def release(connection: Connection, sync_id: str) -> bool:
    """Take a sync's provider back; return whether it still had it."""
    return connection.execute(delete(leases).where(leases.c.sync_id == sync_id)).rowcount == 1
