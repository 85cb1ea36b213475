"""An import is the same whoever does the work."""

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from benchmarks.fleet import generate
from matching.policy import Policy
from service.core.errors import Conflict, WorkerFailed
from service.core.progress import silent
from service.core.workers import WorkerPool
from service.ingest.linefiles import LineFiles
from service.intake.file_rows import Entering
from service.intake.importing import import_rows, row_of
from service.resolution.applying import rebuild
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import Entry
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

BAD = [b"no JSON", b'{"provider":"a"}']


def written(folder: Path, lines: Sequence[bytes]) -> str:
    """Write lines into a file."""
    path = folder / "fleet.ndjson"
    path.write_bytes(b"\n".join(lines))
    return str(path)


def imported(folder: Path, file: str, jobs: int) -> Sandbox:
    """Import a file into a store of its own, with so many processes."""
    folder.mkdir()
    world = Sandbox(folder)
    with LineFiles([file], folder) as files, WorkerPool(jobs) as pool:
        rows = Entering(files, pool, silent, policy=Policy(), are_new=True)
        import_rows(world, rows, pool=pool)
        world.take_in()  # nothing, so that both have asked for the time as often
    return world


@on_both
def test_what_several_processes_store_is_what_one_stores(tmp_path: Path) -> None:
    """Devices, ids, golden records, joints, reviews, values that are no evidence, the feed and the quarantine."""
    lines = [orjson.dumps(row) for row in generate(seed=5, records=3000).records]
    file = written(tmp_path, [*lines, *BAD, *lines[:5]])

    alone, several = imported(tmp_path / "alone", file, 1), imported(tmp_path / "several", file, 3)

    assert several.everything() == alone.everything()
    assert sum('"evidence"' in detail for (detail,) in several.rows("SELECT detail FROM changes")) > 100
    assert len(several.rows("SELECT * FROM memberships WHERE suppressed <> '[]'")) > 100
    assert len(several.rows("SELECT * FROM reviews")) > 10
    assert len(several.rows("SELECT * FROM quarantine")) == len(BAD)


@on_both
def test_a_team_rebuilds_what_was_decided(tmp_path: Path) -> None:
    """Decisions bind records in other processes as well; it is told how far it is."""
    lines = [orjson.dumps(row) for row in generate(seed=6, records=400).records]
    world = imported(tmp_path / "world", written(tmp_path, lines), 1)
    asked = [json.loads(body) for (body,) in world.rows("SELECT body FROM reviews ORDER BY id LIMIT 12")]
    for number, review in enumerate(asked):
        with suppress(Conflict):
            decide(world, ("same", "different")[number % 2], review["left"][0], review["right"][0])
    before, told = world.everything(), list[int]()

    with WorkerPool(2) as pool:
        done = rebuild(world, pool=pool, progress=lambda _, done, __=None: told.append(done))

    assert {verdict for (verdict,) in world.rows("SELECT verdict FROM decisions")} == {"same", "different"}
    assert not done.rows.total()
    assert told[-1] == len(lines)
    assert world.everything() == before


def die(_: int) -> None:
    """End as if from outside."""
    os.kill(os.getpid(), signal.SIGKILL)


@on_both
def test_a_process_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """The whole import ends with one clear error, and the store is as it was."""
    world = Sandbox(tmp_path)
    world.push(record("a:0", serial="SN-10000"))
    before = world.everything()

    def rows(pool: WorkerPool) -> Iterator[Entry | Unread]:
        yield row_of(record("a:1", serial="SN-10000"))
        list(pool.work(die, [1]))

    with WorkerPool(2) as pool, pytest.raises(WorkerFailed, match="ended by signal 9"):
        import_rows(world, rows(pool), pool=pool)

    assert world.everything() == before
