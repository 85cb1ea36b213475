"""The runs of syncs and imports: one row for each, written from the start of the run."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, false, func, insert, or_, select
from sqlalchemy import update as update_statement

from matching.codes import Code
from service.store.database.tables import syncs
from service.store.database.types import storable


class SyncMode(Code):
    """How a run brings records in."""

    FULL = "full", "full", "Everything that the provider lists is read, and what no longer comes is removed."
    INCREMENTAL = "incremental", "incremental", "What changed since the last sync is read."
    FEED = "feed", "feed", "A whole feed is sent to the service, and what it does not hold is removed."
    IMPORT = "import", "import", "Records are read from files, and none is removed."


class SyncStatus(Code):
    """How far a run is, or how it ended."""

    RUNNING = "running", "running", "It has not ended."
    SUCCEEDED = "succeeded", "succeeded", "All that it read is stored."
    FAILED = "failed", "failed", "The provider failed, and nothing is stored."
    HELD = "held", "held", "All that it read is stored, and the removals wait for a person."
    INTERRUPTED = "interrupted", "interrupted", "It was told to end or its process died; the next sync goes on there."


SYNCS = (SyncMode.FULL, SyncMode.INCREMENTAL)
"""The modes of runs that read a provider."""

IMPORT = SyncMode.IMPORT.value
"""What stands for the provider in the runs and quarantined rows of files, which may hold records of several."""


@dataclass(frozen=True)
class Run:
    """One run; `tables.syncs` says what each of it means."""

    id: str
    provider: str
    mode: SyncMode
    status: SyncStatus
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
    by: str | None = None
    key_id: str | None = None


RunPlace = tuple[datetime, str]
"""Where a run stands in the order: when it began, then its id."""


_ALL = select(*(syncs.c[field.name] for field in fields(Run)))


def add(connection: Connection, run: Run) -> None:
    """Note a run."""
    connection.execute(insert(syncs), _row(run))


def update(connection: Connection, run: Run) -> None:
    """Bring the note on a run up to date."""
    connection.execute(update_statement(syncs).where(syncs.c.id == run.id).values(_row(run)))


def forget_cursors(connection: Connection, provider: str) -> None:
    """Say of the earlier runs of a provider that none of them can be gone on with."""
    known = (syncs.c.provider == provider) & syncs.c.cursor.is_not(None)
    connection.execute(update_statement(syncs).where(known).values(cursor=None))


def find(connection: Connection, run_id: str) -> Run | None:
    """Return a run by its id."""
    return _first(connection, _ALL.where(syncs.c.id == run_id))


def latest(
    connection: Connection, provider: str, statuses: Collection[SyncStatus], modes: Collection[SyncMode]
) -> Run | None:
    """Return the run of a provider that began last, of these statuses and modes."""
    chosen = syncs.c.provider == provider, syncs.c.status.in_(map(str, statuses)), syncs.c.mode.in_(map(str, modes))
    return _first(connection, _ALL.where(*chosen).order_by(syncs.c.started_at.desc(), syncs.c.id.desc()))


def running(connection: Connection, provider: str) -> list[Run]:
    """Return the runs of a provider that have not ended."""
    query = _ALL.where(syncs.c.provider == provider, syncs.c.status == SyncStatus.RUNNING.value).order_by(syncs.c.id)
    return list(map(_run, connection.execute(query)))


def providers(connection: Connection) -> list[str]:
    """Return the providers that have ever been synced, in order of name."""
    query = select(syncs.c.provider).where(syncs.c.mode != SyncMode.IMPORT.value).distinct().order_by(syncs.c.provider)
    return list(connection.execute(query).scalars())


def page(connection: Connection, before: RunPlace | None, limit: int, provider: str | None = None) -> list[Run]:
    """Return the next runs, of one provider or of all, the latest first."""
    query = _ALL.order_by(syncs.c.started_at.desc(), syncs.c.id.desc()).limit(limit)
    if provider is not None:
        query = query.where(false() if "\0" in provider else syncs.c.provider == provider)
    if before:
        started_at, run_id = before
        same_time = and_(syncs.c.started_at == started_at, syncs.c.id < run_id)
        query = query.where(or_(syncs.c.started_at < started_at, same_time))
    return list(map(_run, connection.execute(query)))


def forget(connection: Connection, before: datetime, limit: int) -> int:
    """
    Delete the oldest runs that ended before a time, at most so many; return how many are gone.

    The last run of each provider, mode and status stays: what it read, and how it ended, still counts.
    """
    groups = syncs.c.provider, syncs.c.mode, syncs.c.status
    latest_of_each = select(*groups, func.max(syncs.c.started_at).label("last")).group_by(*groups).subquery()
    same_group = and_(*(column == latest_of_each.c[column.name] for column in groups))
    old = (
        select(syncs.c.id)
        .join_from(syncs, latest_of_each, same_group)
        .where(syncs.c.finished_at < before, syncs.c.started_at < latest_of_each.c.last, syncs.c.cursor.is_(None))
        .order_by(syncs.c.started_at, syncs.c.id)
        .limit(limit)
    )
    return connection.execute(delete(syncs).where(syncs.c.id.in_(old))).rowcount


def _first(connection: Connection, query: Select[Any]) -> Run | None:
    row = connection.execute(query.limit(1)).first()
    return _run(row) if row else None


def _run(row: Row[Any]) -> Run:
    return Run(**{**row._asdict(), "mode": SyncMode(row.mode), "status": SyncStatus(row.status)})


def _row(run: Run) -> dict[str, Any]:
    error = run.error and storable(run.error)
    return {**asdict(run), "mode": str(run.mode), "status": str(run.status), "error": error}
