"""What only a PostgreSQL server can do wrong, in words an operator can act on and without the password."""

import random
from collections.abc import Iterator
from pathlib import Path
from socket import socket

import pytest

from service.core.errors import BadRequest, SettingsError, StoreError
from service.devices.inspecting import inspect
from service.store import state
from service.store.engine import open_store
from tests.service import postgres
from tests.service.sandbox import Sandbox, record
from tests.service.store.conftest import filled
from tests.service.stores import opened

SECRET = "geheim-7"

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.parametrize("database", ["postgresql"], indirect=True)]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world with a record in it."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    return world


def test_the_server_knows_how_much_it_holds_when_all_was_resolved(tmp_path: Path) -> None:
    """It would learn it by itself some time later, and the first look-ups come at once."""
    world = Sandbox(tmp_path)
    world.take_in(*(record(f"a:{n}", serial=f"SN-1{n:04}", hostname=f"pc-{n}") for n in range(200)))

    known = dict(world.rows("SELECT relname, reltuples FROM pg_class WHERE relname IN ('identifiers', 'devices')"))

    assert known["devices"] == 200
    assert known["identifiers"] == world.rows("SELECT count(*) FROM identifiers")[0][0] > 200


@pytest.mark.parametrize("url", ["postgresql+asyncpg://HOST/samebox", "postgresql://HOST", "mysql://HOST/samebox"])
def test_an_address_that_cannot_be_the_store_is_answered_with_one_that_can(url: str) -> None:
    """What is not supported is refused at the start, with an example."""
    with pytest.raises(SettingsError, match=r"Database:Url: has to be such as .*postgresql://USER"):
        open_store(url)


@pytest.mark.parametrize("options", ["", "?sslpassword=geheim-7&sslmode=disable", "?nonsense=1", "?host=127.0.0.1"])
def test_a_server_that_is_away_is_named_without_the_password(options: str) -> None:
    """One line says which database; the password is in none, whatever the driver says."""
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    store = opened(f"postgresql://samebox:{SECRET}@127.0.0.1:{port}/devices{options}")

    with pytest.raises(StoreError, match=f"PostgreSQL database devices at 127.0.0.1:{port}") as caught:
        store.make_ready()

    assert len(str(caught.value).splitlines()) == 1
    assert SECRET not in f"{caught.value} {store.name} {store!r}"


def test_a_database_that_is_not_there_is_named() -> None:
    """Making it is up to the operator, who also says who owns it."""
    with pytest.raises(StoreError, match='database "nowhere" does not exist'):
        opened(postgres.server().url("nowhere")).make_ready()


def test_a_database_that_cannot_hold_every_text_is_refused() -> None:
    """It would fail at the first name with a letter that it has not, years later."""
    postgres.server().execute("CREATE DATABASE western ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")

    with pytest.raises(StoreError, match="encoded in LATIN1; make it with createdb --encoding=UTF8"):
        opened(postgres.server().url("western")).make_ready()


def test_a_user_without_rights_is_told_what_he_lacks() -> None:
    """The operator learns what to grant."""
    postgres.server().execute("CREATE ROLE guest LOGIN")
    url = postgres.empty_database().replace("postgres:@", "guest:@")

    with pytest.raises(StoreError, match=r"permission denied for schema public\. Let it own the database"):
        opened(url).make_ready()


def test_a_read_only_database_can_be_read_and_says_why_it_is_not_written(world: Sandbox, tmp_path: Path) -> None:
    """Look-ups go on, as on a standby; a push fails with one line."""
    name = world.store.engine.url.database
    postgres.server().execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    standby = Sandbox(tmp_path, store=opened(world.store.engine.url.render_as_string(hide_password=False)))

    assert len(standby.devices()) == 1
    with pytest.raises(StoreError, match="is read-only; is it a standby"):
        standby.push(record("a:2"))


@pytest.fixture
def cramped(small_disk: Path, world: Sandbox) -> Iterator[Sandbox]:
    """Give a world whose database is on the small disk."""
    name, server = world.store.engine.url.database, postgres.server()
    world.store.engine.dispose()
    server.give(small_disk)
    server.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    server.execute(f"ALTER DATABASE {name} SET TABLESPACE small")
    yield world
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.execute("DROP TABLESPACE small")


def test_a_full_disk_changes_nothing_and_work_goes_on_when_there_is_room(small_disk: Path, cramped: Sandbox) -> None:
    """What does not fit is not stored by halves, and the line says so."""
    before = cramped.everything()
    rows = [record(f"a:{number}", odd=random.Random(number).randbytes(30_000).hex()) for number in range(14)]

    with filled(small_disk), pytest.raises(StoreError, match="no space left for"):
        cramped.push(*rows)

    assert cramped.everything() == before
    cramped.push(*rows)
    assert len(cramped.devices()) == 14


def test_a_restart_in_mid_transaction_tears_nothing_and_work_goes_on(world: Sandbox) -> None:
    """One line for whoever wrote or read at that moment; whoever comes next is served."""
    before = world.everything()

    def write() -> None:
        with world.store.writing() as connection:
            state.advance(connection)
            postgres.server().restart()
            state.advance(connection)

    with pytest.raises(StoreError, match="is lost; nothing of this transaction was stored"):
        write()

    assert world.everything() == before
    world.push(record("a:2"))
    assert len(world.devices()) == 2


def test_a_restart_between_two_commands_goes_unnoticed(world: Sandbox) -> None:
    """A connection that died in the pool is replaced before it is used."""
    assert len(world.devices()) == 1

    postgres.server().restart()

    assert len(world.devices()) == 1


def test_every_word_is_ordered_by_its_bytes(world: Sandbox) -> None:
    """The locale of a server must not change an order that SQLite keeps."""
    words = "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'character varying'"
    others = "AND table_name <> 'alembic_version' AND collation_name IS DISTINCT FROM 'C'"

    assert len(world.rows(words)) > 30
    assert world.rows(f"{words} {others}") == []


def test_the_lock_is_of_one_database_alone(world: Sandbox, tmp_path: Path) -> None:
    """Two installations on one server do not wait for each other."""
    folder = tmp_path / "other"
    folder.mkdir()

    with world.store.writing():
        Sandbox(folder).push(record("a:1"))


def test_postgresql_is_asked_to_make_its_own_backup(world: Sandbox) -> None:
    """The line is a command to run, and holds no password."""
    with pytest.raises(StoreError, match=r"pg_dump .*--file='/a b\.dump' 'postgresql://postgres@") as told:
        world.store.back_up(Path("/a b.dump"))

    assert "***" not in str(told.value)


def test_a_question_that_no_database_takes_is_the_askers_fault(world: Sandbox) -> None:
    """NUL in an address is no failure of the database, and says nothing about it."""
    with pytest.raises(BadRequest, match="NUL") as said:
        inspect(world, "id\0")

    assert "PostgreSQL" not in str(said.value)
