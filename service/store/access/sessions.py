"""Sessions of people at the console: only the hashes of their ids are stored."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from service.store.database.rows import columns
from service.store.database.tables import sessions


class StoredSession(NamedTuple):
    """A session; `tables.sessions` says what each of it means."""

    id_hash: str
    token_hash: str
    begun_at: datetime
    seen_at: datetime


_ALL = select(*columns(sessions, StoredSession))


def add(connection: Connection, session: StoredSession) -> None:
    """Store a new session."""
    connection.execute(insert(sessions), session._asdict())


def find(connection: Connection, id_hash: str) -> StoredSession | None:
    """Return the session whose id has this hash, over or not."""
    row = connection.execute(_ALL.where(sessions.c.id_hash == id_hash)).one_or_none()
    return StoredSession._make(row) if row else None


def touch(connection: Connection, id_hash: str, at: datetime) -> None:
    """Note when a session was last used."""
    connection.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(seen_at=at))


def remove(connection: Connection, id_hash: str) -> None:
    """Forget a session, if there is one."""
    connection.execute(delete(sessions).where(sessions.c.id_hash == id_hash))


def remove_begun_before(connection: Connection, at: datetime) -> None:
    """Forget all sessions that were begun at a time or before it."""
    connection.execute(delete(sessions).where(sessions.c.begun_at <= at))
