"""What people decided about two records, and what of it still stands."""

from sqlalchemy import Connection, select

from matching.model import Decision, Key, Verdict
from service.store.tables import decisions


def standing(connection: Connection) -> list[Decision]:
    """Return every decision that is not revoked, in order of the pair it is about."""
    order = decisions.c.left_provider, decisions.c.left_id, decisions.c.right_provider, decisions.c.right_id
    rows = connection.execute(select(decisions).where(decisions.c.revoked_at.is_(None)).order_by(*order))
    return [
        Decision(
            Verdict(row.verdict),
            Key(row.left_provider, row.left_id),
            Key(row.right_provider, row.right_id),
            row.by,
            row.why,
            row.at.isoformat(),
        )
        for row in rows
    ]
