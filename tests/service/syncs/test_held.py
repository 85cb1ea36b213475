"""What waits at a held sync."""

from pathlib import Path

from service.syncs.held import held_removals
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


def test_the_records_that_did_not_come_are_listed_until_they_go(tmp_path: Path, psa: Psa) -> None:
    """Nothing waits before, and nothing after it was let through."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    before = held_removals(world, "cw_manage")
    psa.delete(*range(1, 11))
    outcome = psa.sync(world, mode="full")
    found = held_removals(world, "cw_manage")
    psa.sync(world, accept=True)

    assert before is None
    assert found is not None
    assert (found.run.id, found.count, len(found.first)) == (outcome.id, 10, 10)
    assert found.stored == outcome.read + 10
    assert held_removals(world, "cw_manage") is None
