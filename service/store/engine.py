"""
The store: open it, bring it up to date, and give readers and writers access to it.

What is specific to a database is in a module of its own (`sqlite`, `postgresql`); statements elsewhere are portable.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import exc as failures
from sqlalchemy.engine import make_url

from service.core.errors import BadRequest, SchemaBehind, SettingsError, StoreError, WriterBusy
from service.core.private_files import read_by_others
from service.core.progress import Progress, silent
from service.store import schema, state
from service.store.database import sqlite
from service.store.database.dialects import DATABASES
from service.store.database.interface import KEPT, NOTICE, PATIENCE, WAITS, WRITING, Database
from service.store.database.waiting import WaitNotice
from service.store.ingested import records
from service.store.resolved.rules import RULES


@dataclass(frozen=True)
class Store:
    """An open database. Readers see one state from begin to end; writers come one at a time."""

    engine: Engine = field(repr=False)  # its address may hold secrets
    patience: int = PATIENCE
    """Milliseconds that a patient writer waits for another one."""
    notice: WaitNotice | None = field(default=None, repr=False)
    """What is called when a patient writer has waited for a second; None: nobody is told."""
    within: Connection | None = field(default=None, repr=False)
    """The transaction that is all of this store's readings and writings: what they do stands or falls with it."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the store as it is now. Raises: StoreError."""
        if self.within is not None:
            yield self.within
            return
        with self._clear_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[Connection]:
        """
        Give the one connection that may write; all it does is stored at the end, or nothing.

        Raises:
            WriterBusy: Another writer goes on for too long; without patience, when there is one.
            StoreError: The database failed.
        """
        if self.within is not None:
            yield self.within
            return
        with self._clear_errors(), self._writers[patient].begin() as connection:
            yield connection

    def upgrade(self) -> None:
        """
        Bring the tables up to date; `resolution.upgrading` does the same for what they hold, where they hold anything.

        Raises:
            StoreError: Also if they are newer than this program.
        """
        with self._clear_errors():
            self._database.prepare(self.engine)
        with self.writing() as connection:
            self._refuse_foreign(connection)
            schema.upgrade(connection)
            if not records.any_stored(connection):
                state.mark_indexed(connection)

    def downgrade(self, revision: str) -> None:
        """
        Take the tables back to an older revision, or to "base": none; what they no longer hold is lost.

        Raises:
            BadRequest: No such revision.
            StoreError: Also if the tables are newer than this program, or not ours.
        """
        if revision not in {"base", *schema.REVISIONS}:
            raise BadRequest(f"no revision {revision!r}; there are base, {', '.join(schema.REVISIONS)}")
        with self.writing() as connection:
            current = self._refuse_foreign(connection)
            if revision != "base" and (current is None or revision > current):
                raise BadRequest(f"the tables of {self.name} are at {current or 'base'}, which is not above {revision}")
            schema.downgrade(connection, revision)

    def require_current(self) -> None:
        """
        Require that tables, search terms and blocking keys are those of this program.

        Raises:
            SchemaBehind: One of them is older than this program.
            StoreError: They are newer, or not ours.
        """
        with self.reading() as connection:
            if self._refuse_foreign(connection) != schema.REVISIONS[-1]:
                raise SchemaBehind(f"the tables of {self.name} are older than this program; run: samebox db upgrade")
            if state.indexed_by(connection) != RULES:
                raise SchemaBehind(
                    f"the search terms of {self.name} follow from the rules of another version; run: samebox db upgrade"
                )

    def is_made(self) -> bool:
        """Whether there is a store at the address; the question makes none. Raises: StoreError."""
        if self.file is not None and not self.file.exists():
            return False
        with self.reading() as connection:
            return bool(schema.tables(connection))

    def make_ready(self) -> None:
        """Make the tables of a new database; refuse one that is behind, ahead or not ours. Raises: StoreError."""
        with self.reading() as connection:
            new = not schema.tables(connection)
        if new:
            self.upgrade()
        self.require_current()
        if not new:
            with suppress(StoreError), self._clear_errors():  # a file that cannot be written is read as it is
                self._database.prepare(self.engine)  # a backup that was put in its place was never prepared

    def back_up(self, file: Path, progress: Progress = silent, *, replace: bool = False) -> None:
        """
        Copy the store as it is now into a file, while others use it; the file is there when it is whole.

        Raises:
            BadRequest: There is such a file, and it is not to be replaced.
            StoreError: The copy failed, or this database makes its own.
        """
        if file.exists() and not replace:
            raise BadRequest(f"{file} exists; name another file, or add --force to replace it")
        with self.reading() as connection:
            if self._refuse_foreign(connection) is None:  # from this look on, what the connection sees stands still
                raise StoreError(f"{self.name} holds nothing yet")
            self._database.back_up(connection, file, progress)

    def compact(self) -> None:
        """Leave nothing of what was deleted in the files of the store, if they are ours. Raises: StoreError."""
        with self._clear_errors():
            self._database.compact(self.engine)

    def outdated_revision(self) -> str | None:
        """
        Return the revision of the tables where they, or the search terms in them, are older than this program.

        None: there is nothing to upgrade, or nothing to lose by it, because there are no tables yet.

        Raises:
            StoreError: They are newer, or not ours.
        """
        with self.reading() as connection:
            current = self._refuse_foreign(connection)
            is_current = current == schema.REVISIONS[-1] and state.indexed_by(connection) == RULES
        return None if is_current else current

    @property
    def file(self) -> Path | None:
        """The file that holds the store; None where a database server has it."""
        return self._database.file_of(self.engine.url)

    def readable_by_others(self) -> Sequence[Path]:
        """Return the files that hold the store and that other users of this machine can read."""
        files = [Path(f"{self.file}{ending}") for ending in ("", "-wal", "-shm")] if self.file else []
        return [file for file in files if read_by_others(file)]

    @property
    def name(self) -> str:
        """The database as an operator knows it, without a password."""
        return self._database.name(self.engine.url)

    def notes(self) -> dict[Any, Any]:
        """
        Return a dict for what was read and is true until somebody writes; empty when somebody has.

        It is not shared by threads. What another process serves can be written at any time without a word: there it is
        always empty. Raises: StoreError.
        """
        if not self.is_embedded:
            return {}
        with self._clear_errors(), closing(self.engine.raw_connection()) as connection:
            return sqlite.notes(connection)

    def notes_in(self, connection: Connection) -> dict[Any, Any]:
        """
        Return the notes (`notes`) in a transaction that reads.

        In one that writes they are empty: what is read there may be taken back.
        """
        if not self.is_embedded or self.within is not None or connection.get_execution_options().get(WRITING):
            return {}
        return sqlite.notes(connection.connection)

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a file that this process reads itself, and no server that it waits for."""
        return self.engine.dialect.name == "sqlite"

    @cached_property
    def _writers(self) -> dict[bool, Engine]:
        """Engines for patient writers and for others: making one takes longer than a statement."""
        return {
            patient: self.engine.execution_options(
                **{WRITING: True, WAITS: self.patience if patient else 0, NOTICE: self.notice}
            )
            for patient in (True, False)
        }

    @property
    def _database(self) -> Database:
        return DATABASES[self.engine.dialect.name]

    def _refuse_foreign(self, connection: Connection) -> str | None:
        """Return the revision of the tables, None for an empty database."""
        current = schema.revision(connection)
        if current is None and schema.tables(connection):
            raise StoreError(f"{self.name} holds the tables of another program; look at Database:Url")
        if current is not None and current not in schema.REVISIONS:
            raise StoreError(
                f"the tables of {self.name}, at revision {current}, are newer than this program, which knows "
                f"{schema.REVISIONS[-1]} at the most; install a newer samebox"
            )
        if current == schema.REVISIONS[-1] and (engine := state.indexed_by(connection).engine) > RULES.engine:
            raise StoreError(
                f"{self.name} was written by a newer samebox: its devices follow from version {engine} of the rules, "
                f"and this program knows version {RULES.engine}; install a newer samebox"
            )
        return current

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        driver = self.engine.dialect.loaded_dbapi
        try:
            yield
        except (failures.IntegrityError, driver.IntegrityError):
            raise  # a defect of ours, not a state of the database
        except (failures.DataError, driver.DataError) as error:
            raise BadRequest("a text that no database takes: it holds a NUL character, or is too long") from error
        except failures.TimeoutError as error:
            raise StoreError(f"database: all connections to {self.name} are in use; try again") from error
        except (failures.DBAPIError, driver.Error) as error:
            cause = getattr(error, "orig", error)
            kind = WriterBusy if self._database.is_busy(cause) else StoreError
            raise kind(f"database: {self._database.sentence(cause, self.engine.url)}") from error


def open_store(url: str, notice: WaitNotice | None = None) -> Store:
    """
    Return the store at an SQLAlchemy address; nothing is touched until it is used.

    Args:
        notice: Called when a writer has waited for another one for a second.

    Raises:
        SettingsError: It is no database that can be the store.
    """
    address = make_url(url)
    if (database := DATABASES.get(address.get_backend_name())) is None:
        raise SettingsError("Database:Url: has to be such as sqlite:///samebox.db or postgresql://USER@HOST/DATABASE")
    return Store(database.connect(address).execution_options(**{KEPT: {}}), notice=notice)
