"""What is stored of the records that a caller may see (`visibility`), found by an index of their customers."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from matching.model import Key
from service.store.access.visibility import Visibility
from service.store.database.bound_lists import is_key, one_of
from service.store.database.canonical_json import canonical_json
from service.store.database.tables import memberships, records
from service.store.resolved.device_records import OF_DEVICES, RecordOfDevice

_SEEN = OF_DEVICES.order_by(None).where(is_key(records.c.provider, records.c.company_id, name="customers"))
_BY_DEVICE = _SEEN.where(one_of(memberships.c.device_id, "ids"))
_BY_KEY = _SEEN.where(is_key(memberships.c.provider, memberships.c.record_id))
_DEVICE_IDS = (
    select(memberships.c.device_id)
    .distinct()
    .join_from(memberships, records)
    .where(
        is_key(records.c.provider, records.c.company_id, name="customers"), memberships.c.device_id > bindparam("after")
    )
    .order_by(memberships.c.device_id)
)

_COUNTS = (
    select(records.c.provider, func.count().label("records"))
    .where(is_key(records.c.provider, records.c.company_id, name="customers"))
    .group_by(records.c.provider)
)

FLEET_REASONS = ("over-shared: ", "'s field is not trusted: ")
"""How reasons begin, or go on, after which they count the records of all customers."""


def every(connection: Connection, visibility: Visibility) -> list[RecordOfDevice]:
    """Return all visible records, in order of key."""
    return _read(connection, _SEEN, visibility)


def of_devices(connection: Connection, visibility: Visibility, device_ids: Iterable[str]) -> list[RecordOfDevice]:
    """Return the visible records of some devices, in order of key."""
    return _read(connection, _BY_DEVICE, visibility, ids=list(device_ids))


def by_key(connection: Connection, visibility: Visibility, keys: Iterable[Key]) -> dict[Key, RecordOfDevice]:
    """Return those of some records that are stored and visible."""
    return {row.key: row for row in _read(connection, _BY_KEY, visibility, keys=sorted(set(keys)))}


def device_ids(connection: Connection, visibility: Visibility, after: str = "") -> Sequence[str]:
    """Return the ids of all devices with a visible record, in order, from behind one on."""
    found = connection.execute(_DEVICE_IDS, {"customers": visibility.customers, "after": after})
    return list(found.scalars())


def counts(connection: Connection, visibility: Visibility) -> dict[str, int]:
    """Return how many visible records each provider lists; one without any is absent."""
    found = connection.execute(_COUNTS, {"customers": visibility.customers})
    return {row.provider: row.records for row in found}


def suppressed_as_told(suppressed: str) -> str:
    """
    Return why a record's values are no evidence, in JSON, as a caller may be told who sees some records.

    That a value is over-shared, or its field not trusted, follows from the records of all customers; how many they are
    is left out.
    """
    if suppressed == "[]":
        return suppressed
    return canonical_json([{**note, "reason": reason_as_told(note["reason"])} for note in json.loads(suppressed)])


def reason_as_told(reason: str) -> str:
    """Return one such reason without what follows from the records of all customers."""
    for mark in FLEET_REASONS:
        before, found, _ = reason.partition(mark)
        if found:
            return before + mark.removesuffix(": ")
    return reason


def _read(connection: Connection, query: Any, visibility: Visibility, **lists: Sequence[Any]) -> list[RecordOfDevice]:
    rows = connection.execute(query, {"customers": visibility.customers, **lists})
    found = map(RecordOfDevice._make, rows)
    shown = (row._replace(suppressed=suppressed_as_told(row.suppressed)) for row in found)
    return sorted(shown, key=lambda row: row.key)  # in SQL, SQLite would read all records in that order
