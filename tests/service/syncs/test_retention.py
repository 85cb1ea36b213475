"""What is old is deleted at the end of a sync, if the settings say so, and nothing that is still needed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.core.settings import SyncSettings
from service.stewardship.feed import feed
from service.store.access.visibility import Customer, Visibility
from service.store.ingested import syncs
from service.store.ingested.syncs import Run, SyncMode, SyncStatus
from service.store.resolved import changes, customer_feeds
from service.store.resolved.changes import Change, ChangeKind
from service.syncs.retention import forget_old
from service.syncs.runs import SyncOptions
from service.syncs.syncing import sync
from service.syncs.synclog import sync_runs
from tests.service.providers import Listed
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def run(name: str, days: int, status: SyncStatus = SyncStatus.SUCCEEDED, mode: SyncMode = SyncMode.FULL) -> Run:
    """Return a run of so many days ago."""
    at = NOW - timedelta(days=days)
    return Run(name, "a", mode, status, at, None if status is SyncStatus.RUNNING else at)


RUNS = [
    run("old", 500),
    run("older", 600),
    run("held", 700, SyncStatus.HELD),  # the last of its kind: a person may still have to look at it
    run("running", 800, SyncStatus.RUNNING),
    run("import", 900, mode=SyncMode.IMPORT),
    replace(run("resumable", 950, SyncStatus.INTERRUPTED), cursor="17"),
    run("interrupted", 940, SyncStatus.INTERRUPTED),
    run("new", 1),
]


def test_old_runs_go_a_portion_at_a_time_and_the_last_of_each_kind_stays(tmp_path: Path) -> None:
    """What was last synced, held or interrupted decides what the next sync does."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        for each in RUNS:
            syncs.add(connection, each)
        forget_old(connection, SyncSettings(), NOW, at_once=1)
        first = {each.id for each in syncs.page(connection, None, 100)}
        forget_old(connection, SyncSettings(), NOW)
        forget_old(connection, SyncSettings(keep_runs_days=0), NOW + timedelta(days=10_000))
        second = {each.id for each in syncs.page(connection, None, 100)}

    assert {each.id for each in RUNS} - first == {"older"}
    assert {each.id for each in RUNS} - second == {"older", "old"}


def test_changes_are_kept_for_ever_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    """Histories end with them."""
    world = Sandbox(tmp_path)
    old = Change("id-1", ChangeKind.CREATED, {"records": []})
    with world.store.writing() as connection:
        changes.append(connection, [old, old], NOW - timedelta(days=401))
        changes.append(connection, [old], NOW)
        forget_old(connection, SyncSettings(), NOW + timedelta(days=30_000))
        assert changes.first(connection) == 1
        forget_old(connection, SyncSettings(keep_changes_days=400), NOW)
        assert changes.first(connection) == 3


def test_the_feeds_of_customers_forget_as_well(tmp_path: Path) -> None:
    """All feeds together delete no more at once than one would."""
    world = Sandbox(tmp_path)
    old = Change("id-1", ChangeKind.CREATED, {"records": []})
    rules = SyncSettings(keep_changes_days=400)
    with world.store.writing() as connection:
        feed = customer_feeds.make(connection, Visibility(frozenset({Customer("a", "1")})), NOW)
        for of in (None, feed):
            changes.append(connection, [old] * 3, NOW - timedelta(days=401), feed=of)

        forget_old(connection, rules, NOW, at_once=3)
        assert [changes.first(connection, of) for of in (None, feed)] == [3, 2]
        forget_old(connection, rules, NOW)
        assert [changes.first(connection, of) for of in (None, feed)] == [3, 3]


def test_a_sync_deletes_what_is_old_at_its_end(tmp_path: Path) -> None:
    """In its own transaction, by its own clock."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1", serial="SN-10001"))
    later = world.changed(now=lambda: NOW + timedelta(days=500))
    options = SyncOptions(rules=SyncSettings(keep_changes_days=400))

    asyncio.run(sync(later, [Listed("a", [record("a:1", serial="SN-10001"), record("a:2")])], options))

    assert [each.seq for each in feed(world).data] == [2]
    assert len(sync_runs(world).data) == 1
