"""The database is opened, brought up to date, and fails in words an operator can act on."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from service.errors import SchemaBehind, SettingsError, StoreError
from service.store.engine import Store, open_store
from service.store.tables import metadata
from tests.service.store.world import World, record
from tests.service.stores import opened


def at(file: Path, query: str = "") -> Store:
    """Return the store in a file."""
    return opened(f"sqlite:///{file}{query}")


def execute(file: Path, statement: str) -> None:
    """Do something to a file behind the store's back."""
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    """The queries are written against tables.py, so the migrations have to lead there."""
    store = World(tmp_path).store

    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_new_database_is_made_ready_by_itself_and_stays_ready(tmp_path: Path) -> None:
    """A first run needs no other command; a second one finds everything in place."""
    store = at(tmp_path / "new.db")

    store.make_ready()
    store.make_ready()

    store.require_current()


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A reader sees the state from which it began, while a writer writes and after it has."""
    world = World(tmp_path)

    with world.store.reading() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
        world.push(record("a:1"))
        assert reader.exec_driver_sql("SELECT count(*) FROM records").scalar_one() == before == 0

    assert len(world.devices()) == 1


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    """A membership without its record or device cannot be stored by any mistake of ours."""
    world = World(tmp_path)
    world.push(record("a:1"))

    with world.store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_schema_that_is_behind_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    """Nobody's data is migrated unasked."""
    with pytest.raises(SchemaBehind, match="samebox db upgrade"):
        at(tmp_path / "empty.db").require_current()


def test_a_schema_that_is_ahead_is_refused(tmp_path: Path) -> None:
    """A newer program has been at work; an older one would misread its tables."""
    world = World(tmp_path)
    execute(world.file, "UPDATE alembic_version SET version_num = 'from the future'")

    for attempt in (world.store.require_current, world.store.make_ready, world.store.upgrade):
        with pytest.raises(StoreError, match="newer than this program"):
            attempt()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A wrong path in the settings must not add our tables to somebody's data."""
    file = tmp_path / "other.db"
    execute(file, "CREATE TABLE customers (id)")

    for attempt in (at(file).make_ready, at(file).upgrade):
        with pytest.raises(StoreError, match="another program"):
            attempt()


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


def test_a_read_only_database_can_be_read_and_says_why_it_is_not_written(tmp_path: Path) -> None:
    """Look-ups go on; a push fails with one line."""
    world = World(tmp_path)
    world.push(record("a:1"))
    world.store = opened(f"sqlite:///file:{world.file}?mode=ro&uri=true")

    assert len(world.devices()) == 1
    with pytest.raises(StoreError, match="is read-only; may this user write"):
        world.push(record("a:2"))


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """What does not fit is not stored by halves, and the line says so."""
    world = World(tmp_path)
    world.push(record("a:1"))
    before = world.everything()
    with world.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreError, match=r"no space left for .*samebox\.db; nothing of this transaction was stored"):
        world.push(*(record(f"a:{number}", name="x" * 1000) for number in range(100)))

    assert world.everything() == before


def test_an_impatient_writer_is_told_of_the_other_one(tmp_path: Path) -> None:
    """Two writers at once are not a fault; the second may wait or give up."""
    world = World(tmp_path)

    with (
        world.store.writing(),
        pytest.raises(StoreError, match="another process is writing"),
        world.store.writing(patient=False),
    ):
        pass


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///samebox.db"])
def test_only_a_file_lasts(url: str) -> None:
    """What would not outlive the process is refused at the start."""
    with pytest.raises(SettingsError, match="Database:Url: has to name an SQLite file"):
        open_store(url)


@pytest.mark.parametrize("url", ["postgresql+asyncpg://HOST/samebox", "postgresql://HOST", "mysql://HOST/samebox"])
def test_an_address_that_cannot_be_the_store_is_answered_with_one_that_can(url: str) -> None:
    """What is not supported is refused at the start, with an example."""
    with pytest.raises(SettingsError, match=r"Database:Url: has to be such as .*postgresql://USER"):
        open_store(url)
