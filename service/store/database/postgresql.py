"""The store of several machines: a PostgreSQL database, in which one writer at a time holds a lock."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event

from service.core.errors import SettingsError, StoreError, WriterBusy
from service.core.progress import Progress
from service.store.database.interface import NOTICE, WAITS, WRITING
from service.store.database.waiting import take_turn

if TYPE_CHECKING:
    import psycopg  # loaded when it is used: it takes longer than the rest of a short command on SQLite

LOCK = 0x5A_4D_45_B0_C5
"""The advisory lock that a writer holds until its transaction ends; the server gives it one at a time in a database."""

CONNECTING = {
    "application_name": "samebox",
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # seconds of silence, after which a server that vanished is found out
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""What the address may say otherwise."""

BUSY = "another process is writing to {name}; try again when it has finished"
LOST = "the connection to {name} is lost; nothing of this transaction was stored. {words}"
FAILURES = {
    "08": LOST,
    "25006": "{name} is read-only; is it a standby?",
    "42501": "the user of {name} may not do that: {words}. Let it own the database",
    "53100": "no space left for {name}; nothing of this transaction was stored",
    "55P03": BUSY,
    "57014": "{name} ended a statement that took too long; look at its statement_timeout",
    "57P": LOST,
    "58": "reading or writing {name} failed; look at the server's disk and log. Nothing of this transaction was stored",
    "XX001": "{name} is damaged; look at the server's log, and put a backup in its place",
    "XX002": "an index of {name} is damaged; look at the server's log, and REINDEX it",
}
"""SQLSTATE by its beginning -> what to tell the operator (PostgreSQL, appendix A)."""


def connect(url: URL) -> Engine:
    """Return an engine; nothing is sent to the server before it is used. Raises: SettingsError."""
    if url.drivername not in {"postgresql", "postgresql+psycopg"} or not url.database:
        raise SettingsError("Database:Url: has to be such as postgresql://USER:PASSWORD@HOST:5432/DATABASE")
    arguments = {key: value for key, value in CONNECTING.items() if key not in url.query}
    address = url.set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(address, connect_args=arguments, pool_pre_ping=True, max_overflow=15)
    except ImportError as error:
        raise SettingsError("Database:Url: PostgreSQL needs its driver; run: pip install 'psycopg[binary]'") from error
    event.listen(engine, "begin", _begin)
    return engine


def name(url: URL) -> str:
    """Return the address without password and options, for both may hold secrets."""
    host = url.host or url.query.get("host", "localhost")
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL database {url.database} at {host}{port}"


def prepare(engine: Engine) -> None:
    """See that the database can hold any text. Raises: StoreError."""
    with engine.begin() as connection:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        remedy = "make it with createdb --encoding=UTF8 --template=template0"
        raise StoreError(f"database: {name(engine.url)} is encoded in {encoding}; {remedy}")


def sentence(error: Exception, url: URL) -> str:
    """Return what a failure means, by its SQLSTATE; without one, the server was not reached, or went away."""
    state, diagnosis = getattr(error, "sqlstate", None), getattr(error, "diag", None)
    words = _without_password(" ".join((getattr(diagnosis, "message_primary", None) or str(error)).split()), url)
    if state is None and type(error).__name__ in {"OperationalError", "InterfaceError"}:
        text = LOST if "lost" in words or "closed" in words else "{name} cannot be reached: {words}"
    else:
        text = next((text for code, text in FAILURES.items() if (state or "").startswith(code)), "{name}: {words}")
    return text.format(name=name(url), words=words)


def is_busy(error: BaseException | None) -> bool:
    """Whether a failure means that another writer went on for too long."""
    return getattr(error, "sqlstate", None) == "55P03"


def insert(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows as one stream (COPY): an INSERT for each of many millions of rows takes several times as long."""
    columns = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
    statement = f"COPY {table.name} ({columns}) FROM STDIN"
    with _session(connection).cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def analyse(connection: Connection, tables: Sequence[Table]) -> None:
    """Gather statistics: without them look-ups among a million records took more than twice as long."""
    for table in tables:
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def file_of(_: URL) -> None:
    """Return nothing: its files are the server's."""


def compact(_: Engine) -> None:
    """Nothing: the server's autovacuum sees to its files."""


def back_up(connection: Connection, file: Path, _: Progress) -> None:
    """Raises: StoreError, that says how PostgreSQL does it itself."""
    url = connection.engine.url
    open_parts = {key: value for key, value in url.query.items() if key == "host"}
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, open_parts)
    raise StoreError(
        "PostgreSQL makes its own backups, while samebox runs on: "
        f"pg_dump --format=custom --file={shlex.quote(str(file))} {shlex.quote(address.render_as_string())}"
    )


def _begin(connection: Connection) -> None:
    """A reader sees one state. A writer, alone, sees what was stored when it got the lock, not when it asked for it."""
    options = connection.get_execution_options()
    writing = options.get(WRITING, False)
    levels = connection.dialect.loaded_dbapi.IsolationLevel
    session = _session(connection)
    session.read_only = None if writing else True  # None: as the server has it, which may be a standby
    session.isolation_level = levels.READ_COMMITTED if writing else levels.REPEATABLE_READ

    def take(patience: int) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")

    if writing and options[WAITS]:
        take_turn(take, options[WAITS], is_busy, options.get(NOTICE))
    elif writing and not connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({LOCK})").scalar_one():
        raise WriterBusy(f"database: {BUSY.format(name=name(connection.engine.url))}")


def _session(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _without_password(words: str, url: URL) -> str:
    """No message of the driver is known to repeat the password; none ever shall."""
    secrets = (url.password, *(str(value) for key, value in url.query.items() if "password" in key))
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return words
