"""The records that a feed has not returned lately."""

from datetime import timedelta
from pathlib import Path

from service.intake.importing import import_rows
from service.store.ingested import quarantine, unreturned
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import entry
from tests.service.reports.fleets import NOW, empty_world, record
from tests.service.stores import on_both

pytestmark = on_both


def test_what_came_since_and_what_is_in_quarantine_is_not_missing(tmp_path: Path) -> None:
    """Counted whole, listed by id up to the limit, and only of the provider."""
    world = empty_world(tmp_path)
    rows = [entry(record("p", f"{number}")) for number in range(5)]  # type: ignore[arg-type]
    import_rows(world, [*rows, entry(record("q", "1"))])  # type: ignore[arg-type]
    later = NOW + timedelta(hours=1)
    with world.store.writing() as connection:
        quarantine.replace(connection, "p", [Unread("p", "3", "odd", None)], later)
        found = unreturned.since(connection, "p", later, 2)
        none = unreturned.since(connection, "p", NOW, 2)

    assert (found.missing, found.stored) == (4, 5)
    assert [each["id"] for each in found.first] == ["0", "1"]
    assert (none.missing, list(none.first)) == (0, [])
