"""The interface of a database that can be the store: what SQLite and PostgreSQL do differently."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, Table

from service.core.progress import Progress

PATIENCE = 30_000
"""Milliseconds that a writer waits for another one: a sync of a large fleet writes for seconds."""

WRITING, WAITS = "samebox_writing", "samebox_waits"
"""Options of a connection: whether its transaction writes, and how many milliseconds it waits for another writer."""

NOTICE = "samebox_notice"
"""Option of a connection: what is called when its transaction waits for another writer (`waiting.WaitNotice`)."""

KEPT = "samebox_kept"
"""Option of a connection: a dict of the store that is open, for what its module reads once and asks for often."""


class Database(Protocol):
    """What is peculiar to one database."""

    def connect(self, url: URL) -> Engine:
        """Return an engine whose transactions see one state, or write alone. Raises: SettingsError."""
        ...

    def name(self, url: URL) -> str:
        """Return the database as an operator knows it, without a password."""
        ...

    def file_of(self, url: URL) -> Path | None:
        """Return the file that holds the store; None where a server has it."""
        ...

    def prepare(self, engine: Engine) -> None:
        """See to what has to be so before a store is used, however it was made. Raises: StoreError."""
        ...

    def sentence(self, error: Exception, url: URL) -> str:
        """Return what a failure means to an operator."""
        ...

    def is_busy(self, error: BaseException | None) -> bool:
        """Whether a failure means that another writer went on for too long."""
        ...

    def insert(self, connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows of the named columns' values; however many come, few are held at a time."""
        ...

    def analyse(self, connection: Connection, tables: Sequence[Table]) -> None:
        """Take a look at how much some tables hold, if that is how ways to answers are chosen."""
        ...

    def compact(self, engine: Engine) -> None:
        """Leave nothing of what was deleted in the files of the store, if they are ours."""
        ...

    def back_up(self, connection: Connection, file: Path, progress: Progress) -> None:
        """Copy all that a reading connection sees; the file is there when it is whole. Raises: StoreError."""
        ...
