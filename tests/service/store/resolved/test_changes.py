"""The change feed grows at its end, in the order of commits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from service.store.database.tables import change_companies
from service.store.resolved import changes
from service.store.resolved.changes import Change, ChangeKind, RecordedChange
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


def filled(connection: Connection) -> None:
    """Store five changes, an hour apart: two of a company, one that goes from it to another, and two of none."""
    happened = [(CREATED, {"acme"}), (OTHER, ()), (OTHER, {"acme", "beta"}), (RETIRED, {"beta"}), (CREATED, ())]
    for hours, (each, companies) in enumerate(happened):
        named = {each.device_id: companies} if companies else {}
        changes.append(connection, [each], NOON + timedelta(hours=hours), companies=named)


def test_changes_are_found_by_kind_and_by_company(tmp_path: Path) -> None:
    """In order, also where a limit cuts several kinds; a device that changes its company is of both."""
    with Sandbox(tmp_path).store.writing() as connection:
        filled(connection)

        def found(*kinds: ChangeKind, seq: int = 0, limit: int | None = None, company: str | None = None) -> list[int]:
            return [each.seq for each in changes.after(connection, seq, limit, kinds, company)]

        assert found(ChangeKind.CREATED) == [1, 5]
        assert found(ChangeKind.RETIRED, ChangeKind.CREATED, ChangeKind.MERGED) == [1, 4, 5]
        assert found(ChangeKind.RETIRED, ChangeKind.CREATED, limit=2) == [1, 4]
        assert found(ChangeKind.CHANGED, seq=2) == [3]
        assert (found(company="ACME"), found(company="beta"), found(company="nobody")) == ([1, 3], [3, 4], [])
        assert found(ChangeKind.CREATED, company="acme", seq=1) == []
        assert found(company="acme", limit=1) == [1]


def test_the_oldest_changes_are_forgotten_but_never_the_last(tmp_path: Path) -> None:
    """A portion at a time; numbers go on as if nothing had been deleted."""
    with Sandbox(tmp_path).store.writing() as connection:
        assert changes.forget(connection, NOON, 10) == 0
        filled(connection)

        assert changes.forget(connection, NOON, 10) == 0
        assert (changes.forget(connection, NOON + timedelta(hours=4), 3), changes.first(connection)) == (3, 4)
        assert [each.seq for each in changes.after(connection, 0, company="acme")] == []
        assert changes.forget(connection, NOON + timedelta(days=9), 10) == 1
        changes.append(connection, [OTHER], NOON)
        assert [each.seq for each in changes.after(connection, 0)] == [5, 6]
        assert connection.scalar(select(func.count()).select_from(change_companies)) == 0
