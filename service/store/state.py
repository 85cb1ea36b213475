"""How often the store has changed: what was worked out at one version holds until the next."""

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
