"""A process that dies while it writes leaves the store as it was."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.service.store.doomed import BEFORE
from tests.service.store.world import World
from tests.service.stores import on_both

pytestmark = on_both


def test_a_sync_that_is_killed_in_mid_write_has_changed_nothing(tmp_path: Path) -> None:
    """Records, devices, identifiers and changes are as they were, or complete before measuring; never between."""
    world = World(tmp_path)
    world.sync("a", *BEFORE)
    world.store.engine.dispose()
    before = world.everything()

    command = [sys.executable, "-m", "tests.service.store.doomed", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    *killed, last = [line.split() for line in done.stdout.splitlines()]
    states = [state for _, state in killed]
    assert len(killed) > 2
    assert {status for status, _ in killed} == {str(int(signal.SIGKILL))}
    assert last[0] == "0"
    assert states.count(states[0]) > 2
    assert last[1] != states[0]
    assert set(states) <= {states[0], last[1]}
    assert world.everything() != before
