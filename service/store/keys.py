"""API keys: only the hash of a token is stored."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from service.store.rows import Row, insert_rows
from service.store.tables import api_keys


def add(connection: Connection, key_id: str, name: str, token_hash: str, at: datetime) -> None:
    """Store a new key."""
    insert_rows(connection, api_keys, [{"id": key_id, "name": name, "token_hash": token_hash, "created_at": at}])


def all_keys(connection: Connection) -> list[Row]:
    """Return every key, the oldest first."""
    query = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def by_hash(connection: Connection, token_hash: str) -> Row | None:
    """Return the key with this hash, revoked or not."""
    query = select(api_keys).where(api_keys.c.token_hash == token_hash)
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def revoke(connection: Connection, key_id: str, at: datetime) -> bool:
    """Take a key back; return whether there was one that was not yet revoked."""
    live = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    return connection.execute(update(api_keys).where(live).values(revoked_at=at)).rowcount > 0


def touch(connection: Connection, key_id: str, at: datetime) -> None:
    """Note when a key was used."""
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))
