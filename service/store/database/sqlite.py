"""The embedded store: one SQLite file in WAL mode, in which readers go on while one writer works."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, Integer, PoolProxiedConnection, Table, create_engine, event
from sqlalchemy.dialects.sqlite import dialect

from service.core.errors import SettingsError, StoreError
from service.core.private_files import write_private
from service.core.progress import Progress
from service.store.database.interface import NOTICE, PATIENCE, WAITS, WRITING
from service.store.database.waiting import take_turn

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

CACHE = 16_384
"""KiB of pages that a writer has at hand, at the most: the upper ones of every index of a large store."""

CHECKPOINT = 8_000
"""Pages of the log from which on a commit moves them into the file: with SQLite's 1,000 one commit in forty waits."""

NOTES = "samebox_notes"
"""Where a connection keeps its notes."""

BATCH = 1000
"""Rows that are inserted at a time."""

PAGES = 4096
"""Pages of a backup between two words of progress: 16 MiB."""


def connect(url: URL) -> Engine:
    """Return an engine for a file. Raises: SettingsError, if it would not last."""
    if url.get_driver_name() != "pysqlite" or url.database in {None, "", ":memory:"}:
        raise SettingsError("Database:Url: has to name an SQLite file, such as sqlite:///samebox.db")
    engine = create_engine(url, connect_args={"timeout": PATIENCE / 1000}, max_overflow=-1)
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def name(url: URL) -> str:
    """Return the name of the file."""
    return url.database or ""


def file_of(url: URL) -> Path:
    """Return the file."""
    return _path(name(url))


def prepare(engine: Engine) -> None:
    """Let readers go on while one writes. The mode stays with the file; it cannot change inside a transaction."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def compact(engine: Engine) -> None:
    """Write the file anew: what was deleted stays in its free space, and in the log, until it is overwritten."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def sentence(error: Exception, url: URL) -> str:
    """Return what a failure means, by SQLite's result code."""
    return _sentence(error, name(url))


def is_busy(error: BaseException | None) -> bool:
    """Whether a failure means that another writer went on for too long."""
    return str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def notes(connection: PoolProxiedConnection) -> dict[Any, Any]:
    """Return the notes of a connection; empty when another one has committed, or this one has changed a row."""
    driver: Any = connection.driver_connection
    now = driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes
    kept: dict[Any, Any]
    then, kept = connection.info.get(NOTES, (None, {}))
    if now != then:
        kept = {}
        connection.info[NOTES] = now, kept
    return kept


def insert(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """
    Insert rows.

    Those of whole numbers go to the driver as they are: an import brings many millions of them, and took a tenth longer
    when SQLAlchemy converted each value.
    """
    is_plain = all(isinstance(table.c[name].type, Integer) for name in names)
    coming = iter(rows)
    while batch := list(islice(coming, BATCH)):
        if is_plain:
            connection.exec_driver_sql(_insertion(table, tuple(names)), list(map(tuple, batch)))
        else:
            connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in batch])


@cache
def _insertion(table: Table, names: tuple[str, ...]) -> str:
    return str(table.insert().compile(dialect=dialect(), column_keys=names))


def analyse(_: Connection, tables: Sequence[Table]) -> None:
    """Nothing: it takes the index that a condition fits, whatever a table holds."""


def back_up(connection: Connection, file: Path, progress: Progress) -> None:
    """Copy the database while others use it; the copy is looked through before it gets its name."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        found = _copy(connection.connection.driver_connection, part, progress)
        if found != "ok":
            raise StoreError(f"{name(connection.engine.url)} is damaged, and so is the copy: {found}")
        part.replace(file)
    except sqlite3.Error as error:
        raise StoreError(f"backup: {_sentence(error, str(file))}") from error
    except OSError as error:
        raise StoreError(f"backup: {file} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _copy(source: Any, file: Path, progress: Progress) -> str:
    with suppress(FileNotFoundError):  # SQLite says better that there is no folder
        write_private(file)
    target = sqlite3.connect(file, isolation_level=None)
    try:
        source.backup(target, pages=PAGES, progress=lambda _, left, pages: progress("backup", pages - left, pages))
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
        return str(target.execute("PRAGMA integrity_check(1)").fetchone()[0])
    finally:
        target.close()


def _sentence(error: Exception, file: str) -> str:
    code = getattr(error, "sqlite_errorname", "")
    text = next((text for beginning, text in FAILURES.items() if code.startswith(beginning)), "{file}: {error}")
    return text.format(file=file, error=error)


def _make_private(_: object, __: object, arguments: Sequence[str], ___: object) -> None:
    """Make the file, if there is none: SQLite would let the umask decide who reads it. Its log inherits the mode."""
    is_made = "mode=" not in arguments[0] or "mode=rwc" in arguments[0]  # in an address for SQLite itself
    with suppress(OSError):  # it is there, or SQLite says better why it cannot be made
        if is_made:
            write_private(_path(arguments[0]))


def _path(file: str) -> Path:
    """The path of a file that may be named by an address for SQLite itself, such as `file:samebox.db?mode=ro`."""
    return Path(unquote(urlsplit(file).path) if file.startswith("file:") else file)


def _set_up(connection: Any, _: object) -> None:
    """Take transactions out of the driver's hands: it would begin them late and without a lock."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
    cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may undo the last commits, never tear one
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WRITING):
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")  # by SQLAlchemy it would be a tenth of a look-up
        return
    _set(connection, "cache_size", -CACHE)

    def take(patience: int) -> None:
        _set(connection, "busy_timeout", patience)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    take_turn(take, options[WAITS], is_busy, options.get(NOTICE))


def _set(connection: Connection, pragma: str, value: int) -> None:
    """Set what stays set as long as the connection is open, unless it is."""
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma} = {value}")
        connection.info[pragma] = value
