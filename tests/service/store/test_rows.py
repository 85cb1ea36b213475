"""Many rows go in, are changed and go out, alike on either database."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.store.rows import delete_rows, insert_rows, read_all, update_rows
from service.store.tables import api_keys, records
from tests.service.store.world import World
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXTS = ["", "\\N", "\\.", "a\tb\r\nc", "%s", "'\"`", "Zoë \U0001f4a9", "x" * 100_000, "\\x41", '{"a":1}']


def stored(place: int, **fields: Any) -> dict[str, Any]:
    """Return a row of `records`."""
    times = dict.fromkeys(["seen_at", "first_seen_at", "changed_at", "returned_at"], NOON)
    key = {"number": place, "provider": "a", "record_id": f"{place:06}"}
    return {**key, "payload": "{}", "content_hash": "0" * 64, "terms": b"\0\xff", **times, **fields}


def test_rows_come_out_as_they_went_in(tmp_path: Path) -> None:
    """Any text, any moment to the microsecond in whatever zone, and nothing at all."""
    store = World(tmp_path).store
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

    with store.writing() as connection:
        insert_rows(connection, records, rows)

    with store.reading() as connection:
        found = list(read_all(connection, records).values())
    assert found == rows
    assert {row["first_seen_at"].tzinfo for row in found} == {UTC}


def test_columns_that_a_row_leaves_out_are_empty(tmp_path: Path) -> None:
    """The first row says which columns there are."""
    store = World(tmp_path).store
    row = {"id": "1", "name": "helpdesk", "token_hash": "0" * 64, "created_at": NOON}

    with store.writing() as connection:
        insert_rows(connection, api_keys, [row])
        insert_rows(connection, api_keys, [])

    with store.reading() as connection:
        assert list(read_all(connection, api_keys).values()) == [{**row, "last_used_at": None, "revoked_at": None}]


def test_rows_are_taken_as_they_come(tmp_path: Path) -> None:
    """A million records must not stand in memory at once; here it is 40 MB of them."""
    store = World(tmp_path).store

    def many() -> Iterator[dict[str, Any]]:
        yield from (stored(place, payload=f"{place:08}" * 500) for place in range(10_000))

    with store.writing() as connection:
        insert_rows(connection, records, [stored(10_000)])
        tracemalloc.start()
        insert_rows(connection, records, many())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        count = connection.execute(select(func.count()).select_from(records)).scalar_one()

    assert count == 10_001
    assert peak < 25_000_000


def test_a_row_that_fails_takes_the_others_with_it(tmp_path: Path) -> None:
    """A source of rows that breaks in the middle leaves none of them."""
    store = World(tmp_path).store

    def broken() -> Iterator[dict[str, Any]]:
        yield stored(1)
        raise LookupError("the feed ended")

    with pytest.raises(LookupError, match="the feed ended"), store.writing() as connection:
        insert_rows(connection, records, broken())

    with store.reading() as connection:
        assert read_all(connection, records) == {}


def test_rows_are_changed_and_go_by_their_keys(tmp_path: Path) -> None:
    """What is not named stays as it is."""
    store = World(tmp_path).store
    later = NOON + timedelta(hours=1)

    with store.writing() as connection:
        insert_rows(connection, records, map(stored, range(6000)))
        update_rows(connection, records, ({"number": n, "returned_at": later} for n in range(1, 6000)))
        delete_rows(connection, records, [(n,) for n in range(2, 6000)])

    with store.reading() as connection:
        assert list(read_all(connection, records).values()) == [stored(0), stored(1, returned_at=later)]
