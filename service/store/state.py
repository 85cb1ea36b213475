"""How often the store has changed: what was worked out at one version holds until the next."""

from sqlalchemy import Connection, select, update

from service.store.tables import state


def version(connection: Connection) -> int:
    """Return the version of what is stored."""
    return int(connection.execute(select(state.c.version)).scalar_one())


def advance(connection: Connection) -> None:
    """Say that records or devices have changed."""
    connection.execute(update(state).values(version=state.c.version + 1))
