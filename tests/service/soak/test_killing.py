"""Whenever a process is killed, what it leaves is sound, and doing the same again ends as if nothing had happened."""

from pathlib import Path

from tests.service.psa import running_psa
from tests.service.soak.killing import OPERATIONS, Soak
from tests.service.stores import on_both

pytestmark = on_both

SEED, SIZE, KILLS = 1, 12, 3
"""The short form; `make soak` kills more often, in a larger fleet, under any seed."""


def test_a_killed_operation_leaves_the_store_sound_and_can_be_done_again(tmp_path: Path) -> None:
    """Syncs, imports, rebuilds and decisions: every invariant holds, and the change feed neither misses nor repeats."""
    with running_psa() as psa:
        soak = Soak.prepared(tmp_path / "before", psa, SEED, SIZE)
        kills = [kill for operation in OPERATIONS for kill in soak.kill(operation, KILLS)]

    assert len(kills) == KILLS * len(OPERATIONS)
