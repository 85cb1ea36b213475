"""What one sync changed on devices."""

from pathlib import Path

from service.stewardship.run_changes import run_changes
from service.syncs.synclog import sync_run
from tests.service.psa import running_psa
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_a_sync_is_shown_its_own_changes_alone(tmp_path: Path) -> None:
    """Neither those before it nor those after it, up to the limit, and without the cause that all of them have."""
    world = Sandbox(tmp_path)
    world.push(record("b:1", serial="SN-1"))
    with running_psa() as psa:
        psa.fill(12)
        first = psa.sync(world)
        world.push(record("b:2", serial="SN-2"))
        second = psa.sync(world, mode="full")
    runs = [sync_run(world, outcome.id or "") for outcome in (first, second)]
    own, none = (run_changes(world, run.id, run.started_at, 100) for run in runs)

    assert len(own) == 12
    assert all(each.sentence.startswith("created from cw_manage:") for each in own)
    assert not any("sync" in each.sentence for each in own)
    assert none == []
    assert len(run_changes(world, runs[0].id, runs[0].started_at, 5)) == 5
