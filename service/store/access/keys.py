"""API keys: only the hashes of their tokens are stored."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from service.store.access.visibility import Customer, Visibility
from service.store.database.canonical_json import canonical_json
from service.store.database.rows import columns
from service.store.database.tables import api_keys


class ApiKey(NamedTuple):
    """A key; `tables.api_keys` says what each of it means."""

    id: str
    name: str
    token_hash: str
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    scopes: Collection[str] | None = None
    providers: Collection[str] | None = None
    expires_at: datetime | None = None
    former_hash: str | None = None
    former_until: datetime | None = None
    customers: Collection[str] | None = None


_ALL = select(*columns(api_keys, ApiKey)).order_by(api_keys.c.created_at, api_keys.c.id)

_OF_TOKEN = select(*columns(api_keys, ApiKey)).where(
    or_(api_keys.c.token_hash == bindparam("hash"), api_keys.c.former_hash == bindparam("hash"))
)


def add(connection: Connection, key: ApiKey) -> None:
    """Store a new key."""
    lists = {name: _written(getattr(key, name)) for name in ("scopes", "providers", "customers")}
    connection.execute(insert(api_keys), {**key._asdict(), **lists})


def all_keys(connection: Connection) -> list[ApiKey]:
    """Return every key, the oldest first."""
    return list(map(_key, connection.execute(_ALL)))


def by_hash(connection: Connection, token_hash: str) -> ApiKey | None:
    """Return the key whose token, or whose former one, has this hash: revoked, expired or not."""
    row = connection.execute(_OF_TOKEN, {"hash": token_hash}).one_or_none()
    return _key(row) if row else None


def live_by_id(connection: Connection, key_id: str) -> ApiKey | None:
    """Return the key with this id, if it is not revoked."""
    row = connection.execute(_ALL.where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))).one_or_none()
    return _key(row) if row else None


def visibility(key: ApiKey) -> Visibility | None:
    """Return which records a key shows; None: all."""
    return None if key.customers is None else Visibility(frozenset(map(Customer.parse, key.customers)))


def live_visibilities(connection: Connection) -> set[Visibility]:
    """Return what the keys that are bound to customers, and not revoked, show."""
    found = (visibility(_key(row)) for row in connection.execute(_ALL.where(api_keys.c.revoked_at.is_(None))))
    return {each for each in found if each is not None}


def has_live_name(connection: Connection, name: str) -> bool:
    """Whether a key of this name is not revoked."""
    query = select(api_keys.c.id).where(api_keys.c.name == name, api_keys.c.revoked_at.is_(None))
    return connection.execute(query.limit(1)).one_or_none() is not None


def put_token(connection: Connection, key: ApiKey) -> None:
    """Store the token of a key, its former one, and how long either holds."""
    changed = {name: getattr(key, name) for name in ("token_hash", "former_hash", "former_until", "expires_at")}
    connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(changed))


def revoke(connection: Connection, key_id: str, at: datetime) -> bool:
    """Take a key back; return whether there was one that was not yet revoked."""
    live = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    return connection.execute(update(api_keys).where(live).values(revoked_at=at)).rowcount > 0


def touch(connection: Connection, key_id: str, at: datetime) -> None:
    """Note when a key was used."""
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))


def _written(names: Collection[str] | None) -> str | None:
    return None if names is None else canonical_json(sorted(names))


def _key(row: Row[Any]) -> ApiKey:
    key = ApiKey._make(row)
    return key._replace(scopes=_read(row.scopes), providers=_read(row.providers), customers=_read(row.customers))


def _read(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))
