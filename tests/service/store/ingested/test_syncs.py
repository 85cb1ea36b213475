"""Every run is one row from its start on, and is found by what is asked of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.store.ingested import syncs
from service.store.ingested.syncs import IMPORT, SYNCS, Run, SyncMode, SyncStatus
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIRST = Run("s-1", "a", SyncMode.FULL, SyncStatus.SUCCEEDED, NOON, cursor="page 9")
SECOND = Run("s-2", "a", SyncMode.INCREMENTAL, SyncStatus.FAILED, NOON + timedelta(hours=1), cursor="page 2")
THIRD = Run("s-3", "b", SyncMode.FULL, SyncStatus.RUNNING, NOON + timedelta(hours=1))
FOURTH = Run("s-4", IMPORT, SyncMode.IMPORT, SyncStatus.SUCCEEDED, NOON + timedelta(hours=2))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with four runs."""
    with Sandbox(tmp_path).store.writing() as connection:
        for run in (FIRST, SECOND, THIRD, FOURTH):
            syncs.add(connection, run)
        yield connection


def test_a_run_is_brought_up_to_date(connection: Connection) -> None:
    """All of it, and no other run; a provider's answer is kept without what a database refuses."""
    done = replace(
        THIRD,
        status=SyncStatus.HELD,
        finished_at=NOON + timedelta(hours=3),
        as_of=NOON,
        expected=7,
        read=6,
        new=1,
        changed=2,
        same=3,
        gone=4,
        quarantined=5,
        error="would remove 4\0 of 6",
    )
    syncs.update(connection, done)

    assert syncs.find(connection, "s-3") == replace(done, error="would remove 4 of 6")
    assert syncs.find(connection, "s-1") == FIRST
    assert syncs.find(connection, "s-5") is None


def test_the_latest_run_is_that_of_its_provider_status_and_mode(connection: Connection) -> None:
    """A failed sync does not hide the one that succeeded before."""
    ended = (SyncStatus.SUCCEEDED, SyncStatus.FAILED)

    assert syncs.latest(connection, "a", ended, SYNCS) == SECOND
    assert syncs.latest(connection, "a", [SyncStatus.SUCCEEDED], SYNCS) == FIRST
    assert syncs.latest(connection, "a", ended, [SyncMode.FULL]) == FIRST
    assert syncs.latest(connection, "b", ended, SYNCS) is None
    assert syncs.running(connection, "b") == [THIRD]
    assert syncs.running(connection, "a") == []


def test_pages_have_the_latest_first(connection: Connection) -> None:
    """Two that began at once come in order of id, and a page goes on behind the run that ended the one before."""
    assert syncs.page(connection, None, 10) == [FOURTH, THIRD, SECOND, FIRST]
    assert syncs.page(connection, (THIRD.started_at, THIRD.id), 1) == [SECOND]
    assert syncs.page(connection, (FIRST.started_at, FIRST.id), 10) == []
    assert syncs.page(connection, None, 10, "a") == [SECOND, FIRST]


def test_files_are_no_provider(connection: Connection) -> None:
    """What was imported cannot be synced."""
    assert syncs.providers(connection) == ["a", "b"]


def test_a_provider_that_starts_anew_forgets_its_cursors(connection: Connection) -> None:
    """Nothing else of its runs, and not those of others."""
    syncs.update(connection, replace(THIRD, cursor="page 1"))
    syncs.forget_cursors(connection, "a")

    assert syncs.page(connection, None, 10, "a") == [replace(SECOND, cursor=None), replace(FIRST, cursor=None)]
    assert syncs.find(connection, "s-3") == replace(THIRD, cursor="page 1")
