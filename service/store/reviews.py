"""The questions that are open now, in the order of their worth."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from matching.model import Key
from service.store.bound_lists import is_key, one_of
from service.store.tables import reviews

_AMONG = select(reviews).where(is_key(reviews.c.provider, reviews.c.record_id))
_BY_IDS = select(reviews).where(one_of(reviews.c.id, "ids"))


@dataclass(frozen=True)
class Open:
    """A review: its body holds `left` and `right` (records), `sentence`, `evidence_for` and `evidence_against`."""

    id: str
    reason: str
    worth: float
    body: dict[str, Any]


Place = tuple[float, str]
"""Where a review stands in the order: its worth, then its id."""


def page(connection: Connection, after: Place | None, limit: int, *, reason: str | None, text: str) -> list[Open]:
    """Return the next reviews, the most worthwhile first; `text` is something that their body holds."""
    query = select(reviews).order_by(reviews.c.worth.desc(), reviews.c.id).limit(limit)
    if after is not None:
        worth, review_id = after
        next_ones = or_(reviews.c.worth < worth, (reviews.c.worth == worth) & (reviews.c.id > review_id))
        query = query.where(next_ones)
    if reason is not None:
        query = query.where(reviews.c.reason == reason)
    if text:
        query = query.where(reviews.c.body.contains(text, autoescape=True))
    return _read(connection, query)


def ids(connection: Connection) -> set[str]:
    """Return the ids of all of them."""
    return set(connection.execute(select(reviews.c.id)).scalars())


def by_ids(connection: Connection, review_ids: Collection[str]) -> list[Open]:
    """Return some of them, the most worthwhile first; unknown ids are absent."""
    rows = connection.execute(_BY_IDS, {"ids": list(review_ids)})
    return sorted(map(_open, rows), key=_place)


def among(connection: Connection, keys: Iterable[Key]) -> list[Open]:
    """Return those about records of these, which are all that hang together, the most worthwhile first."""
    rows = connection.execute(_AMONG, {"keys": sorted(keys)})
    return sorted(map(_open, rows), key=_place)


def _place(review: Open) -> tuple[float, str]:
    return -review.worth, review.id


def _read(connection: Connection, query: Select[Any]) -> list[Open]:
    return [_open(row) for row in connection.execute(query)]


def _open(row: Row[Any]) -> Open:
    return Open(row.id, row.reason, row.worth, json.loads(row.body))
