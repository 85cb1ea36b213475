"""What only an SQLite file can do wrong, in words an operator can act on."""

from pathlib import Path

import pytest

from service.core.errors import SettingsError, StoreError
from service.store.database.sqlite import CACHE
from service.store.engine import Store, open_store
from tests.service.conftest import mode_of
from tests.service.sandbox import Sandbox, record
from tests.service.store.conftest import filled
from tests.service.stores import opened


def at(file: Path, query: str = "") -> Store:
    """Return the store in a file."""
    return opened(f"sqlite:///{file}{query}")


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    """A membership without its record or device cannot be stored by any mistake of ours."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"))

    with world.store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_writer_keeps_a_bounded_number_of_pages(tmp_path: Path) -> None:
    """However much it writes: an import of a million records takes no more memory for it than a change of one."""
    with at(tmp_path / "samebox.db").writing() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == -CACHE

    assert CACHE <= 65_536


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """The operator learns which file, and which setting to look at."""
    file = tmp_path / "notes.txt"
    file.write_text("this is no database, it is a shopping list " * 50)

    with pytest.raises(StoreError, match=r"notes\.txt is no SQLite database; look at Database:Url"):
        at(file).make_ready()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """SQLite makes the file, not the folder."""
    with pytest.raises(StoreError, match="does its folder exist"):
        at(tmp_path / "nowhere" / "samebox.db").make_ready()


@pytest.mark.usefixtures("no_umask")
@pytest.mark.parametrize("address", ["{}", "file:{}?uri=true", "file:{}?mode=rwc&uri=true"])
def test_only_its_owner_reads_a_new_database(address: str, tmp_path: Path) -> None:
    """Nor does anybody else read the files that SQLite keeps beside it while it is open."""
    file = tmp_path / "a box.db"
    store = opened(f"sqlite:///{address.format(file)}")
    store.make_ready()

    with store.writing():
        modes = {path.name.removeprefix("a box.db"): mode_of(path) for path in tmp_path.iterdir()}
    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
    assert store.readable_by_others() == []


@pytest.mark.usefixtures("no_umask")
def test_a_database_that_others_can_read_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    """Whoever made the file, or opened it to a group, had a reason; the log beside it has the same mode."""
    file = tmp_path / "samebox.db"
    file.touch(0o640)
    store = at(file)
    store.make_ready()

    with store.writing():
        assert {path.name for path in store.readable_by_others()} == {path.name for path in tmp_path.iterdir()}
    assert mode_of(file) == 0o640
    assert opened(f"sqlite:///file:{file}?mode=ro&uri=true").readable_by_others()[:1] == [file]


def test_a_database_that_has_to_be_there_is_not_made(tmp_path: Path) -> None:
    """An address for SQLite itself may say so."""
    for mode in ("ro", "rw"):
        with pytest.raises(StoreError, match="cannot be opened"):
            opened(f"sqlite:///file:{tmp_path}/samebox.db?mode={mode}&uri=true").make_ready()
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_database_can_be_read_and_says_why_it_is_not_written(tmp_path: Path) -> None:
    """Look-ups go on; a push fails with one line."""
    file = Sandbox(tmp_path)
    file.push(record("a:1"))
    world = Sandbox(tmp_path, store=opened(f"sqlite:///file:{file.file}?mode=ro&uri=true"))

    assert len(world.devices()) == 1
    with pytest.raises(StoreError, match="is read-only; may this user write"):
        world.push(record("a:2"))


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """What does not fit is not stored by halves, and the line says so."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"))
    before = world.everything()
    with world.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreError, match=r"no space left for .*samebox\.db; nothing of this"):
        world.push(*(record(f"a:{number}", name="x" * 1000) for number in range(100)))

    assert world.everything() == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///samebox.db"])
def test_only_a_file_lasts(url: str) -> None:
    """What would not outlive the process is refused at the start."""
    with pytest.raises(SettingsError, match="Database:Url: has to name an SQLite file"):
        open_store(url)


def test_a_disk_that_is_full_changes_nothing_and_work_goes_on_when_there_is_room(small_disk: Path) -> None:
    """What a real disk does not hold is not stored by halves; readers go on, and so does all else afterwards."""
    world = Sandbox(small_disk)
    world.push(record("a:1"))
    before = world.everything()
    rows = [record(f"a:{number}", name="x" * 1000) for number in range(300)]

    with filled(small_disk):
        with pytest.raises(
            StoreError, match=r"no space left for .*samebox\.db; nothing of this transaction was stored"
        ):
            world.push(*rows)
        assert world.everything() == before

    world.push(*rows)
    assert len(world.devices()) == 300
    world.store.engine.dispose()


def test_notes_are_kept_until_somebody_writes(tmp_path: Path) -> None:
    """Another connection, or the one that keeps them; a reader and a writer that changes nothing end nothing."""
    world = Sandbox(tmp_path)
    for store in (world.store, at(tmp_path / "samebox.db")):
        world.store.notes()["a"] = 1
        with store.reading() as connection:
            connection.exec_driver_sql("SELECT * FROM state").all()
        assert world.store.notes() == {"a": 1}
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE state SET version = version + 1")
        assert world.store.notes() == {}
