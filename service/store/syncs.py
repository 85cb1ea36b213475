"""The runs that bring records in, one row each, from their beginning on."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select
from sqlalchemy import update as update_statement

from service.store.tables import syncs
from service.store.types import storable

RUNNING, SUCCEEDED, FAILED, HELD, INTERRUPTED = "running", "succeeded", "failed", "held", "interrupted"
STATUSES = (RUNNING, SUCCEEDED, FAILED, HELD, INTERRUPTED)
FULL, INCREMENTAL, IMPORT = "full", "incremental", "import"


@dataclass(frozen=True)
class Run:
    """One run; `tables.syncs` says what each of it means."""

    id: str
    provider: str
    mode: str
    status: str
    started_at: datetime
    finished_at: datetime | None = None
    since: datetime | None = None
    as_of: datetime | None = None
    resumes: str | None = None
    cursor: str | None = None
    expected: int | None = None
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    quarantined: int = 0
    error: str | None = None


_ALL = select(*(syncs.c[field.name] for field in fields(Run)))


def add(connection: Connection, run: Run) -> None:
    """Note a run."""
    connection.execute(insert(syncs), asdict(_storable(run)))


def update(connection: Connection, run: Run) -> None:
    """Bring the note on a run up to date."""
    connection.execute(update_statement(syncs).where(syncs.c.id == run.id).values(asdict(_storable(run))))


def forget_cursors(connection: Connection, provider: str) -> None:
    """Say of the earlier runs of a provider that none of them can be gone on with."""
    known = (syncs.c.provider == provider) & syncs.c.cursor.is_not(None)
    connection.execute(update_statement(syncs).where(known).values(cursor=None))


def find(connection: Connection, run_id: str) -> Run | None:
    """Return a run by its id."""
    return _first(connection, _ALL.where(syncs.c.id == run_id))


def latest(connection: Connection, provider: str, statuses: Collection[str], modes: Collection[str]) -> Run | None:
    """Return the run of a provider that began last, of these statuses and modes."""
    chosen = syncs.c.provider == provider, syncs.c.status.in_(statuses), syncs.c.mode.in_(modes)
    return _first(connection, _ALL.where(*chosen).order_by(syncs.c.started_at.desc(), syncs.c.id.desc()))


def running(connection: Connection, provider: str) -> list[Run]:
    """Return the runs of a provider that have not ended."""
    query = _ALL.where(syncs.c.provider == provider, syncs.c.status == RUNNING).order_by(syncs.c.id)
    return list(map(_run, connection.execute(query)))


def providers(connection: Connection) -> list[str]:
    """Return the providers that have ever been synced, in order of name."""
    query = select(syncs.c.provider).where(syncs.c.mode != IMPORT).distinct().order_by(syncs.c.provider)
    return list(connection.execute(query).scalars())


def page(connection: Connection, before: Run | None, limit: int, provider: str | None = None) -> list[Run]:
    """Return the next runs, of one provider or of all, the latest first."""
    query = _ALL.order_by(syncs.c.started_at.desc(), syncs.c.id.desc()).limit(limit)
    if provider is not None:
        query = query.where(syncs.c.provider == provider)
    if before:
        same_time = and_(syncs.c.started_at == before.started_at, syncs.c.id < before.id)
        query = query.where(or_(syncs.c.started_at < before.started_at, same_time))
    return list(map(_run, connection.execute(query)))


def _first(connection: Connection, query: Select[Any]) -> Run | None:
    row = connection.execute(query.limit(1)).first()
    return _run(row) if row else None


def _run(row: Row[Any]) -> Run:
    return Run(**row._asdict())


def _storable(run: Run) -> Run:
    return replace(run, error=run.error and storable(run.error))
