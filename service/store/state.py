"""How often the store has changed: what was worked out at one version holds until the next."""

from sqlalchemy import Connection, select, update

from service.store.prepared import Prepared
from service.store.tables import state

_VERSION = Prepared(select(state.c.version))
_ADVANCE = Prepared(update(state).values(version=state.c.version + 1))


def version(connection: Connection) -> int:
    """Return the version of what is stored."""
    return int(next(_VERSION.rows(connection)).version)


def advance(connection: Connection) -> None:
    """Say that records or devices have changed."""
    _ADVANCE.run(connection)
