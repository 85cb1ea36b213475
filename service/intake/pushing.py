"""Records that other tools push in, one by one, and take out again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matching.errors import NotARecord
from matching.model import Key, Suppressed, key_of
from matching.records import read_record
from service.core.errors import NotFound, Unparsable
from service.resolution.applying import apply
from service.store import devices, records
from service.store.devices import Members
from service.store.records import Entry, Upserted
from service.store.world import World


@dataclass(frozen=True)
class PushResult:
    """What became of one pushed row; `unusable` are values of it that are no evidence."""

    status: Literal["created", "updated", "unchanged", "rejected"]
    key: Key | None = None
    device_id: str | None = None
    reason: str | None = None
    unusable: Sequence[Suppressed] = ()


@dataclass(frozen=True)
class _Read:
    """A row that can be stored, and what of it could not be read."""

    entry: Entry
    dropped: Sequence[Suppressed]


def push_records(world: World, raws: Sequence[object]) -> list[PushResult]:
    """
    Add or replace records, and answer row by row, in order; a row that is no record is rejected, the others go in.

    Of rows with one key the later stands (`matching.records.latest`).

    Raises:
        StoreError: The database failed; nothing was stored.
    """
    rows = [_read(raw) for raw in raws]
    standing = records.standing(row.entry for row in rows if isinstance(row, _Read))
    if not standing:
        return [row for row in rows if isinstance(row, PushResult)]
    with world.store.writing() as connection:
        change = world.change()
        applied = apply(connection, list(standing.values()), change)
        others = devices.members(connection, standing.keys() - applied.members.keys())
    members = {**applied.members, **others}
    return [row if isinstance(row, PushResult) else _result(row, standing, applied.upserted, members) for row in rows]


def delete_record(world: World, key: Key) -> None:
    """
    Take a record out; no join that rested on it stays.

    Raises:
        NotFound: There is no such record.
        StoreError: The database failed; nothing was stored.
    """
    with world.store.writing() as connection:
        if not records.exists(connection, key):
            raise NotFound(f"no record {key}")
        change = world.change()
        apply(connection, (), change, gone=[key])


def _read(raw: object) -> _Read | PushResult:
    try:
        record, dropped = read_record(raw)
    except NotARecord as error:
        return PushResult("rejected", reason=str(error))
    try:
        return _Read(records.entry(record, with_terms=True), dropped)
    except Unparsable as error:
        return PushResult("rejected", key_of(record), reason=error.reason)


def _result(row: _Read, standing: dict[Key, Entry], upserted: Upserted, members: Members) -> PushResult:
    key = row.entry.key
    home = members[key].device_id
    unusable = (
        *row.dropped,
        *row.entry.replaced,
        *(Suppressed(**value) for value in json.loads(members[key].unusable)),
    )
    if standing[key] is not row.entry:
        reason = "a later row of the same request has this key"
        return PushResult("unchanged", key, home, reason, unusable)
    status: Literal["created", "updated", "unchanged"] = (
        "created" if key in upserted.new else "updated" if key in upserted.changed else "unchanged"
    )
    return PushResult(status, key, home, unusable=unusable)
