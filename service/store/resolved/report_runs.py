"""The last batch of reports of each name: what the next one counts from."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from service.store.database.tables import report_runs


class ReportRun(NamedTuple):
    """
    A batch of reports whose files were all in place at `ended_at`.

    `as_of` is the moment that all its reports saw, and `position` the last change of the feed that they saw.
    """

    name: str
    as_of: datetime
    position: int
    ended_at: datetime


_RUNS = select(*(report_runs.c[name] for name in ReportRun._fields))


def find(connection: Connection, name: str) -> ReportRun | None:
    """Return the last batch of a name; None where none ever ended."""
    row = connection.execute(_RUNS.where(report_runs.c.name == name)).one_or_none()
    return ReportRun._make(row) if row else None


def remember(connection: Connection, run: ReportRun) -> None:
    """Put a batch in the place of the one before."""
    connection.execute(delete(report_runs).where(report_runs.c.name == run.name))
    connection.execute(insert(report_runs), run._asdict())
