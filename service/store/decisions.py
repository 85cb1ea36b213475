"""What people decided about two records, and what of it still stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, or_, select, update

from matching.model import Decision, Key, Verdict
from service.store.rows import among, insert_rows, portions
from service.store.tables import decisions


@dataclass(frozen=True)
class Stored:
    """A decision with its id, and who took it back, when and why."""

    id: str
    decision: Decision
    at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_why: str | None = None


def standing(connection: Connection) -> list[Decision]:
    """Return every decision that is not revoked, in order of the pair it is about."""
    return [each.decision for each in stored_standing(connection)]


def stored_standing(connection: Connection) -> list[Stored]:
    """Return the same with their ids."""
    return _read(connection, _standing())


def stored_about(connection: Connection, keys: Iterable[Key]) -> list[Stored]:
    """Return the standing decisions that name one of the records, with their ids."""
    found: dict[str, Stored] = {}
    for portion in portions(keys):
        named = (
            among(decisions.c.left_provider, decisions.c.left_id, portion),
            among(decisions.c.right_provider, decisions.c.right_id, portion),
        )
        found |= {each.id: each for each in _read(connection, _standing().where(or_(*named)))}
    return list(found.values())


def page(connection: Connection, after: str, limit: int, *, revoked: bool) -> list[Stored]:
    """Return the next decisions in order of id, those that are revoked too if asked for."""
    query = select(decisions).where(decisions.c.id > after).order_by(decisions.c.id).limit(limit)
    return _read(connection, query if revoked else query.where(decisions.c.revoked_at.is_(None)))


def by_id(connection: Connection, decision_id: str) -> Stored | None:
    """Return a decision, revoked or not."""
    return next(iter(_read(connection, select(decisions).where(decisions.c.id == decision_id))), None)


def add(connection: Connection, news: Iterable[Stored]) -> None:
    """Store decisions."""
    insert_rows(
        connection,
        decisions,
        (
            {
                "id": each.id,
                "verdict": str(each.decision.verdict),
                "left_provider": each.decision.left.provider,
                "left_id": each.decision.left.id,
                "right_provider": each.decision.right.provider,
                "right_id": each.decision.right.id,
                "by": each.decision.by,
                "why": each.decision.why,
                "at": each.at,
            }
            for each in news
        ),
    )


def revoke(connection: Connection, decision_id: str, by: str, why: str, at: datetime) -> None:
    """Note that a decision no longer stands."""
    values = {"revoked_at": at, "revoked_by": by, "revoked_why": why}
    connection.execute(update(decisions).where(decisions.c.id == decision_id).values(values))


def _standing() -> Select[Any]:
    order = decisions.c.left_provider, decisions.c.left_id, decisions.c.right_provider, decisions.c.right_id
    return select(decisions).where(decisions.c.revoked_at.is_(None)).order_by(*order)


def _read(connection: Connection, query: Select[Any]) -> list[Stored]:
    return [_stored(row) for row in connection.execute(query).mappings()]


def _stored(row: RowMapping) -> Stored:
    left, right = (Key(row[f"{side}_provider"], row[f"{side}_id"]) for side in ("left", "right"))
    decision = Decision(Verdict(row["verdict"]), left, right, row["by"], row["why"], row["at"].isoformat())
    return Stored(row["id"], decision, row["at"], row["revoked_at"], row["revoked_by"], row["revoked_why"])
