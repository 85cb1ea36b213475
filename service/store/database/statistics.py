"""Planner statistics: what a database knows about the size of its tables and uses to plan a query."""

from sqlalchemy import Connection

from service.store.database import tables
from service.store.database.dialects import DATABASES

FILLED = (tables.records, tables.identifiers, tables.memberships, tables.devices, tables.blocking_keys)
"""Tables that a first import fills from nothing."""


def gather(connection: Connection) -> None:
    """Gather the planner statistics after much has changed: until the database does it by itself it plans badly."""
    DATABASES[connection.dialect.name].analyse(connection, FILLED)
