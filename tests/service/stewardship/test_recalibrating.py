"""What a person puts in force is carried out beside the service: whole or not at all, one at a time, and to be seen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from service.core.errors import Busy, Conflict, NotFound
from service.resolution.recalibration import recalibrate, waiting
from service.stewardship.correcting import correct, correction, list_entries, revocation
from service.stewardship.recalibrating import (
    DEFECT,
    BackgroundRecalibrations,
    Recalibrating,
    RecalibrationState,
    RecalibrationView,
    acceptance,
    find_recalibration,
    latest_recalibrations,
)
from service.store.resolved.recalibrations import RecalibrationKind
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.resolution.conftest import COPIES, OTHERS
from tests.service.sandbox import Sandbox
from tests.service.stewardship.test_correcting import ONE, companies_in, parts
from tests.service.stores import on_both, place_in

pytestmark = on_both

TOGETHER = {"psa:1", "rmm:1"}


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of several companies."""
    return companies_in(tmp_path)


def ended(world: World, recalibration_id: str) -> RecalibrationView:
    """Return it when it is over."""
    deadline = time.monotonic() + PATIENCE
    while (found := find_recalibration(world, recalibration_id)).state is RecalibrationState.RUNNING:
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.01)
    return found


def begin(world: Sandbox, wanted: Recalibrating) -> str:
    """Begin it as the service does."""
    return BackgroundRecalibrations(world).begin(world, wanted)


def doing(carry_out: Callable[[World], int]) -> Recalibrating:
    """Return something that is put in force, and does this in its transaction."""
    return Recalibrating(RecalibrationKind.CORRECTION, "a test", "anna", None, lambda within, _: carry_out(within))


def test_a_correction_is_in_force_when_it_has_ended_and_so_is_its_revocation(world: Sandbox) -> None:
    """Who did it, when, in words, and how many devices have other records stays to be read."""
    before = parts(world)

    made = ended(world, begin(world, correction(world, ONE, "anna", "asked them")))

    assert (made.state, made.stored.devices_changed) == (RecalibrationState.SUCCEEDED, 2)
    assert (made.stored.by, made.stored.what) == ("anna", "psa:h and rmm:n: one customer")
    assert TOGETHER in parts(world)
    [entry] = list_entries(world)
    back = ended(world, begin(world, revocation(world, entry.id, "ben", "a slip")))
    assert back.state is RecalibrationState.SUCCEEDED
    assert parts(world) == before
    assert latest_recalibrations(world, 5) == [back, made]


def test_what_is_refused_begins_nothing(world: Sandbox) -> None:
    """The person is told at once, not by a run that fails."""
    correct(world, [ONE], "anna", "asked them")
    [entry] = list_entries(world)
    ended(world, begin(world, revocation(world, entry.id, "ben", "a slip")))

    with pytest.raises(NotFound, match="stands"):
        revocation(world, entry.id, "ben", "again")

    assert len(latest_recalibrations(world, 5)) == 1


def test_one_is_under_way_at_a_time(world: Sandbox) -> None:
    """The second person is told at once, although the first one's work keeps writers waiting."""
    reached, go = Event(), Event()

    def wait(_: World) -> int:
        reached.set()
        assert go.wait(PATIENCE)
        return 0

    first = begin(world, doing(wait))
    try:
        assert reached.wait(PATIENCE)
        assert find_recalibration(world, first).state is RecalibrationState.RUNNING
        with pytest.raises(Busy, match="somebody puts something else in force now"):
            begin(world, doing(lambda _: 0))
    finally:
        go.set()
    assert ended(world, first).state is RecalibrationState.SUCCEEDED
    assert ended(world, begin(world, doing(lambda _: 0))).state is RecalibrationState.SUCCEEDED


def test_one_that_fails_says_why_and_has_changed_nothing(world: Sandbox) -> None:
    """Also what it had stored before it failed."""
    before = parts(world)

    def fail(within: World) -> int:
        correct(within, [ONE], "anna", "asked them")
        raise Conflict("it contradicts another")

    found = ended(world, begin(world, doing(fail)))

    assert (found.state, found.stored.error) == (RecalibrationState.FAILED, "it contradicts another")
    assert parts(world) == before
    assert list_entries(world) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_is_told_as_one(world: Sandbox) -> None:
    """And does not keep the next one out."""

    def break_down(_: World) -> int:
        raise ZeroDivisionError

    found = ended(world, begin(world, doing(break_down)))

    assert (found.state, found.stored.error) == (RecalibrationState.FAILED, DEFECT)
    assert ended(world, begin(world, doing(lambda _: 0))).state is RecalibrationState.SUCCEEDED


DIES = """
import os
import sys
import time
from datetime import UTC, datetime
from itertools import count
from matching.policy import Policy, PolicyEntryKind
from service.stewardship.correcting import correct, of_companies
from service.stewardship.recalibrating import BackgroundRecalibrations, Recalibrating
from service.store.engine import open_store
from service.store.resolved.recalibrations import RecalibrationKind
from service.store.world import World

ids = count()
at = datetime.fromisoformat(sys.argv[2])
world = World(open_store(sys.argv[1]), Policy(), lambda: at, lambda: f"run-{next(ids)}")

def die(within, _):
    correct(within, [of_companies(PolicyEntryKind.SAME_CUSTOMER, "psa:h", "rmm:n")], "anna", "asked the customer")
    os._exit(9)

BackgroundRecalibrations(world).begin(world, Recalibrating(RecalibrationKind.CORRECTION, "it", "anna", None, die))
time.sleep(60)
"""


def test_one_whose_process_dies_has_changed_nothing_and_can_be_done_again(tmp_path: Path, world: Sandbox) -> None:
    """It is shown as interrupted, and nobody waits for it."""
    before = parts(world)

    done = subprocess.run(
        [sys.executable, "-c", DIES, place_in(tmp_path), world.now().isoformat()],
        timeout=120,
        check=False,
        env={**os.environ},
    )

    assert done.returncode == 9
    [found] = latest_recalibrations(world, 5)
    assert found.state is RecalibrationState.INTERRUPTED
    assert parts(world) == before
    assert list_entries(world) == []
    again = ended(world, begin(world, correction(world, ONE, "anna", "asked them")))
    assert again.state is RecalibrationState.SUCCEEDED
    assert TOGETHER in parts(world)


def test_a_held_calibration_is_accepted_as_it_was_seen(tmp_path: Path) -> None:
    """Not another one that is held by then."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, COPIES[0])
    world.push(*COPIES[1:])
    recalibrate(world)
    held = waiting(world)
    assert held is not None
    assert held.version is not None

    refused = ended(world, begin(world, acceptance(held.version + 1, "anna")))
    done = ended(world, begin(world, acceptance(held.version, "anna")))

    assert (refused.state, done.state) == (RecalibrationState.FAILED, RecalibrationState.SUCCEEDED)
    assert done.stored.devices_changed == held.report["devices_changed"]
    assert waiting(world) is None
    assert recalibrate(world).outcome == "unchanged"
