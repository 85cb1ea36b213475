"""What a sync has read becomes records; what would remove too much to believe is held back."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.store.ingested import quarantine
from service.store.ingested.quarantine import Unread
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both
from tests.service.syncs.stored import ids

pytestmark = on_both


@pytest.mark.parametrize("mode", ["full", "incremental"])
def test_a_feed_that_shrinks_too_much_is_held_until_a_person_accepts(tmp_path: Path, psa: Psa, mode: str) -> None:
    """What is new or changed is stored, nothing is removed, and the next sync is held as well."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    at = world.now()
    for number in range(1, 8):
        psa.edit(number, at, activeFlag=False)
    psa.edit(20, at, name="RENAMED")
    psa.edit(31, at)
    held, again = psa.sync(world, mode=mode), psa.sync(world, mode=mode)
    stored = ids(world)
    accepted = psa.sync(world, accept=True)

    assert (held.status, held.gone, held.new, held.changed) == ("held", 0, 1, 1)
    assert "would lose 7 of 3" in str(held.error)
    assert "samebox sync --accept-shrink cw_manage" in str(held.error)
    assert (again.status, again.new) == ("held", 0)
    assert stored == set(range(1, 32))
    assert (accepted.status, accepted.mode, accepted.gone) == ("succeeded", "full", 7)
    assert ids(world) == set(range(8, 32))


def test_a_small_loss_is_no_shrink(tmp_path: Path, psa: Psa) -> None:
    """Four devices of a fleet of six may go: below five, shares say nothing."""
    psa.fill(6)
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.delete(1, 2, 3, 4)

    assert psa.sync(world, mode="full").gone == 4


def test_the_feeds_clock_moves_for_rows_that_came_the_same(tmp_path: Path, psa: Psa) -> None:
    """When it last returned a record is not when the record last changed."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.edit(5, world.now() + timedelta(minutes=1))
    psa.sync(world)
    psa.sync(world, mode="full")
    clocks = world.rows("SELECT first_seen_at = changed_at, returned_at > changed_at FROM records")

    assert set(clocks) == {(1, 1)}


def test_a_quarantined_row_is_read_again_when_the_program_has_learnt_it(tmp_path: Path, psa: Psa) -> None:
    """An incremental sync does not bring it; it is read from the quarantine, and leaves it as a record."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    with world.store.writing() as connection:
        rows = [
            Unread("cw_manage", "99", "not understood", {"id": 99, "name": "SRV-99", "activeFlag": True}),
            Unread("cw_manage", "", "no id", {"id": "x", "activeFlag": True}),
        ]
        quarantine.add(connection, rows, world.now())
    outcome = psa.sync(world)

    assert (outcome.mode, outcome.new) == ("incremental", 1)
    assert 99 in ids(world)
    assert world.rows("SELECT record_id, reason FROM quarantine") == [("", "no id")]
