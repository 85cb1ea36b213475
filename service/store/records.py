"""What providers said: one row a record, with when it came and when it changed."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count as counting
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from matching.joints import Joint
from matching.model import Key, Record, key_of
from matching.records import latest, seen_at
from service.errors import Unparsable
from service.store import joints
from service.store.bykeys import PORTION, ByKeys
from service.store.prepared import Prepared
from service.store.rows import Row, delete_rows, digest, insert_rows, to_json, update_rows
from service.store.tables import memberships, records

_KEY = records.c.provider, records.c.record_id
_STORED = records.c.number, records.c.payload, records.c.first_seen_at, joints.of(records.c.number).label("joints")
_BY_KEYS = ByKeys(select(*_KEY, *_STORED).where, _KEY)
_KNOWN = ByKeys(select(*_KEY, records.c.number, records.c.content_hash).where, _KEY)
_LAST = Prepared(select(func.coalesce(func.max(records.c.number), 0).label("number")))


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the text that is stored of it."""

    record: Record
    payload: str


class Upserted(NamedTuple):
    """What became of the records that arrived: their numbers."""

    new: Mapping[Key, int]
    changed: Mapping[Key, int]
    same: Mapping[Key, int]


class Stored(NamedTuple):
    """A stored record, its number, when its feed first returned it, and its joints (`matching.joints`)."""

    number: int
    record: Record
    first_seen_at: datetime
    joints: frozenset[Joint]


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
    known = _known(connection, arrived)
    coming = sorted(arrived.keys() - known.keys())
    new = dict(zip(coming, counting(_last(connection) + 1), strict=False)) if coming else {}
    changed = {key: each.number for key, each in known.items() if each.content_hash != arrived[key]["content_hash"]}
    same = {key: each.number for key, each in known.items() if key not in changed}
    insert_rows(connection, records, ({**arrived[key], "number": new[key], "first_seen_at": at} for key in coming))
    update_rows(connection, records, ({**arrived[key], "number": number} for key, number in changed.items()))
    update_rows(connection, records, ({"number": number, "returned_at": at} for number in sorted(same.values())))
    return Upserted(new, changed, same)


def remove(connection: Connection, keys: Collection[Key]) -> None:
    """Delete records with everything they can be found by; their memberships go with the next resolution."""
    delete_rows(connection, records, sorted((row.number,) for row in _known(connection, keys).values()))


def keys_of(connection: Connection, provider: str) -> frozenset[Key]:
    """Return the keys of a provider's records."""
    query = select(records.c.record_id).where(records.c.provider == provider)
    return frozenset(Key(provider, record_id) for record_id in connection.execute(query).scalars())


def exists(connection: Connection, key: Key) -> bool:
    """Whether a record is stored."""
    return bool(_known(connection, [key]))


def count(connection: Connection) -> int:
    """Return how many records are stored."""
    return int(connection.execute(select(func.count()).select_from(records)).scalar_one())


def read(connection: Connection, keys: Iterable[Key]) -> dict[Key, Stored]:
    """Return those of the records that are stored."""
    return {
        Key(provider, record_id): Stored(number, json.loads(payload), first, joints.read(own))
        for provider, record_id, number, payload, first, own in _BY_KEYS.rows(connection, keys)
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


def _known(connection: Connection, keys: Collection[Key]) -> dict[Key, Any]:
    return {Key(row.provider, row.record_id): row for row in _KNOWN.rows(connection, keys)}


def _last(connection: Connection) -> int:
    """The highest number that there is: writers come one at a time."""
    return int(next(_LAST.rows(connection)).number)


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
