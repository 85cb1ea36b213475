"""A backup is one moment's state, whole or not there."""

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from service.core.errors import BadRequest, StoreError
from service.store import state
from tests.service.conftest import mode_of
from tests.service.sandbox import Sandbox, record
from tests.service.store.conftest import filled
from tests.service.stores import opened


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world with more records than one step of a backup copies."""
    world = Sandbox(tmp_path)
    world.sync("a", *(record(f"a:{n}", odd="x" * 100_000) for n in range(200)))
    return world


def test_a_copy_is_what_was_stored_when_it_began(world: Sandbox, tmp_path: Path) -> None:
    """Whatever is written meanwhile, the copy holds one state, and is a store like any other."""
    told: list[tuple[int, int]] = []
    before = world.everything()

    def write_meanwhile(what: str, done: int, expected: int | None = None) -> None:
        assert what == "backup"
        told.append((done, expected or 0))
        world.push(record(f"b:{len(told)}"))

    world.store.back_up(tmp_path / "copy.db", write_meanwhile)

    copy = Sandbox(tmp_path, store=opened(f"sqlite:///{tmp_path / 'copy.db'}"))
    copy.store.require_current()
    assert copy.everything() == before != world.everything()
    assert len(told) > 1
    assert told[-1][0] == told[-1][1]
    assert {path.name for path in tmp_path.glob("copy*")} == {"copy.db"}


def test_in_a_copy_that_was_put_in_its_place_readers_go_on_while_one_writes(world: Sandbox, tmp_path: Path) -> None:
    """Neither waits for the other, as before the restore."""
    world.store.back_up(tmp_path / "copy.db")
    copy = Sandbox(tmp_path, store=opened(f"sqlite:///{tmp_path / 'copy.db'}"))
    copy.store.make_ready()

    with copy.store.reading() as connection:
        before = state.version(connection)
        with copy.store.writing(patient=False) as writer:
            state.advance(writer)
        assert state.version(connection) == before
    with copy.store.reading() as connection:
        assert state.version(connection) == before + 1


def test_a_copy_that_nobody_may_write_is_read(world: Sandbox, tmp_path: Path) -> None:
    """From a disk that is mounted to be read alone."""
    world.store.back_up(tmp_path / "copy.db")
    copy = Sandbox(tmp_path, store=opened(f"sqlite:///file:{tmp_path / 'copy.db'}?mode=ro&uri=true"))

    copy.store.make_ready()

    assert copy.everything() == world.everything()


@pytest.mark.usefixtures("no_umask")
def test_only_its_owner_reads_a_copy(world: Sandbox, tmp_path: Path) -> None:
    """Neither while it is made nor afterwards, whoever could read what it replaces."""
    made: set[int] = set()
    file = tmp_path / "copy.db"
    file.touch(0o644)

    world.store.back_up(file, lambda *_: made.add(mode_of(tmp_path / "copy.db.part")), replace=True)

    assert made == {0o600}
    assert mode_of(file) == 0o600


def test_a_file_that_is_there_is_replaced_only_when_asked(world: Sandbox, tmp_path: Path) -> None:
    """A slip of the finger must not cost the last good backup."""
    file = tmp_path / "copy.db"
    file.write_text("precious")

    with pytest.raises(BadRequest, match="--force"):
        world.store.back_up(file)
    assert file.read_text() == "precious"

    world.store.back_up(file, replace=True)
    assert file.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(world: Sandbox, tmp_path: Path) -> None:
    """What bears the name is whole; the next backup is made in spite of what is left over."""
    file = tmp_path / "copy.db"
    world.store.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            opened(f"sqlite:///{world.file}").back_up(file, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)

    assert status == signal.SIGKILL
    assert not file.exists()

    world.store.back_up(file)
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_damaged_database_is_not_taken_for_a_backup(world: Sandbox, tmp_path: Path) -> None:
    """A copy that would fail on the day it is needed is refused today."""
    world.store.engine.dispose()
    content = bytearray(world.file.read_bytes())
    content[4096 * 12 : 4096 * 400] = os.urandom(4096 * 388)
    world.file.write_bytes(content)

    with pytest.raises(StoreError, match="damaged"):
        world.store.back_up(tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


def test_a_folder_that_is_not_there_is_named(world: Sandbox, tmp_path: Path) -> None:
    """One line, and no part of a file."""
    with pytest.raises(StoreError, match=r"backup: .*nowhere/copy\.db cannot be opened; does its folder exist"):
        world.store.back_up(tmp_path / "nowhere" / "copy.db")


def test_a_disk_that_is_full_leaves_no_part_of_a_backup(world: Sandbox, small_disk: Path) -> None:
    """The line names the copy, not the database, which is well."""
    with filled(small_disk), pytest.raises(StoreError, match=r"backup: .*copy\.db"):
        world.store.back_up(small_disk / "copy.db")

    assert list(small_disk.iterdir()) == []
    assert len(world.devices()) == 200
