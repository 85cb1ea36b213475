"""Push records in one by one, and delete them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matching.codes import Code
from matching.errors import NotARecord
from matching.model import Key, Suppressed, key_of
from matching.records import future_time, read_record
from service.core.errors import NotFound, Unparsable
from service.resolution.applying import apply
from service.store import devices, records
from service.store.devices import Members
from service.store.records import Entry, Upserted
from service.store.world import World


class PushStatus(Code):
    """What became of one pushed row."""

    CREATED = "created", "created", "The record is new."
    UPDATED = "updated", "updated", "The record replaces an earlier one with its key."
    UNCHANGED = "unchanged", "unchanged", "The record was stored as it is."
    REJECTED = "rejected", "rejected", "The row is no record, or cannot be stored."
    FORBIDDEN = "forbidden", "forbidden", "The key may not write records of this provider."


@dataclass(frozen=True)
class PushResult:
    """What became of one pushed row; `suppressed` are values of it that are no evidence."""

    status: PushStatus
    key: Key | None = None
    device_id: str | None = None
    reason: str | None = None
    suppressed: Sequence[Suppressed] = ()


@dataclass(frozen=True)
class _Read:
    """A row that can be stored, and what of it could not be read."""

    entry: Entry
    dropped: Sequence[Suppressed]


@dataclass(frozen=True)
class _Became:
    """What became of the rows: those that stand, what was new, where they are, and when they were received."""

    standing: Mapping[Key, Entry]
    upserted: Upserted
    members: Members
    at: datetime


def any_provider(_: str) -> bool:
    """Let records of every provider be written."""
    return True


def push_records(
    world: World, raws: Sequence[object], may_write: Callable[[str], bool] = any_provider
) -> list[PushResult]:
    """
    Add or replace records, and answer row by row, in order; a row that is no record is rejected, the others go in.

    Of rows with one key the later stands (`matching.records.latest`).

    Args:
        may_write: Whether the caller may write records of a provider.

    Raises:
        StoreError: The database failed; nothing was stored.
    """
    rows = [_read(raw, may_write) for raw in raws]
    entries = [row.entry for row in rows if isinstance(row, _Read)]
    if not entries:
        return [row for row in rows if isinstance(row, PushResult)]
    with world.store.writing() as connection:
        context = world.change()
        standing = records.standing(entries, context.at)
        applied = apply(connection, list(standing.values()), context)
        others = devices.members(connection, standing.keys() - applied.members.keys())
    became = _Became(standing, applied.upserted, {**applied.members, **others}, context.at)
    return [row if isinstance(row, PushResult) else _result(row, became) for row in rows]


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
        apply(connection, (), world.change(), gone=[key])


def _read(raw: object, may_write: Callable[[str], bool]) -> _Read | PushResult:
    try:
        record, dropped = read_record(raw)
    except NotARecord as error:
        return PushResult(PushStatus.REJECTED, reason=str(error))
    if not may_write(record["provider"]):
        reason = f"this key may not write records of {record['provider']!r}"
        return PushResult(PushStatus.FORBIDDEN, key_of(record), reason=reason)
    try:
        return _Read(records.entry(record, with_terms=True), dropped)
    except Unparsable as error:
        return PushResult(PushStatus.REJECTED, key_of(record), reason=error.reason)


def _result(row: _Read, became: _Became) -> PushResult:
    key = row.entry.key
    home = became.members[key]
    in_future = future_time(row.entry.record, became.at) if row.entry.seen_at else None
    suppressed = (
        *row.dropped,
        *row.entry.replaced,
        *((in_future,) if in_future else ()),
        *(Suppressed(**value) for value in json.loads(home.suppressed)),
    )
    if became.standing[key] is not row.entry:
        reason = "a later row of the same request has this key"
        return PushResult(PushStatus.UNCHANGED, key, home.device_id, reason, suppressed)
    known = PushStatus.UPDATED if key in became.upserted.changed else PushStatus.UNCHANGED
    status = PushStatus.CREATED if key in became.upserted.new else known
    return PushResult(status, key, home.device_id, suppressed=suppressed)
