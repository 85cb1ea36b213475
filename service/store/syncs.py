"""The runs that brought records in, one row each, whether they succeeded or not."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.store.rows import insert_rows
from service.store.tables import syncs


@dataclass(frozen=True)
class Run:
    """What one run did; `error` is None when it succeeded."""

    id: str
    provider: str
    mode: str
    started_at: datetime
    finished_at: datetime
    read: int
    new: int
    changed: int
    same: int
    gone: int
    quarantined: int
    status: str
    error: str | None


def add(connection: Connection, run: Run) -> None:
    """Note a run."""
    insert_rows(connection, syncs, [asdict(run)])
