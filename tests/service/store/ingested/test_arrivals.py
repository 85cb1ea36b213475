"""What an unfinished sync has read is kept in the order in which it came."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.store.ingested import arrivals, syncs
from service.store.ingested.arrivals import Arrival
from service.store.ingested.syncs import Run, SyncMode, SyncStatus
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROWS = [
    Arrival("2", '{"id":"2"}'),
    Arrival("", '{"odd":1}', reason="no id"),
    Arrival("1", "null", gone="deleted at the provider"),
    Arrival("2", '{"id":"2","name":"again"}'),
]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store in which two syncs of one provider and one of another are running."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        for run_id, provider in (("s-1", "a"), ("s-2", "a"), ("s-3", "b")):
            syncs.add(connection, Run(run_id, provider, SyncMode.FULL, SyncStatus.RUNNING, NOON))
    return world


def test_rows_come_out_in_the_order_in_which_they_came(world: Sandbox) -> None:
    """Page after page, those of one sync apart from those of another; of one record the later row comes later."""
    with world.store.writing() as connection:
        arrivals.add(connection, "s-1", ROWS[:2])
        arrivals.add(connection, "s-3", ROWS[:1])
        arrivals.add(connection, "s-1", [])
        arrivals.add(connection, "s-1", iter(ROWS[2:]))

        assert list(arrivals.read(connection, "s-1")) == ROWS
        assert list(arrivals.read(connection, "s-3")) == ROWS[:1]
        assert list(arrivals.read(connection, "s-2")) == []


def test_what_an_interrupted_sync_has_read_is_handed_to_the_next_one(world: Sandbox) -> None:
    """It goes on behind those rows."""
    with world.store.writing() as connection:
        arrivals.add(connection, "s-1", ROWS[:3])
        arrivals.hand_over(connection, "s-1", "s-2")
        arrivals.add(connection, "s-2", ROWS[3:])

        assert list(arrivals.read(connection, "s-1")) == []
        assert list(arrivals.read(connection, "s-2")) == ROWS


def test_dropping_takes_all_rows_of_one_provider(world: Sandbox) -> None:
    """Those of all its syncs, and of no other provider."""
    with world.store.writing() as connection:
        for run_id in ("s-1", "s-2", "s-3"):
            arrivals.add(connection, run_id, ROWS)
        arrivals.drop(connection, "a")

        assert [len(list(arrivals.read(connection, run_id))) for run_id in ("s-1", "s-2", "s-3")] == [0, 0, 4]


def test_an_id_that_a_database_cannot_keep_is_kept_without_what_it_refuses(world: Sandbox) -> None:
    """A row that cannot be read may hold anything where its id should be."""
    with world.store.writing() as connection:
        arrivals.add(connection, "s-1", [Arrival("1\0", "{}", reason="no id: \0")])

        assert list(arrivals.read(connection, "s-1")) == [Arrival("1", "{}", reason="no id: ")]
