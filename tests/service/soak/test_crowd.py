"""Many processes at one store lose nothing, lock nobody out, and never see half of what another does."""

from pathlib import Path

from tests.service.psa import running_psa
from tests.service.soak.crowd import CROWDS, crowd
from tests.service.stores import on_both

pytestmark = on_both

SEED, SIZE, ROUNDS = 1, 12, 4
"""The short form; `make soak` has more rounds, in a larger fleet, under any seed."""


def test_processes_at_one_store_lose_nothing_and_see_whole_devices(tmp_path: Path, database: str) -> None:
    """Eight on PostgreSQL, four on SQLite push, import, sync, decide, look up and follow the change feed at once."""
    with running_psa() as psa:
        counts = crowd(tmp_path / "crowded", psa, database, SEED, SIZE, rounds=ROUNDS)

    done = {"push", "import", "sync", "decide", "look", "follow"}
    assert sum(counts[kind] for kind in done) == ROUNDS * len(CROWDS[database])
