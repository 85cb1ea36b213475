"""Each record is one row, which says when it came and when it changed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from matching.model import Key, Record
from service.core.errors import Unparsable
from service.store.database.tables import records as table
from service.store.indexes import identifiers
from service.store.ingested import records
from service.store.ingested.records import NOT_JSON, Entry, Upserted
from tests.service.sandbox import INDEXES, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
FIRST, SECOND, THIRD = Key("a", "1"), Key("a", "2"), Key("a", "3")


def upsert(connection: Connection, rows: Iterable[Record], at: datetime) -> Upserted:
    """Store records, with what they can be found by."""
    writer = identifiers.writer(connection)
    outcome = records.upsert(connection, map(records.entry, rows), at, writer)
    writer.flush()
    return outcome


def times(connection: Connection) -> dict[str, tuple[datetime, ...]]:
    """Return record id -> when it first came, changed and last came."""
    columns = table.c.record_id, table.c.first_seen_at, table.c.changed_at, table.c.returned_at
    return {record_id: tuple(moments) for record_id, *moments in connection.execute(select(*columns))}


def test_records_that_arrive_are_new_changed_or_the_same(tmp_path: Path) -> None:
    """A record keeps its number and the time at which it first came; the time of its change moves when it changes."""
    with Sandbox(tmp_path).store.writing() as connection:
        before = upsert(connection, [record("a:1", name="one"), record("a:2")], NOON)
        after = upsert(connection, [record("a:1", name="two"), record("a:2"), record("a:3")], LATER)

        assert before.new.keys() == {FIRST, SECOND}
        assert not before.changed
        assert not before.same
        assert after.changed == {FIRST: before.new[FIRST]}
        assert after.same == {SECOND: before.new[SECOND]}
        assert after.new.keys() == {THIRD}
        assert after.new[THIRD] not in before.new.values()
        assert times(connection) == {
            "1": (NOON, LATER, LATER),
            "2": (NOON, NOON, LATER),
            "3": (LATER, LATER, LATER),
        }
        assert records.read(connection, [FIRST])[FIRST].record == record("a:1", name="two")


def test_a_record_that_goes_is_found_no_more(tmp_path: Path) -> None:
    """It takes all that it could be found by along, and leaves that of others."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        upsert(connection, [record("a:1", serial="SN-1"), record("a:2", serial="SN-1"), record("b:1")], NOON)
        assert records.keys_of(connection, "a") == {FIRST, SECOND}

        records.remove(connection, [FIRST, THIRD])

        assert records.keys_of(connection, "a") == {SECOND}
        assert (records.exists(connection, FIRST), records.exists(connection, SECOND)) == (False, True)
        assert records.read(connection, [FIRST, SECOND]).keys() == {SECOND}
        assert (records.count(connection), records.any_stored(connection)) == (2, True)
        assert [each["provider"] for each in records.every(connection)].count("a") == 1
    assert world.rows("SELECT count(DISTINCT record) FROM identifiers") == [(2,)]
    assert {(provider, own) for _, provider, own in world.rows(INDEXES["identifiers"])} == {("a", "2"), ("b", "1")}


def test_of_rows_with_one_key_the_later_one_stands() -> None:
    """In whatever order they come: the one that was seen later."""
    early = records.entry(record("a:1", name="early", last_seen="2026-10-01T00:00:00Z"))
    late = records.entry(record("a:1", name="late", last_seen="2026-10-02T00:00:00Z"))
    other = records.entry(record("a:2"))

    assert records.standing([early, other, late], NOON) == {FIRST: late, SECOND: other}
    assert records.standing([late, early], NOON) == {FIRST: late}
    assert records.is_later(late, early.record, NOON)
    assert not records.is_later(early, late.record, NOON)


def test_equal_records_have_equal_rows() -> None:
    """Whatever the order of their fields: what is the same is recognised by its hash."""
    one, other = records.entry(record("a:1", name="x", serial="y")), records.entry(record("a:1", serial="y", name="x"))

    assert (one.payload, one.content_hash) == (other.payload, other.content_hash)
    assert one.content_hash != records.entry(record("a:1", name="x", serial="z")).content_hash


@pytest.mark.parametrize("with_terms", [False, True])
def test_an_entry_survives_the_way_through_another_process(with_terms: bool) -> None:
    """As plain values; what it can be found by is worked out there, or when it is asked for."""
    said = record("a:1", serial="SN-1", name="Büro", last_seen="2026-10-01T12:00:00+02:00")
    entry = records.entry(said, with_terms=with_terms)

    assert Entry.of(entry.plain) == entry
    assert (entry.terms is not None) is with_terms
    assert entry.record == said
    assert entry.found_by == records.entry(said, with_terms=True).found_by
    assert entry.seen_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_a_value_that_json_cannot_say_is_kept_as_text() -> None:
    """With a note for whoever imported it; a record that is nested too deeply is refused by its id."""
    entry = records.entry(record("a:1", odd=float("nan"), name="\ud800"))
    deep: list[object] = []
    for _ in range(300):
        deep = [deep]

    assert entry.record == record("a:1", odd="NaN", name="\\ud800")
    assert [(each.kind, each.reason) for each in entry.replaced] == [("odd", NOT_JSON), ("name", NOT_JSON)]
    with pytest.raises(Unparsable, match="nested too deeply"):
        records.entry(record("a:1", deep=deep))
