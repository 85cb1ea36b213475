"""Names of last users that are not stored any more, as salted hashes: what comes later is stored without them."""

import json
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select

from matching.model import Record
from service.core.user_names import ForgottenUsers, hash_of
from service.store.database.canonical_json import canonical_json
from service.store.database.tables import forgotten_users

KEPT = Record.__annotations__.keys() - {"last_user"}
"""Fields in which a name stays: a device is known by them, and a hostname is no user."""


def read(connection: Connection) -> ForgottenUsers:
    """Return all names that are to be forgotten."""
    rows = connection.execute(select(forgotten_users.c.salt, forgotten_users.c.name_hash)).all()
    return ForgottenUsers(rows[0].salt if rows else "", frozenset(row.name_hash for row in rows))


def count(connection: Connection) -> int:
    """Return how many names are to be forgotten."""
    return connection.execute(select(func.count()).select_from(forgotten_users)).scalar_one()


def add(connection: Connection, name: str, new_salt: str, at: datetime) -> ForgottenUsers:
    """Add a name, and return all; the salt of the first one is that of the others."""
    known = read(connection)
    salt = known.salt or new_salt
    name_hash = hash_of(name, salt)
    if name_hash not in known.hashes:
        row = {"name_hash": name_hash, "salt": salt, "forgotten_at": at}
        connection.execute(insert(forgotten_users), row)
    return ForgottenUsers(salt, known.hashes | {name_hash})


def remove(connection: Connection, name: str) -> bool:
    """Take a name off the list; return whether it was there."""
    name_hash = hash_of(name, read(connection).salt)
    gone = connection.execute(delete(forgotten_users).where(forgotten_users.c.name_hash == name_hash))
    return bool(gone.rowcount)


def cleaned_record(users: ForgottenUsers, record: Record) -> Record:
    """Return a record without the names: without its `last_user`, where that names one; `KEPT` fields stay."""
    said = {field: value if field in KEPT else users.cleaned(value) for field, value in record.items()}
    if said.get("last_user") != record.get("last_user"):
        del said["last_user"]
    return cast("Record", said)


def cleaned_payload(text: str, users: ForgottenUsers) -> str:
    """Return the JSON of a feed record, or of a row that could not be read, without the names."""
    said = json.loads(text)
    is_record = isinstance(said, dict) and "provider" in said and "id" in said
    return canonical_json(cleaned_record(users, said) if is_record else users.cleaned(said))
