"""
The database: how it is opened, brought up to date, and what its failures mean to an operator.

All that is peculiar to SQLite is here; statements elsewhere are portable.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError

from service.errors import SchemaBehind, SettingsError, StoreError

PATIENCE = 30_000
"""Milliseconds that a writer waits for another one: a sync of a large fleet writes for seconds."""

WRITING, PATIENT = "samebox_writing", "samebox_patient"

FAILURES = {
    "SQLITE_BUSY": "another process is writing to {file}; try again when it has finished",
    "SQLITE_CANTOPEN": "{file} cannot be opened; does its folder exist, and may this user write there?",
    "SQLITE_CORRUPT": "{file} is damaged; put a backup in its place, or a new database and sync again",
    "SQLITE_FULL": "no space left for {file}; nothing of this transaction was stored",
    "SQLITE_IOERR": "reading or writing {file} failed; look at the disk. Nothing of this transaction was stored",
    "SQLITE_NOTADB": "{file} is no SQLite database; look at Database:Url",
    "SQLITE_PERM": "{file} cannot be opened; may this user read and write it?",
    "SQLITE_READONLY": "{file} is read-only; may this user write the file and its folder?",
}
"""SQLite's result codes, primary or extended, by their beginning -> what to tell the operator."""


@dataclass(frozen=True)
class Store:
    """An open database. Readers see one state from begin to end; writers come one at a time."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the store as it is now. Raises: StoreError."""
        with self._clear_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[Connection]:
        """
        Give the one connection that may write; all it does is stored at the end, or nothing.

        Raises:
            StoreError: Also when another writer goes on for too long; without patience, when there is one.
        """
        engine = self.engine.execution_options(**{WRITING: True, PATIENT: patient})
        with self._clear_errors(), engine.begin() as connection:
            yield connection

    def upgrade(self) -> None:
        """Bring the tables up to date. Raises: StoreError, also if they are newer than this program."""
        self._write_ahead()
        with self.writing() as connection:
            self._refuse_foreign(connection)
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def require_current(self) -> None:
        """Raises: SchemaBehind, if the tables are older than this program; StoreError, if newer or not ours."""
        with self.reading() as connection:
            current = self._refuse_foreign(connection)
        if current != _scripts().get_current_head():
            raise SchemaBehind(f"the tables of {self.file} are older than this program; run: samebox db upgrade")

    def make_ready(self) -> None:
        """Make the tables of a new database; refuse one that is behind, ahead or not ours. Raises: StoreError."""
        with self.reading() as connection:
            new = not inspect(connection).get_table_names()
        if new:
            self.upgrade()
        self.require_current()

    @property
    def file(self) -> str:
        """The database as an operator knows it."""
        return self.engine.url.database or ""

    def _refuse_foreign(self, connection: Connection) -> str | None:
        """Return the revision of the tables, None for an empty database."""
        current = MigrationContext.configure(connection).get_current_revision()
        if current is None and inspect(connection).get_table_names():
            raise StoreError(f"{self.file} holds the tables of another program; look at Database:Url")
        if current is not None and current not in {script.revision for script in _scripts().walk_revisions()}:
            raise StoreError(f"the tables of {self.file} are newer than this program; install a newer samebox")
        return current

    def _write_ahead(self) -> None:
        """Let readers go on while one writes. The mode stays with the file; it cannot change inside a transaction."""
        with self._clear_errors():
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
            finally:
                connection.close()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise  # a defect of ours, not a state of the database
        except (DatabaseError, InterfaceError, sqlite3.Error) as error:
            raise StoreError(self._sentence(error)) from error

    def _sentence(self, error: Exception) -> str:
        cause = getattr(error, "orig", error)
        code = getattr(cause, "sqlite_errorname", "")
        text = next((text for name, text in FAILURES.items() if code.startswith(name)), "")
        return f"database: {text.format(file=self.file) or f'{self.file}: {cause}'}"


def open_store(url: str) -> Store:
    """
    Return the store at an SQLAlchemy address; nothing is touched until it is used.

    Raises:
        SettingsError: It is no SQLite file.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        raise SettingsError("Database:Url: has to name an SQLite file, such as sqlite:///samebox.db")
    engine = create_engine(address, connect_args={"timeout": PATIENCE / 1000}, max_overflow=-1)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return Store(engine)


def _set_up(connection: Any, _: object) -> None:
    """Take transactions out of the driver's hands: it would begin them late and without a lock."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may undo the last commits, never tear one
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WRITING):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE if options[PATIENT] else 0}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


@cache
def _scripts() -> ScriptDirectory:
    """The migrations of this program."""
    return ScriptDirectory.from_config(_alembic())
