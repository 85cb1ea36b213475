"""API keys: only the hash of a token is stored."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from service.store.rows import columns
from service.store.tables import api_keys


class ApiKey(NamedTuple):
    """A key: what it was made for, the SHA-256 of its token, and when it was made, last used and revoked."""

    id: str
    name: str
    token_hash: str
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


_ALL = select(*columns(api_keys, ApiKey)).order_by(api_keys.c.created_at, api_keys.c.id)


def add(connection: Connection, key: ApiKey) -> None:
    """Store a new key."""
    connection.execute(insert(api_keys), key._asdict())


def all_keys(connection: Connection) -> list[ApiKey]:
    """Return every key, the oldest first."""
    return list(map(ApiKey._make, connection.execute(_ALL)))


def by_hash(connection: Connection, token_hash: str) -> ApiKey | None:
    """Return the key with this hash, revoked or not."""
    row = connection.execute(_ALL.where(api_keys.c.token_hash == token_hash)).one_or_none()
    return ApiKey._make(row) if row else None


def revoke(connection: Connection, key_id: str, at: datetime) -> bool:
    """Take a key back; return whether there was one that was not yet revoked."""
    live = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    return connection.execute(update(api_keys).where(live).values(revoked_at=at)).rowcount > 0


def touch(connection: Connection, key_id: str, at: datetime) -> None:
    """Note when a key was used."""
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))
