"""What people decided about two records, and what of it still stands."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from matching.model import Decision, Key, Verdict
from service.store.bykeys import ByKeys
from service.store.tables import decisions

_LEFT = decisions.c.left_provider, decisions.c.left_id
_RIGHT = decisions.c.right_provider, decisions.c.right_id
_STANDING = select(decisions).where(decisions.c.revoked_at.is_(None)).order_by(*_LEFT, *_RIGHT)
_ABOUT = ByKeys(_STANDING.where, _LEFT, _RIGHT)


def standing(connection: Connection) -> list[Decision]:
    """Return every decision that is not revoked, in order of the pair it is about."""
    return [_decision(row) for row in connection.execute(_STANDING)]


def about(connection: Connection, keys: Iterable[Key]) -> list[Decision]:
    """Return the standing decisions that name one of the records."""
    return [_decision(row) for row in _ABOUT.rows(connection, keys)]


def _decision(row: Any) -> Decision:
    return Decision(
        Verdict(row.verdict),
        Key(row.left_provider, row.left_id),
        Key(row.right_provider, row.right_id),
        row.by,
        row.why,
        row.at.isoformat(),
    )
