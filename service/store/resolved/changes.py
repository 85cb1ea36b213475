"""
The change feed: what happened to devices, in order. Rows are only added, until they are too old to be kept.

`detail` by `what`:

* created   `records`
* split     `records`, and `from`: ids of the devices that they were in
* changed   `fields` (value before and after), records `added` and `removed`, each if there are any
* merged    as `changed`, and `absorbed`: the retired ids
* retired   `successor` (an id or null) and `why`

Where records came together, `evidence` is what joined them. Where records left a device, `parted` says why
(`service.resolution.parting`). `because` is what caused the change, where that is known:
`decision` (its id, with `verdict`, `left`, `right`, `by` and `why`), `revoked` (a decision's id, with the same
fields), `imported` (how many decisions, with `by`), `sync` (a run's id, with `provider`), `forgotten`
(how many records named a last user whose name a person had removed), or `rules_changed` (the version of the engine's
rules that took effect by an upgrade).

`by` is who made the change, which is not always who decided: a person may import what others have decided.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, delete, func, select, union_all

from matching.codes import Code
from service.store.access.actors import Actor
from service.store.database.canonical_json import canonical_json
from service.store.database.feed_tables import customer_change_companies, customer_changes
from service.store.database.rows import insert_rows
from service.store.database.tables import change_companies, changes
from service.store.database.types import company_key

LIST = "changes"
"""The feed, which is in order of `seq`, in cursors."""

_IS_OF = customer_changes.c.feed == bindparam("feed")
_LAST = (
    select(func.coalesce(func.max(changes.c.seq), 0)),
    select(func.coalesce(func.max(customer_changes.c.seq), 0)).where(_IS_OF),
)
_FIRST = (
    select(func.coalesce(func.min(changes.c.seq), 1)),
    select(func.coalesce(func.min(customer_changes.c.seq), 1)).where(_IS_OF),
)


class ChangeKind(Code):
    """What can happen to a device."""

    CREATED = "created", "created", "Records that were in no device became one."
    CHANGED = "changed", "changed", "Its values or its records are others."
    MERGED = "merged", "merged", "It took the records of another device in, whose id is retired."
    SPLIT = "split", "split", "Records left a device and became one of their own."
    RETIRED = "retired", "retired", "Its id is no device any more, and may lead to a successor."


class CauseKind(Code):
    """What can make devices change: the name under which `because` has it."""

    DECISION = "decision", "decision", "A person decided about two records."
    REVOKED = "revoked", "decision revoked", "A person took a decision back."
    CORRECTED = "corrected", "correction", "A person added to the policy."
    UNCORRECTED = "uncorrected", "correction revoked", "A person took back what somebody had added to the policy."
    IMPORTED = "imported", "decisions imported", "A person imported decisions."
    SYNC = "sync", "sync", "A sync brought records, or found that some are gone."
    FORGOTTEN = "forgotten", "user forgotten", "A person had the name of a last user removed."
    RULES_CHANGED = "rules_changed", "rules changed", "A new version of Samebox resolves the same records differently."


@dataclass(frozen=True)
class Change:
    """One thing that happened to one device."""

    device_id: str
    what: ChangeKind
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class RecordedChange:
    """A change with its place in the feed, its time and who made it."""

    seq: int
    at: datetime
    change: Change
    by: Actor | None = None


_AT = select(changes.c.at).where(changes.c.seq == bindparam("seq"))


def append(  # noqa: PLR0913 - a parameter a column
    connection: Connection,
    happened: Sequence[Change],
    at: datetime,
    because: Mapping[str, Any] | None = None,
    by: Actor | None = None,
    *,
    companies: Mapping[str, Collection[str]] = MappingProxyType({}),
    feed: int | None = None,
) -> None:
    """
    Add to the feed, in a writing transaction.

    Writers come one at a time, so the order of `seq` is the order of commits: who reads after a number misses nothing
    that is committed later.

    Args:
        companies: Device id -> the companies that it is of before and after what happened, as lists are filtered by.
        feed: The feed of some customers (`customer_feeds`); None: of all. The same in all functions here.
    """
    if not happened:
        return
    cause = {"because": because} if because else {}
    name, key_id = by or (None, None)
    rows, of_companies = _tables(feed)
    numbered = list(enumerate(happened, last(connection, feed) + 1))
    insert_rows(
        connection,
        rows,
        (*_prefix(rows), "seq", "at", "device_id", "what", "detail", "by", "key_id"),
        (
            (
                *_of(feed),
                seq,
                at,
                each.device_id,
                str(each.what),
                canonical_json({**each.detail, **cause}),
                name,
                key_id,
            )
            for seq, each in numbered
        ),
    )
    insert_rows(
        connection,
        of_companies,
        (*_prefix(of_companies), "company_key", "seq"),
        ((*_of(feed), company, seq) for seq, each in numbered for company in companies.get(each.device_id, ())),
    )


def last(connection: Connection, feed: int | None = None) -> int:
    """Return the number of the last change, 0 before the first."""
    return _number(connection, _LAST, feed)


def first(connection: Connection, feed: int | None = None) -> int:
    """Return the number of the oldest change that is kept; 1 before there is any."""
    return _number(connection, _FIRST, feed)


def last_before(connection: Connection, at: datetime) -> int:
    """
    Return the number of the last change that was made before a time, 0 where none is kept.

    Numbers grow with time, so it is found by halving what is kept, and no index by time is needed.
    """
    low, high = first(connection) - 1, last(connection)
    while low < high:
        middle = (low + high + 1) // 2
        found = connection.execute(_AT, {"seq": middle}).scalar()
        low, high = (middle, high) if found is not None and found < at else (low, middle - 1)
    return low


def after(  # noqa: PLR0913 - a parameter a filter
    connection: Connection,
    seq: int,
    limit: int | None = None,
    kinds: Collection[ChangeKind] = (),
    company: str | None = None,
    *,
    feed: int | None = None,
) -> list[RecordedChange]:
    """
    Return what happened after a change, in order; without a limit all of it.

    Args:
        kinds: Only changes of these kinds; none: of all.
        company: Only changes of devices that are of this company before or after, in any case.
    """
    rows, companies = _tables(feed)
    numbers = select(rows.c.seq).where(*_is_of(rows, feed), rows.c.seq > seq).order_by(rows.c.seq).limit(limit)
    if company is not None:
        of_company = select(companies.c.seq).where(
            *_is_of(companies, feed), companies.c.company_key == company_key(company), companies.c.seq > seq
        )
        numbers = numbers.where(rows.c.seq.in_(of_company))
    each = [numbers.where(rows.c.what == str(kind)).subquery() for kind in kinds] or [numbers.subquery()]
    # an index has those of one kind in order; of several, the first of each are enough to choose from
    chosen = union_all(*(select(part.c.seq) for part in each))
    return _recorded(connection, feed, rows.c.seq.in_(chosen), limit=limit)


def forget(connection: Connection, before: datetime, limit: int, feed: int | None = None) -> int:
    """
    Delete the oldest changes that were made before a time, at most so many; return how many are gone.

    The last change stays: numbers go on after it.
    """
    rows, companies = _tables(feed)
    newest = min(first(connection, feed) + limit, last(connection, feed))
    old = select(func.max(rows.c.seq)).where(*_is_of(rows, feed), rows.c.seq < newest, rows.c.at < before)
    up_to = connection.execute(old).scalar()
    if up_to is None:
        return 0
    connection.execute(delete(companies).where(*_is_of(companies, feed), companies.c.seq <= up_to))
    return connection.execute(delete(rows).where(*_is_of(rows, feed), rows.c.seq <= up_to)).rowcount


def of_device(connection: Connection, device_id: str, seq: int = 0, *, feed: int | None = None) -> list[RecordedChange]:
    """Return what happened to a device after a change, in order."""
    rows, _ = _tables(feed)
    return _recorded(connection, feed, rows.c.device_id == device_id, rows.c.seq > seq)


def _number(connection: Connection, queries: tuple[Select[Any], Select[Any]], feed: int | None) -> int:
    """What one of two queries finds: that about the feed of all, and that about a feed of some customers."""
    of_all, of_some = queries
    found = connection.execute(of_all) if feed is None else connection.execute(of_some, {"feed": feed})
    return int(found.scalar_one())


def _tables(feed: int | None) -> tuple[Table, Table]:
    """The changes of a feed, and the companies of each."""
    return (changes, change_companies) if feed is None else (customer_changes, customer_change_companies)


def _prefix(table: Table) -> tuple[str, ...]:
    return tuple(name for name in ("feed",) if name in table.c)


def _of(feed: int | None) -> tuple[int, ...]:
    return () if feed is None else (feed,)


def _is_of(table: Table, feed: int | None) -> list[ColumnElement[bool]]:
    return [table.c.feed == of for of in _of(feed)]


def _recorded(
    connection: Connection, feed: int | None, *wanted: ColumnElement[bool], limit: int | None = None
) -> list[RecordedChange]:
    rows, _ = _tables(feed)
    query = select(rows).where(*_is_of(rows, feed), *wanted).order_by(rows.c.seq).limit(limit)
    return [_of_row(row) for row in connection.execute(query)]


def _of_row(row: Row[Any]) -> RecordedChange:
    change = Change(row.device_id, ChangeKind(row.what), json.loads(row.detail))
    return RecordedChange(row.seq, row.at, change, None if row.by is None else Actor(row.by, row.key_id))
