"""What people decided about two records, and what of it still stands."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from matching.model import Decision, Key, Verdict
from service.store.rows import among, portions
from service.store.tables import decisions


def standing(connection: Connection) -> list[Decision]:
    """Return every decision that is not revoked, in order of the pair it is about."""
    return [_decision(row) for row in connection.execute(_standing())]


def about(connection: Connection, keys: Iterable[Key]) -> list[Decision]:
    """Return the standing decisions that name one of the records."""
    found = []
    for portion in portions(keys):
        named = (
            among(decisions.c.left_provider, decisions.c.left_id, portion),
            among(decisions.c.right_provider, decisions.c.right_id, portion),
        )
        found += [_decision(row) for row in connection.execute(_standing().where(or_(*named)))]
    return found


def _standing() -> Select[Any]:
    order = decisions.c.left_provider, decisions.c.left_id, decisions.c.right_provider, decisions.c.right_id
    return select(decisions).where(decisions.c.revoked_at.is_(None)).order_by(*order)


def _decision(row: Any) -> Decision:
    return Decision(
        Verdict(row.verdict),
        Key(row.left_provider, row.left_id),
        Key(row.right_provider, row.right_id),
        row.by,
        row.why,
        row.at.isoformat(),
    )
