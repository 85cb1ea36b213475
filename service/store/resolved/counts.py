"""Counts of what the store holds, for summaries and metrics."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Column, Connection, Select, func, select

from service.store.database import tables
from service.store.database.tables import memberships
from service.store.resolved.device_filters import Filters, filtered


class Listing(NamedTuple):
    """What one provider lists: its records, and the devices behind them."""

    provider: str
    records: int
    devices: int


EVERY = Filters()
"""Lets all devices through."""


def listings(connection: Connection, filters: Filters = EVERY) -> list[Listing]:
    """Return every provider with its records and devices, in order of name; of some devices where filters say so."""
    counted = select(memberships.c.provider, func.count(), func.count(memberships.c.device_id.distinct()))
    if filters != EVERY:
        counted = filtered(counted.join_from(memberships, tables.devices), filters)
    return [Listing(*row) for row in connection.execute(counted.group_by(memberships.c.provider).order_by("provider"))]


def devices(connection: Connection, filters: Filters = EVERY) -> int:
    """Return the number of devices that the filters let through."""
    return _count(connection, filtered(select(func.count()).select_from(tables.devices), filters))


def listed_by(connection: Connection, providers: Collection[str], *, inside: bool) -> int:
    """Return the number of devices that one of the providers lists; not `inside`: that any other one lists."""
    theirs = memberships.c.provider.in_(sorted(providers))
    found = select(memberships.c.device_id).distinct().where(theirs if inside else ~theirs).subquery()
    return _count(
        connection, select(func.count()).select_from(found)
    )  # SQLite takes thrice as long for a count distinct


def records(connection: Connection) -> dict[str, int]:
    """Return provider -> its records."""
    return _by(connection, tables.records.c.provider)


def quarantined(connection: Connection) -> dict[str, int]:
    """Return provider -> rows in quarantine."""
    return _by(connection, tables.quarantine.c.provider)


def standing_decisions(connection: Connection) -> int:
    """Return the number of decisions that are not revoked."""
    return _count(connection, select(func.count()).where(tables.decisions.c.revoked_at.is_(None)))


def proposals(connection: Connection) -> dict[str, int]:
    """Return, of the standing decisions that answered a review, how many took its proposal and how many did not."""
    table = tables.decisions
    asked = select(func.count()).where(table.c.revoked_at.is_(None), table.c.proposed.is_not(None))
    taken = _count(connection, asked.where(table.c.proposed == table.c.verdict))
    return {"taken": taken, "not_taken": _count(connection, asked) - taken}


def _by(connection: Connection, column: Column[str]) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).group_by(column).order_by(column))
    return {str(name): int(count) for name, count in rows}


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()
