"""
Take a last user's name out of what is stored beside records: the change feed, quarantine, unfinished syncs, notes.

Records, and devices with them, change in one way only (`service.resolution.applying`).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, bindparam, select, update

from service.core.user_names import ForgottenUsers
from service.store.database.billing_tables import agreement_reads
from service.store.database.canonical_json import canonical_json
from service.store.database.feed_tables import customer_changes
from service.store.database.policy_tables import policy_entries, recalibrations
from service.store.database.rows import OF, PORTION, key_names, portions
from service.store.database.tables import arrivals, changes, decisions, idempotency_keys, syncs
from service.store.ingested import quarantine
from service.store.ingested.forgotten_users import cleaned_payload

Clean = Callable[[str, ForgottenUsers], str]


def fragment_of(name: str) -> str:
    """Return what a case-folded text or JSON holds wherever it holds the name; to tell at once that it does not."""
    return json.dumps(name, ensure_ascii=False)[1:-1].casefold()


def redact(connection: Connection, users: ForgottenUsers, fragment: str) -> Counter[str]:
    """
    Take names out of everything but records and devices; return how many rows of each table held one.

    Args:
        fragment: Only texts that hold it (`fragment_of`) are looked at.
    """
    found = Counter[str]()
    for column, clean in _PLACES.items():
        found[column.table.name] += _redact(connection, column, clean, users, fragment)
    found["quarantine"] += quarantine.redact(connection, users)
    return +found


def _text(text: str, users: ForgottenUsers) -> str:
    return str(users.cleaned(text))


def _detail(text: str, users: ForgottenUsers) -> str:
    """The detail of a change: values of `last_user`, and what a person gave as a reason. Who decided stays."""
    detail = json.loads(text)
    for part, name in (("fields", "last_user"), ("because", "why")):
        if name in detail.get(part, ()):
            detail[part][name] = users.cleaned(detail[part][name])
    return canonical_json(detail)


def _answer(text: str, users: ForgottenUsers) -> str:
    """An answer that is kept for a retry: what a person gave as a reason of a decision. Who decided stays."""
    said = json.loads(text)
    for name in ("why", "revoked_why"):
        if isinstance(said, dict) and said.get(name):
            said[name] = users.cleaned(said[name])
    return canonical_json(said)


_PLACES: dict[Column[Any], Clean] = {
    agreement_reads.c.error: _text,
    arrivals.c.payload: cleaned_payload,
    arrivals.c.reason: _text,
    changes.c.detail: _detail,
    customer_changes.c.detail: _detail,
    decisions.c.why: _text,
    decisions.c.revoked_why: _text,
    idempotency_keys.c.body: _answer,
    policy_entries.c.why: _text,
    policy_entries.c.revoked_why: _text,
    recalibrations.c.error: _text,
    syncs.c.error: _text,
}
"""Columns that may hold a last user's name, and how it is taken out of each."""


def _redact(connection: Connection, column: Column[Any], clean: Clean, users: ForgottenUsers, fragment: str) -> int:
    """Clean a column; return in how many rows something was found."""
    done = 0
    names = key_names(column.table)
    statement = update(column.table).values({column.name: bindparam("cleaned")})
    for name in names:
        statement = statement.where(column.table.c[name] == bindparam(OF + name))
    for portion in portions(list(_held(connection, column, clean, users, fragment))):
        rows = [
            {"cleaned": text, **dict(zip((OF + name for name in names), key, strict=True))} for key, text in portion
        ]
        connection.execute(statement, rows)
        done += len(rows)
    return done


def _held(
    connection: Connection, column: Column[Any], clean: Clean, users: ForgottenUsers, fragment: str
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield the key of each row that holds a name, and its text without."""
    query = select(*column.table.primary_key, column).where(column.is_not(None))
    for *key, text in connection.execute(query, execution_options={"yield_per": PORTION}):
        if fragment in text.casefold() and (cleaned := clean(text, users)) != text:
            yield tuple(key), cleaned
