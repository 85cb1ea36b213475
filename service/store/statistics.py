"""What a database knows of how much it holds, by which it chooses the way to an answer."""

from sqlalchemy import Connection

from service.store import tables
from service.store.supported import DATABASES

FILLED = (tables.records, tables.identifiers, tables.memberships, tables.devices, tables.joints)
"""Tables that a first import fills from nothing."""


def gather(connection: Connection) -> None:
    """Let the database look, after much has changed: it would choose badly until it does so by itself."""
    DATABASES[connection.dialect.name].analyse(connection, FILLED)
