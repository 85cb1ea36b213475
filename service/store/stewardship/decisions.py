"""The stored decisions: those in force, and those that were revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from matching.model import Decision, Key, Verdict
from service.store.database.bound_lists import is_key
from service.store.database.tables import decisions
from service.store.database.types import storable

_LEFT = decisions.c.left_provider, decisions.c.left_id
_RIGHT = decisions.c.right_provider, decisions.c.right_id
_STANDING = select(decisions).where(decisions.c.revoked_at.is_(None)).order_by(*_LEFT, *_RIGHT)
_ABOUT = _STANDING.where(or_(is_key(*_LEFT), is_key(*_RIGHT)))


@dataclass(frozen=True)
class StoredDecision:
    """
    A decision with its id, and who took it back, when and why.

    `review` is the id of the review about the two records that was open when it was made, `proposed` the verdict that
    this proposed.
    """

    id: str
    decision: Decision
    at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_why: str | None = None
    proposed: Verdict | None = None
    review: str | None = None
    group: str | None = None


def standing(connection: Connection) -> list[Decision]:
    """Return every decision that is not revoked, in order of the pair it is about."""
    return [each.decision for each in stored_standing(connection)]


def stored_standing(connection: Connection) -> list[StoredDecision]:
    """Return the same with their ids."""
    return _read(connection, _STANDING)


def stored_about(connection: Connection, keys: Iterable[Key]) -> list[StoredDecision]:
    """Return the standing decisions that name one of the records, with their ids."""
    return list(map(_stored, connection.execute(_ABOUT, {"keys": sorted(keys)})))


def about(connection: Connection, keys: Iterable[Key]) -> list[Decision]:
    """Return the standing decisions that name one of the records."""
    return [each.decision for each in stored_about(connection, keys)]


def page(connection: Connection, after: str, limit: int, *, revoked: bool) -> list[StoredDecision]:
    """Return the next decisions in order of id, those that are revoked too if asked for."""
    query = select(decisions).where(decisions.c.id > after).order_by(decisions.c.id).limit(limit)
    return _read(connection, query if revoked else query.where(decisions.c.revoked_at.is_(None)))


def by_id(connection: Connection, decision_id: str) -> StoredDecision | None:
    """Return a decision, revoked or not."""
    return next(iter(_read(connection, select(decisions).where(decisions.c.id == decision_id))), None)


def answering(connection: Connection, review_id: str) -> StoredDecision | None:
    """Return the standing decision that answered a review, the last of several."""
    answers = _read(connection, select(decisions).where(decisions.c.review == review_id))
    return max((each for each in answers if each.revoked_at is None), key=lambda each: (each.at, each.id), default=None)


def of_group(connection: Connection, group: str) -> list[StoredDecision]:
    """Return the decisions that were made at once, revoked or not, in order of id."""
    return _read(connection, select(decisions).where(decisions.c.group_id == group).order_by(decisions.c.id))


def latest_by(connection: Connection, by: str, since: datetime, limit: int) -> list[StoredDecision]:
    """Return the standing decisions that somebody has made since a time, the latest first."""
    own = select(decisions).where(decisions.c.by == by, decisions.c.at >= since, decisions.c.revoked_at.is_(None))
    return _read(connection, own.order_by(decisions.c.at.desc(), decisions.c.id.desc()).limit(limit))


def add(connection: Connection, news: Iterable[StoredDecision]) -> None:
    """Store decisions."""
    rows = [
        {
            "id": each.id,
            "verdict": str(each.decision.verdict),
            "left_provider": each.decision.left.provider,
            "left_id": each.decision.left.id,
            "right_provider": each.decision.right.provider,
            "right_id": each.decision.right.id,
            "by": storable(each.decision.by),
            "why": storable(each.decision.why),
            "at": each.at,
            "proposed": each.proposed and str(each.proposed),
            "review": each.review,
            "group_id": each.group,
        }
        for each in news
    ]
    if rows:
        connection.execute(insert(decisions), rows)


def revoke(connection: Connection, decision_id: str, by: str, why: str, at: datetime) -> None:
    """Note that a decision no longer stands."""
    values = {"revoked_at": at, "revoked_by": storable(by), "revoked_why": storable(why)}
    connection.execute(update(decisions).where(decisions.c.id == decision_id).values(values))


def _read(connection: Connection, query: Select[Any]) -> list[StoredDecision]:
    return list(map(_stored, connection.execute(query)))


def _stored(row: Row[Any]) -> StoredDecision:
    left, right = Key(row.left_provider, row.left_id), Key(row.right_provider, row.right_id)
    decision = Decision(Verdict(row.verdict), left, right, row.by, row.why, row.at.isoformat())
    proposed = Verdict(row.proposed) if row.proposed else None
    return StoredDecision(
        *(row.id, decision, row.at, row.revoked_at, row.revoked_by, row.revoked_why),
        *(proposed, row.review, row.group_id),
    )
