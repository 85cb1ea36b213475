"""
The version of the store, which counts its changes: what was computed at one version is valid until the next.

Beside it stand the rules by which the search terms and blocking keys of all records are made.
"""

from sqlalchemy import Connection, select, update

from service.store.database.tables import state
from service.store.resolved.rules import RULES, Rules

_VERSION = select(state.c.version)
_ADVANCE = update(state).values(version=state.c.version + 1)
_INDEXED_BY = select(state.c.engine, state.c.defaults)


def version(connection: Connection) -> int:
    """Return the version of what is stored."""
    return int(connection.execute(_VERSION).scalar_one())


def advance(connection: Connection) -> None:
    """Say that records or devices have changed."""
    connection.execute(_ADVANCE)


def indexed_by(connection: Connection) -> Rules:
    """Return the rules by which the search terms and blocking keys are made."""
    return Rules(*connection.execute(_INDEXED_BY).one())


def mark_indexed(connection: Connection) -> None:
    """Say that all search terms and blocking keys are made by the rules of this program."""
    connection.execute(update(state).values(**RULES._asdict()))
