"""Push records in one by one, and delete them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from matching.codes import Code
from matching.errors import NotARecord
from matching.model import Key, Suppressed, key_of
from matching.records import REQUIRED, future_time, read_record
from service.core.errors import NotFound, Unparsable
from service.ingest.admission import Inadmissible, Rejection, Warned, admit
from service.resolution.applying import apply
from service.store.access.visibility import Visibility
from service.store.ingested import records
from service.store.ingested.records import Entry, Upserted
from service.store.resolved import customer_feeds, devices, visible
from service.store.resolved.devices import Members
from service.store.resolved.visible import reason_as_told
from service.store.world import World


class PushStatus(Code):
    """What became of one pushed row."""

    CREATED = "created", "created", "The record is new."
    CHANGED = "changed", "changed", "The record replaces an earlier one with its key."
    UNCHANGED = "unchanged", "unchanged", "The record was stored as it is."
    REJECTED = "rejected", "rejected", "The row is no record, or cannot be stored."
    FORBIDDEN = "forbidden", "forbidden", "The key may not write records of this provider, or of this customer."


@dataclass(frozen=True)
class PushResult:
    """
    What became of one pushed row; `suppressed` are values of it that are no evidence.

    `code` and `pointer`, a JSON Pointer into the row, say of one that is rejected what is wrong with it.
    """

    status: PushStatus
    key: Key | None = None
    device_id: str | None = None
    reason: str | None = None
    code: Rejection | None = None
    pointer: str | None = None
    suppressed: Sequence[Suppressed] = ()
    warnings: Sequence[Warned] = ()


@dataclass(frozen=True)
class Pushed:
    """
    What became of each row, in order, and the number of the last change of the caller's feed when all were stored.
    """

    results: Sequence[PushResult]
    seq: int


@dataclass(frozen=True)
class FoundRecord:
    """A stored record, its device, and when its feed first returned it, at all and as it is now."""

    key: Key
    device_id: str
    payload: str
    first_seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class _Read:
    """A row that can be stored, and what of it could not be read."""

    entry: Entry
    dropped: Sequence[Suppressed]
    warnings: Sequence[Warned]


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


def push_records(world: World, raws: Iterable[object], may_write: Callable[[str], bool] = any_provider) -> Pushed:
    """
    Add or replace records, and answer row by row, in order; a row that is no record is rejected, the others go in.

    Of rows with one key the later stands (`matching.records.latest`). A caller who is bound to customers may write
    records of these, and replace no record of another.

    Args:
        may_write: Whether the caller may write records of a provider.

    Raises:
        StoreError: The database failed; nothing was stored.
    """
    rows = [_read(raw, may_write, world.visibility) for raw in raws]
    if not any(isinstance(row, _Read) for row in rows):
        with world.store.reading() as connection:
            seq = customer_feeds.end(connection, world.visibility).seq
        return _told(world, [row for row in rows if isinstance(row, PushResult)], seq)
    with world.store.writing() as connection:
        context = world.change(connection)
        if world.visibility is not None:
            rows = _without_hidden(connection, world.visibility, rows)
        standing = records.standing((row.entry for row in rows if isinstance(row, _Read)), context.at)
        applied = apply(connection, list(standing.values()), context)
        others = devices.members(connection, standing.keys() - applied.members.keys())
        seq = customer_feeds.end(connection, world.visibility).seq
    became = _Became(standing, applied.upserted, {**applied.members, **others}, context.at)
    return _told(world, [row if isinstance(row, PushResult) else _result(row, became) for row in rows], seq)


def find_record(world: World, key: Key) -> FoundRecord:
    """
    Return a record as it is stored.

    Raises:
        NotFound: There is no such record, or it is not visible.
    """
    with world.store.reading() as connection:
        _require_visible(connection, world.visibility, key)
        found = records.read(connection, [key]).get(key)
        member = devices.members(connection, [key]).get(key)
    if found is None or member is None:
        raise _no_record(key)
    return FoundRecord(key, member.device_id, found.payload, found.first_seen_at, found.changed_at)


def delete_record(world: World, key: Key) -> None:
    """
    Take a record out; no join that rested on it stays.

    Raises:
        NotFound: There is no such record, or it is not visible.
        StoreError: The database failed; nothing was stored.
    """
    with world.store.writing() as connection:
        _require_visible(connection, world.visibility, key)
        if not records.exists(connection, key):
            raise _no_record(key)
        apply(connection, (), world.change(connection), gone=[key])


def _require_visible(connection: Connection, visibility: Visibility | None, key: Key) -> None:
    if visibility is not None and not visible.by_key(connection, visibility, [key]):
        raise _no_record(key)


def _no_record(key: Key) -> NotFound:
    return NotFound(f"no record {key}")


def _read(raw: object, may_write: Callable[[str], bool], visibility: Visibility | None) -> _Read | PushResult:
    """Read a row: the one place where a pushed row may be refused."""
    try:
        admitted = admit(raw)
        if not may_write(admitted.record["provider"]):
            reason = f"this key may not write records of {admitted.record['provider']!r}"
            return PushResult(PushStatus.FORBIDDEN, key_of(admitted.record), reason=reason, pointer="/provider")
        if visibility is not None and not visibility.sees(admitted.record):
            return _of_other_customer(key_of(admitted.record))
        entry = records.entry(admitted.record, with_terms=True)
    except Inadmissible as error:
        return PushResult(
            PushStatus.REJECTED, _key_in(raw), reason=error.reason, code=error.code, pointer=error.pointer
        )
    except Unparsable as error:
        key = key_of(admitted.record)
        return PushResult(PushStatus.REJECTED, key, reason=error.reason, code=Rejection.TOO_LARGE, pointer="")
    return _Read(entry, admitted.dropped, admitted.warnings)


def _key_in(raw: object) -> Key | None:
    """The key of a row that is refused, where it has one that could be a record's."""
    try:
        named = {field: raw.get(field) for field in REQUIRED} if isinstance(raw, Mapping) else {}
        return key_of(read_record(named)[0])
    except NotARecord:
        return None


def _without_hidden(
    connection: Connection, visibility: Visibility, rows: Sequence[_Read | PushResult]
) -> list[_Read | PushResult]:
    """The rows; those that would replace a record of another customer are forbidden."""
    keys = {row.entry.key for row in rows if isinstance(row, _Read)}
    hidden = records.read(connection, keys).keys() - visible.by_key(connection, visibility, keys).keys()
    return [
        _of_other_customer(row.entry.key) if isinstance(row, _Read) and row.entry.key in hidden else row for row in rows
    ]


def _of_other_customer(key: Key) -> PushResult:
    """The same for a row that is of another customer, and for one that would replace a record of another."""
    reason = "this key may not write records of that customer"
    return PushResult(PushStatus.FORBIDDEN, key, reason=reason, pointer="/company_id")


def _told(world: World, results: Sequence[PushResult], seq: int) -> Pushed:
    """What the caller is told: one who is bound to customers nothing that follows from the records of all."""
    return Pushed(results if world.visibility is None else list(map(_as_told, results)), seq)


def _as_told(result: PushResult) -> PushResult:
    return replace(result, suppressed=[each._replace(reason=reason_as_told(each.reason)) for each in result.suppressed])


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
        return PushResult(
            PushStatus.UNCHANGED, key, home.device_id, reason, suppressed=suppressed, warnings=row.warnings
        )
    known = PushStatus.CHANGED if key in became.upserted.changed else PushStatus.UNCHANGED
    status = PushStatus.CREATED if key in became.upserted.new else known
    return PushResult(status, key, home.device_id, suppressed=suppressed, warnings=row.warnings)
