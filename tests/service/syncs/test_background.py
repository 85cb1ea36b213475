"""Syncs run beside the service, and end with it."""

import threading
from pathlib import Path

import pytest

from service.core.errors import BadRequest
from service.core.settings import Providers, Settings
from service.demo.connectwise.faults import Late
from service.syncs.background import Background
from service.syncs.runs import SyncOptions
from service.syncs.synclog import sync_run, sync_runs
from tests.end_to_end.commands import PATIENCE
from tests.service.ingest.virtual import cw_settings
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


def test_a_sync_that_is_stopped_is_noted_as_interrupted(tmp_path: Path, psa: Psa) -> None:
    """It runs while others work; once `stop` is over nothing runs any more, and nothing half is stored."""
    world = Sandbox(tmp_path)
    manage = cw_settings(base_url=psa.base_url, page_size=10, max_attempts=1)
    background = Background(world, Settings(providers=Providers(connect_wise_manage=manage)))
    asked = threading.Event()
    psa.plan(Late(PATIENCE, asked.set), skip=1)

    [run_id] = background.start(["cw_manage"], SyncOptions())
    assert asked.wait(PATIENCE)
    underway = sync_run(world, run_id).status
    background.stop(PATIENCE)

    assert (underway, sync_run(world, run_id).status) == ("running", "interrupted")
    assert world.devices() == []


@pytest.mark.parametrize(
    ("providers", "said"), [([], "no provider is configured"), (["acme"], "acme"), (["ninjaone"], "NinjaOne")]
)
def test_what_is_not_configured_cannot_be_begun(tmp_path: Path, providers: list[str], said: str) -> None:
    """The error names what would have to be set; no run is noted."""
    world = Sandbox(tmp_path)

    with pytest.raises(BadRequest, match=said):
        Background(world, Settings()).start(providers, SyncOptions())
    assert sync_runs(world).data == []


def test_a_service_that_synced_nothing_stops_at_once(tmp_path: Path) -> None:
    """No thread was made, so there is none to end; it may be told twice."""
    before = threading.active_count()
    background = Background(Sandbox(tmp_path), Settings())
    background.stop(PATIENCE)
    background.stop(PATIENCE)

    assert threading.active_count() <= before
