"""What providers said: one row a record, with when it came and when it changed."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from matching.model import Key, Record, key_of
from matching.records import latest, seen_at
from service.errors import Unparsable
from service.store.bykeys import PORTION, ByKeys
from service.store.rows import Row, delete_rows, digest, insert_rows, to_json, update_rows
from service.store.tables import memberships, records

_KEY = records.c.provider, records.c.record_id
_BY_KEYS = ByKeys(select(*_KEY, records.c.payload, records.c.first_seen_at).where, _KEY)
_HASHES = ByKeys(select(*_KEY, records.c.content_hash).where, _KEY)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the text that is stored of it."""

    record: Record
    payload: str


class Upserted(NamedTuple):
    """What became of the records that arrived."""

    new: frozenset[Key]
    changed: frozenset[Key]
    same: frozenset[Key]


class Stored(NamedTuple):
    """A stored record and when its feed first returned it."""

    record: Record
    first_seen_at: datetime


def entry(record: Record) -> Entry:
    """
    Return a record as it can be stored.

    Raises:
        Unparsable: It holds what JSON cannot say, in a field that is not ours.
    """
    try:
        return Entry(record, to_json(record))
    except RecursionError:
        raise Unparsable(record["id"], "nested too deeply to be stored") from None
    except (TypeError, ValueError):
        raise Unparsable(record["id"], "holds a value that JSON cannot say, such as NaN") from None


def standing(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """Return the one entry that stands for each key (`matching.records.latest`)."""
    chosen: dict[Key, Entry] = {}
    for each in entries:
        key = key_of(each.record)
        rival = chosen.get(key)
        if rival is None or latest(rival.record, each.record) is each.record:
            chosen[key] = each
    return chosen


def upsert(connection: Connection, entries: Iterable[Entry], at: datetime) -> Upserted:
    """Store records, one an entry and no key twice; `at` is when the feed returned them."""
    arrived = {key_of(each.record): _row(each, at) for each in entries}
    hashes = _hashes(connection, arrived)
    new = frozenset(arrived) - hashes.keys()
    changed = frozenset(key for key in arrived.keys() - new if arrived[key]["content_hash"] != hashes[key])
    same = frozenset(arrived) - new - changed
    insert_rows(connection, records, ({**arrived[key], "first_seen_at": at} for key in sorted(new)))
    update_rows(connection, records, (arrived[key] for key in sorted(changed)))
    update_rows(connection, records, ({"provider": p, "record_id": i, "returned_at": at} for p, i in sorted(same)))
    return Upserted(new, changed, same)


def remove(connection: Connection, keys: Collection[Key]) -> None:
    """Delete records with everything they can be found by; their memberships go with the next resolution."""
    delete_rows(connection, records, sorted(keys))


def keys_of(connection: Connection, provider: str) -> frozenset[Key]:
    """Return the keys of a provider's records."""
    query = select(records.c.record_id).where(records.c.provider == provider)
    return frozenset(Key(provider, record_id) for record_id in connection.execute(query).scalars())


def exists(connection: Connection, key: Key) -> bool:
    """Whether a record is stored."""
    return bool(_hashes(connection, [key]))


def count(connection: Connection) -> int:
    """Return how many records are stored."""
    return int(connection.execute(select(func.count()).select_from(records)).scalar_one())


def read(connection: Connection, keys: Iterable[Key]) -> dict[Key, Stored]:
    """Return those of the records that are stored."""
    return {
        Key(provider, record_id): Stored(json.loads(payload), first)
        for provider, record_id, payload, first in _BY_KEYS.rows(connection, keys)
    }


def every(connection: Connection) -> Iterator[Record]:
    """Yield every record, without holding them all at once."""
    rows = connection.execute(select(records.c.payload), execution_options={"yield_per": PORTION})
    return map(json.loads, rows.scalars())


def of_devices(connection: Connection, device_ids: Sequence[str]) -> list[Row]:
    """Return the rows of all records of some devices, each with its membership, in order of key."""
    query = (
        select(records, memberships.c.device_id, memberships.c.unusable)
        .join_from(memberships, records)
        .where(memberships.c.device_id.in_(device_ids))
        .order_by(records.c.provider, records.c.record_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _hashes(connection: Connection, keys: Collection[Key]) -> dict[Key, str]:
    return {Key(provider, record_id): content for provider, record_id, content in _HASHES.rows(connection, keys)}


def _row(each: Entry, at: datetime) -> dict[str, Any]:
    return {
        "provider": each.record["provider"],
        "record_id": each.record["id"],
        "payload": each.payload,
        "content_hash": digest(each.payload),
        "seen_at": seen_at(each.record),
        "changed_at": at,
        "returned_at": at,
    }
