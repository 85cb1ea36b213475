"""The version of the store, which counts its changes: what was computed at one version is valid until the next."""

from sqlalchemy import Connection, select, update

from service.store.tables import state

_VERSION = select(state.c.version)
_ADVANCE = update(state).values(version=state.c.version + 1)


def version(connection: Connection) -> int:
    """Return the version of what is stored."""
    return int(connection.execute(_VERSION).scalar_one())


def advance(connection: Connection) -> None:
    """Say that records or devices have changed."""
    connection.execute(_ADVANCE)
