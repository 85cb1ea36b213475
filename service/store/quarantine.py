"""Rows of which no record could be made, kept for a person to see."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from service.store.canonical_json import canonical_json, digest, sayable
from service.store.rows import Row, Rows, keyed, write_difference
from service.store.tables import quarantine
from service.store.types import storable


@dataclass(frozen=True)
class Unread:
    """One such row: who sent it, its id ("" when it has none), why, and what it holds, without secrets."""

    provider: str
    record_id: str
    reason: str
    payload: Any


def replace(connection: Connection, provider: str, unread: Iterable[Unread], at: datetime) -> bool:
    """Set a provider's quarantine to what its latest pull left unread; return whether it changed."""
    stored = _of(connection, provider)
    wanted = keyed(quarantine, (_row(each, at) for each in unread))
    known = {key: row for key, row in stored.items() if key in wanted}  # with the time at which they first came
    return bool(write_difference(connection, quarantine, stored, {**wanted, **known}))


def add(connection: Connection, unread: Iterable[Unread], at: datetime) -> None:
    """Keep what an import left unread, each row once however often it comes."""
    wanted = keyed(quarantine, (_row(each, at) for each in unread))
    stored = _of(connection, *{row["provider"] for row in wanted.values()})
    write_difference(connection, quarantine, stored, {**wanted, **stored})


def of(connection: Connection, provider: str) -> list[Unread]:
    """Return the rows of a provider as they were set aside."""
    return [
        Unread(row["provider"], row["record_id"], row["reason"], json.loads(row["payload"]))
        for row in _of(connection, provider).values()
    ]


def page(connection: Connection, provider: str | None, after: str, limit: int) -> list[Row]:
    """Return the next rows, of one provider or of all, always in the same order."""
    query = select(quarantine).where(quarantine.c.id > after).order_by(quarantine.c.id).limit(limit)
    if provider is not None:
        query = query.where(quarantine.c.provider == provider)
    return [dict(row) for row in connection.execute(query).mappings()]


def _of(connection: Connection, *providers: str) -> Rows:
    rows = connection.execute(select(quarantine).where(quarantine.c.provider.in_(providers))).mappings()
    return keyed(quarantine, (dict(row) for row in rows))


def _row(each: Unread, at: datetime) -> Row:
    payload = payload_of(each)
    return {
        "id": digest(canonical_json(sayable([each.provider, each.record_id, each.reason, payload]))),
        "provider": each.provider,
        "record_id": storable(each.record_id),
        "reason": storable(each.reason),
        "payload": payload,
        "first_at": at,
    }


def payload_of(each: Unread) -> str:
    """Return what is kept of such a row, as canonical JSON."""
    try:
        return canonical_json(sayable(each.payload))
    except (RecursionError, TypeError):
        return canonical_json(None)  # nested too deeply to be kept; provider, id and reason are
