"""Rows of which no record could be made, kept for a person to see."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from service.core.user_names import ForgottenUsers
from service.store.database.canonical_json import canonical_json, digest, sayable
from service.store.database.rows import PORTION, columns, write_difference
from service.store.database.tables import quarantine
from service.store.database.types import storable
from service.store.ingested import forgotten_users


@dataclass(frozen=True)
class Unread:
    """One such row: who sent it, its id ("" when it has none), why, and what it holds, without secrets."""

    provider: str
    record_id: str
    reason: str
    payload: Any


class QuarantineEntry(NamedTuple):
    """Such a row as it is kept: its payload as canonical JSON, its id made of all but the time at which it came."""

    id: str
    provider: str
    record_id: str
    reason: str
    payload: str
    first_at: datetime


class QuarantineBeginning(NamedTuple):
    """Such a row as far as it is shown in a line: each text is cut."""

    provider: str
    record_id: str
    reason: str
    payload: str
    first_at: datetime


LONGEST_BEGINNING = 1000
"""Characters of a text that are read for a line."""

_ALL = select(*columns(quarantine, QuarantineEntry))
_BEGINNINGS = select(
    quarantine.c.provider,
    *(func.substr(quarantine.c[name], 1, LONGEST_BEGINNING) for name in ("record_id", "reason", "payload")),
    quarantine.c.first_at,
).order_by(quarantine.c.provider, quarantine.c.first_at.desc(), quarantine.c.id)


def replace(connection: Connection, provider: str, unread: Iterable[Unread], at: datetime) -> bool:
    """Set a provider's quarantine to what its latest pull left unread; return whether it changed."""
    stored = _of(connection, provider)
    wanted = _rows(_without_names(connection, unread), at, stored)
    return bool(write_difference(connection, quarantine, stored, wanted))


def add(connection: Connection, unread: Sequence[Unread], at: datetime) -> None:
    """Keep what an import left unread, each row once however often it comes."""
    stored = _of(connection, *{each.provider for each in unread})
    wanted = _rows(_without_names(connection, unread), at, stored)
    write_difference(connection, quarantine, stored, [*wanted, *stored])


def redact(connection: Connection, users: ForgottenUsers) -> int:
    """Take names of users out of all rows that are kept; return how many held one."""
    stored = list(map(QuarantineEntry._make, connection.execute(_ALL)))
    held = [(row, each, _cleaned(each, users)) for row, each in zip(stored, map(_unread, stored), strict=True)]
    changed = {row.id: _row(cleaned, row.first_at) for row, each, cleaned in held if cleaned != each}
    write_difference(connection, quarantine, stored, [changed.get(row.id, row) for row in stored])
    return len(changed)


def of(connection: Connection, provider: str) -> list[Unread]:
    """Return the rows of a provider as they came."""
    return list(map(_unread, _of(connection, provider)))


def page(connection: Connection, provider: str | None, after: str, limit: int) -> list[QuarantineEntry]:
    """Return the next rows, of one provider or of all, always in the same order."""
    query = _ALL.where(quarantine.c.id > after).order_by(quarantine.c.id).limit(limit)
    if provider is not None and "\0" in provider:
        return []  # no name holds one
    if provider is not None:
        query = query.where(quarantine.c.provider == provider)
    return list(map(QuarantineEntry._make, connection.execute(query)))


def beginnings(
    connection: Connection, provider: str | None = None, since: datetime | None = None
) -> Iterator[QuarantineBeginning]:
    """Yield the rows of one provider or of all, the latest first; only those that came at a time or later."""
    query = _BEGINNINGS
    if provider is not None and "\0" in provider:
        return  # no name holds one
    if provider is not None:
        query = query.where(quarantine.c.provider == provider)
    if since is not None:
        query = query.where(quarantine.c.first_at >= since)
    yield from map(QuarantineBeginning._make, connection.execute(query, execution_options={"yield_per": PORTION}))


def _unread(row: QuarantineEntry) -> Unread:
    return Unread(row.provider, row.record_id, row.reason, json.loads(row.payload))


def _without_names(connection: Connection, unread: Iterable[Unread]) -> Iterable[Unread]:
    users = forgotten_users.read(connection)
    return (_cleaned(each, users) for each in unread) if users else unread


def _cleaned(each: Unread, users: ForgottenUsers) -> Unread:
    return replaced(each, reason=users.cleaned(each.reason), payload=users.cleaned(json.loads(payload_of(each))))


def _of(connection: Connection, *providers: str) -> list[QuarantineEntry]:
    return list(map(QuarantineEntry._make, connection.execute(_ALL.where(quarantine.c.provider.in_(providers)))))


def _rows(unread: Iterable[Unread], at: datetime, stored: Iterable[QuarantineEntry]) -> list[QuarantineEntry]:
    """The rows to keep; those that are stored keep the time at which they first came."""
    since = {row.id: row.first_at for row in stored}
    rows = (_row(each, at) for each in unread)
    return [row._replace(first_at=since.get(row.id, at)) for row in rows]


def _row(each: Unread, at: datetime) -> QuarantineEntry:
    payload = payload_of(each)
    return QuarantineEntry(
        id=digest(canonical_json(sayable([each.provider, each.record_id, each.reason, payload]))),
        provider=each.provider,
        record_id=storable(each.record_id),
        reason=storable(each.reason),
        payload=payload,
        first_at=at,
    )


def payload_of(each: Unread) -> str:
    """Return what is kept of such a row, as canonical JSON."""
    try:
        return canonical_json(sayable(each.payload))
    except (RecursionError, TypeError):
        return canonical_json(None)  # nested too deeply to be kept; provider, id and reason are
