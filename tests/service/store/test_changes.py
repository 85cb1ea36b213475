"""The change feed grows at its end, in the order of commits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.store import changes
from service.store.changes import Change, ChangeKind, RecordedChange
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CREATED = Change("id-1", ChangeKind.CREATED, {"records": ["a:1"]})
RETIRED = Change("id-1", ChangeKind.RETIRED, {"successor": None, "why": "its last record is gone"})
OTHER = Change("id-2", ChangeKind.CHANGED, {"fields": {"name": {"from": None, "to": "Büro"}}})


def test_changes_are_numbered_without_gaps(tmp_path: Path) -> None:
    """Who reads after a number misses nothing and reads nothing twice."""
    with Sandbox(tmp_path).store.writing() as connection:
        assert changes.last(connection) == 0
        changes.append(connection, [CREATED, OTHER], NOON)
        changes.append(connection, [], NOON)
        changes.append(connection, [RETIRED], NOON + timedelta(hours=1))

        assert changes.last(connection) == 3
        assert changes.after(connection, 0) == [
            RecordedChange(1, NOON, CREATED),
            RecordedChange(2, NOON, OTHER),
            RecordedChange(3, NOON + timedelta(hours=1), RETIRED),
        ]
        assert [each.seq for each in changes.after(connection, 1)] == [2, 3]
        assert [each.seq for each in changes.after(connection, 0, 2)] == [1, 2]
        assert changes.after(connection, 3) == []


def test_the_history_of_a_device_is_its_own(tmp_path: Path) -> None:
    """In order, also after it is retired; an id that nobody has had has none."""
    with Sandbox(tmp_path).store.writing() as connection:
        changes.append(connection, [CREATED, OTHER, RETIRED], NOON)

        assert [each.change for each in changes.of_device(connection, "id-1")] == [CREATED, RETIRED]
        assert [each.seq for each in changes.of_device(connection, "id-1", 1)] == [3]
        assert changes.of_device(connection, "id-3") == []


def test_what_caused_a_change_is_told_with_it(tmp_path: Path) -> None:
    """Each change of the same cause has it; where no cause is known, nothing is said."""
    with Sandbox(tmp_path).store.writing() as connection:
        changes.append(connection, [CREATED, OTHER], NOON, {"sync": "s-1", "provider": "a"})
        changes.append(connection, [RETIRED], NOON)

        told = [each.change.detail.get("because") for each in changes.after(connection, 0)]
    assert told == [{"sync": "s-1", "provider": "a"}] * 2 + [None]
