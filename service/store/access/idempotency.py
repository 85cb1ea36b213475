"""Idempotency keys: the first answer to a request, kept so that the same request again gets it and writes nothing."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from service.store.database.rows import columns
from service.store.database.tables import idempotency_keys

KEPT = timedelta(hours=24)
"""How long an answer is kept."""


class KeptAnswer(NamedTuple):
    """An answer to a caller's request: which request it was, and status, `Location` and body of the answer."""

    caller: str
    key: str
    request_hash: str
    status: int
    location: str | None
    body: str
    stored_at: datetime


_ALL = select(*columns(idempotency_keys, KeptAnswer))


def find(connection: Connection, caller: str, key: str, at: datetime) -> KeptAnswer | None:
    """Return the answer that was given to a caller's key; one that is older than `KEPT` counts no more."""
    mine = (idempotency_keys.c.caller == caller) & (idempotency_keys.c.key == key)
    row = connection.execute(_ALL.where(mine, idempotency_keys.c.stored_at > at - KEPT)).one_or_none()
    return KeptAnswer._make(row) if row else None


def add(connection: Connection, answer: KeptAnswer) -> None:
    """Keep an answer, in the transaction of what its request wrote; drop those of all callers that are too old."""
    connection.execute(delete(idempotency_keys).where(idempotency_keys.c.stored_at <= answer.stored_at - KEPT))
    connection.execute(insert(idempotency_keys), answer._asdict())
