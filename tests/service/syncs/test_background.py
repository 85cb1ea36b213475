"""Syncs run beside the service, and end with it."""

import threading
import time
from pathlib import Path

import pytest

from service.core.errors import BadRequest
from service.core.settings import Providers, Settings
from service.demo.connectwise.faults import Late
from service.stewardship.feed import feed
from service.store.access.actors import Actor
from service.store.ingested.syncs import SyncStatus
from service.syncs.background import Background
from service.syncs.runs import SyncOptions
from service.syncs.synclog import sync_run, sync_runs
from tests.end_to_end.commands import PATIENCE
from tests.service.ingest.virtual import cw_settings
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_a_sync_that_is_stopped_is_noted_as_interrupted(tmp_path: Path, psa: Psa) -> None:
    """It runs while others work; once `stop` is over nothing runs any more, and nothing half is stored."""
    world = Sandbox(tmp_path)
    manage = cw_settings(base_url=psa.base_url, page_size=10, max_attempts=1)
    background = Background(world, Settings(providers=Providers(connect_wise_manage=manage)))
    asked = threading.Event()
    psa.plan(Late(PATIENCE, asked.set), skip=1)

    prepared = background.prepare(world, ["cw_manage"], SyncOptions())
    [run_id] = prepared.ids
    prepared.launch()
    assert asked.wait(PATIENCE)
    underway = sync_run(world, run_id).status
    background.stop(PATIENCE)

    assert (underway, sync_run(world, run_id).status) == ("running", "interrupted")
    assert world.devices() == []


def test_a_sync_names_who_began_it_and_so_does_what_it_changed(tmp_path: Path, psa: Psa) -> None:
    """In the list of runs and in the change feed; a sync of nobody known names nobody."""
    world = Sandbox(tmp_path)
    manage = cw_settings(base_url=psa.base_url, page_size=10, max_attempts=1)
    background = Background(world, Settings(providers=Providers(connect_wise_manage=manage)))

    prepared = background.prepare(world.acting(Actor("ops", "k-1")), ["cw_manage"], SyncOptions())
    [run_id] = prepared.ids
    prepared.launch()
    deadline = time.monotonic() + PATIENCE
    while (run := sync_run(world, run_id)).status == SyncStatus.RUNNING and time.monotonic() < deadline:
        time.sleep(0.01)
    background.stop(PATIENCE)

    assert (run.status, run.by, run.key_id) == (SyncStatus.SUCCEEDED, "ops", "k-1")
    assert {(each.by, each.key_id) for each in feed(world).data} == {("ops", "k-1")}
    outcome = world.sync("a", record("a:1"))
    assert sync_run(world, str(outcome.id)).by is None


@pytest.mark.parametrize(
    ("providers", "said"), [([], "no provider is configured"), (["acme"], "acme"), (["ninjaone"], "NinjaOne")]
)
def test_what_is_not_configured_cannot_be_begun(tmp_path: Path, providers: list[str], said: str) -> None:
    """The error names what would have to be set; no run is noted."""
    world = Sandbox(tmp_path)

    with pytest.raises(BadRequest, match=said):
        Background(world, Settings()).prepare(world, providers, SyncOptions())
    assert sync_runs(world).data == []


def test_a_service_that_synced_nothing_stops_at_once(tmp_path: Path) -> None:
    """No thread was made, so there is none to end; it may be told twice."""
    before = threading.active_count()
    background = Background(Sandbox(tmp_path), Settings())
    background.stop(PATIENCE)
    background.stop(PATIENCE)

    assert threading.active_count() <= before
