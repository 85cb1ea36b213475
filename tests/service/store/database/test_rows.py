"""Many rows go in, are changed and go out, alike on either database."""

import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from service.store.access import keys
from service.store.database.rows import columns, delete_rows, insert_rows, write_difference
from service.store.database.tables import api_keys, identifiers, records
from service.store.engine import Store
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXTS = ["", "\\N", "\\.", "a\tb\r\nc", "%s", "'\"`", "Zoë \U0001f4a9", "x" * 100_000, "\\x41", '{"a":1}']


class RecordRow(NamedTuple):
    """A row of `records`."""

    number: int
    provider: str
    record_id: str
    payload: str
    content_hash: str
    terms: bytes
    seen_at: datetime | None
    first_seen_at: datetime
    changed_at: datetime
    returned_at: datetime


class Key(NamedTuple):
    """Some columns of a row of `api_keys`, not in their order."""

    name: str
    id: str
    created_at: datetime
    token_hash: str


def stored(place: int, **fields: Any) -> RecordRow:
    """Return a row of `records`."""
    row = RecordRow(place, "a", f"{place:06}", "{}", "0" * 64, b"\0\xff", NOON, NOON, NOON, NOON)
    return row._replace(**fields)


def put(store: Store, rows: Iterable[RecordRow]) -> None:
    """Insert rows."""
    with store.writing() as connection:
        insert_rows(connection, records, RecordRow._fields, rows)


def found(store: Store) -> list[RecordRow]:
    """Return all rows of `records`."""
    with store.reading() as connection:
        query = select(*columns(records, RecordRow)).order_by(records.c.number)
        return list(map(RecordRow._make, connection.execute(query)))


def test_rows_come_out_as_they_went_in(tmp_path: Path) -> None:
    """Any text, any moment to the microsecond in whatever zone, and nothing at all."""
    store = Sandbox(tmp_path).store
    moments = [
        NOON,
        NOON + timedelta(microseconds=1),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ]
    rows = [
        *(stored(place, payload=text) for place, text in enumerate(TEXTS)),
        *(stored(100 + place, seen_at=moment) for place, moment in enumerate(moments)),
        stored(200, seen_at=NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30)))),
        stored(201, seen_at=None),
    ]

    put(store, rows)

    assert found(store) == rows
    assert {row.first_seen_at.tzinfo for row in found(store)} == {UTC}


def test_columns_that_a_row_leaves_out_are_empty(tmp_path: Path) -> None:
    """The names say which columns there are, in whatever order."""
    store = Sandbox(tmp_path).store
    key = Key("helpdesk", "1", NOON, "0" * 64)

    with store.writing() as connection:
        insert_rows(connection, api_keys, Key._fields, [key])
        insert_rows(connection, api_keys, Key._fields, [])

    with store.reading() as connection:
        assert keys.all_keys(connection) == [keys.ApiKey("1", "helpdesk", "0" * 64, NOON, None, None)]


def test_rows_are_taken_as_they_come(tmp_path: Path) -> None:
    """A million records must not stand in memory at once; here it is 40 MB of them."""
    store = Sandbox(tmp_path).store

    def many() -> Iterator[RecordRow]:
        yield from (stored(place, payload=f"{place:08}" * 500) for place in range(10_000))

    with store.writing() as connection:
        insert_rows(connection, records, RecordRow._fields, [stored(10_000)])
        tracemalloc.start()
        insert_rows(connection, records, RecordRow._fields, many())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        count = connection.execute(select(func.count()).select_from(records)).scalar_one()

    assert count == 10_001
    assert peak < 25_000_000


def test_a_row_that_fails_takes_the_others_with_it(tmp_path: Path) -> None:
    """A source of rows that breaks in the middle leaves none of them."""
    store = Sandbox(tmp_path).store

    def broken() -> Iterator[RecordRow]:
        yield stored(1)
        raise LookupError("the feed ended")

    with pytest.raises(LookupError, match="the feed ended"):
        put(store, broken())

    assert found(store) == []


def test_rows_are_changed_and_go_by_their_keys(tmp_path: Path) -> None:
    """What does not differ stays as it is, and only what differs is counted."""
    store = Sandbox(tmp_path).store
    later = NOON + timedelta(hours=1)
    before = [stored(place) for place in range(12_000)]
    after = [*before[:2], *(row._replace(returned_at=later) for row in before[2:6_500]), stored(20_000)]
    put(store, before)

    with store.writing() as connection:
        assert write_difference(connection, records, before, after) == 6_498 + 1 + 5_500
        assert write_difference(connection, records, after, iter(after)) == 0

    assert found(store) == after


def test_rows_are_deleted_by_keys_of_several_columns(tmp_path: Path) -> None:
    """A row that shares one column of its key stays."""
    store = Sandbox(tmp_path).store
    rows = [(term, record) for term in range(3) for record in range(3)]

    with store.writing() as connection:
        insert_rows(connection, identifiers, ("term", "record"), rows)
        delete_rows(connection, identifiers, rows[1:-1])
        left = connection.execute(select(identifiers.c.term, identifiers.c.record)).all()

    assert left == [rows[0], rows[-1]]
