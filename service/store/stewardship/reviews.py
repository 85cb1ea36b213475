"""
Reviews, the questions that are open now: written, counted, and read in the order of their worth.

Each has a number, short enough for a person to write. It is given when the review is first opened, the next one after
all that were ever given, and goes with the id: a review that is opened again has its number again.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from matching.model import Claim, Key, Review, ReviewReason
from service.store.database import rows
from service.store.database.bound_lists import is_key, one_of
from service.store.database.canonical_json import canonical_json, digest
from service.store.database.tables import review_numbers, review_records, reviews


class ReviewRow(NamedTuple):
    """A review as it is stored: its body as JSON, and the first record of its left side."""

    id: str
    reason: str
    worth: float
    body: str
    provider: str
    record_id: str


class _NumberedRow(NamedTuple):
    """A review as its table has it: with its number."""

    id: str
    reason: str
    worth: float
    body: str
    provider: str
    record_id: str
    number: int

    @property
    def bare(self) -> ReviewRow:
        """The review as it is found, which knows no number."""
        return ReviewRow(*self[:-1])


class _NumberRow(NamedTuple):
    """Which review has a number, or had it."""

    number: int
    review_id: str


class _SideRow(NamedTuple):
    """That a record is on a side of a review."""

    provider: str
    record_id: str
    review_id: str


@dataclass(frozen=True)
class StoredReview:
    """
    A review: its reason is the weightiest of its grounds.

    Its body holds `left`, `right` and `waiting` (records), `grounds`, `sentence`, `evidence_for`, `evidence_against`
    and `proposal`. One that 0.1 wrote holds no `waiting`, `grounds` and `proposal` until it is made anew.

    One that is in no store has no number.
    """

    id: str
    reason: str
    worth: float
    body: dict[str, Any]
    number: int | None = None


ReviewPlace = tuple[float, str]
"""Where a review stands in the order: its worth, then its id."""


_ALL = select(*rows.columns(reviews, _NumberedRow))
_ABOUT = _ALL.where(is_key(reviews.c.provider, reviews.c.record_id))
_BY_IDS = _ALL.where(one_of(reviews.c.id, "ids"))
_SIDES = select(*rows.columns(review_records, _SideRow)).where(is_key(*rows.columns(review_records, _SideRow)[:2]))
_NUMBERS = select(review_numbers.c.review_id, review_numbers.c.number).where(one_of(review_numbers.c.review_id, "ids"))
_NAMING = select(review_records.c.review_id).distinct().where(is_key(*rows.columns(review_records, _SideRow)[:2]))


def write(connection: Connection, keys: Iterable[Key], found: Iterable[ReviewRow]) -> int:
    """Make these the reviews about some records, whole components; touch only rows that differ, return how many."""
    of = {"keys": sorted(keys)}
    before, after = _about(connection, of["keys"]), list(found)
    if before or after:
        sides = map(_SideRow._make, connection.execute(_SIDES, of))
        rows.write_difference(connection, review_records, sides, _side_rows(after))
    return rows.write_difference(connection, reviews, before, _numbered(connection, before, after))


def about(connection: Connection, keys: Iterable[Key]) -> list[ReviewRow]:
    """Return the rows of all reviews about some records, whole components."""
    return [row.bare for row in _about(connection, keys)]


def naming(connection: Connection, keys: Iterable[Key]) -> list[StoredReview]:
    """Return those that have one of some records on a side, the most worthwhile first."""
    return by_ids(connection, list(connection.execute(_NAMING, {"keys": sorted(keys)}).scalars()))


def row_of(review: Review) -> ReviewRow:
    """Return a review as it is stored."""
    sides = {side: [str(key) for key in keys] for side, keys in (("left", review.left), ("right", review.right))}
    body = {
        **sides,
        "waiting": [str(key) for key in review.waiting],
        "grounds": [str(ground) for ground in review.grounds],
        "sentence": review.sentence,
        "evidence_for": [_claim(claim) for claim in review.evidence_for],
        "evidence_against": [_claim(claim) for claim in review.evidence_against],
        "proposal": asdict(review.proposal),
    }
    return ReviewRow(
        id=digest(canonical_json(sides)),
        reason=str(review.reason),
        worth=review.worth,
        body=canonical_json(body),
        provider=review.left[0].provider,
        record_id=review.left[0].id,
    )


def unstored(found: Iterable[Review]) -> list[StoredReview]:
    """Return reviews that are in no store, as if they were read from one, the most worthwhile first."""
    composed = map(row_of, found)
    return sorted((StoredReview(row.id, row.reason, row.worth, json.loads(row.body)) for row in composed), key=_place)


def any_open(connection: Connection) -> bool:
    """Whether there is any review."""
    return connection.execute(select(reviews.c.id).limit(1)).first() is not None


def counts(connection: Connection) -> dict[str, int]:
    """Return weightiest ground -> reviews."""
    found = connection.execute(select(reviews.c.reason, func.count()).group_by(reviews.c.reason).order_by("reason"))
    return {str(reason): int(count) for reason, count in found}


def page(  # noqa: PLR0913 - a parameter a part of the question
    connection: Connection,
    after: ReviewPlace | None,
    limit: int,
    *,
    reason: ReviewReason | None,
    text: str,
    backwards: bool = False,
) -> list[StoredReview]:
    """
    Return the next reviews, the most worthwhile first.

    Args:
        reason: The reason, or something that the body says: other grounds are only there.
        text: Something that the body holds.
        backwards: Return those before the place instead, the nearest first.
    """
    query = _ALL.limit(limit)
    if backwards:
        query = query.order_by(reviews.c.worth, reviews.c.id.desc())
    else:
        query = query.order_by(reviews.c.worth.desc(), reviews.c.id)
    if after is not None:
        worth, review_id = after
        is_next = reviews.c.id < review_id if backwards else reviews.c.id > review_id
        is_beyond = reviews.c.worth > worth if backwards else reviews.c.worth < worth
        query = query.where(or_(is_beyond, (reviews.c.worth == worth) & is_next))
    if reason is not None:
        query = query.where(
            or_(reviews.c.reason == reason.value, reviews.c.body.contains(f'"{reason.value}"', autoescape=True))
        )
    if text:
        query = query.where(reviews.c.body.contains(text, autoescape=True))
    return _read(connection.execute(query))


def ids(connection: Connection) -> set[str]:
    """Return the ids of all of them."""
    return set(connection.execute(select(reviews.c.id)).scalars())


def by_ids(connection: Connection, review_ids: Collection[str]) -> list[StoredReview]:
    """Return some of them, the most worthwhile first; unknown ids are absent."""
    return sorted(_read(connection.execute(_BY_IDS, {"ids": list(review_ids)})), key=_place)


def among(connection: Connection, keys: Iterable[Key]) -> list[StoredReview]:
    """Return those about records of these, which are all that hang together, the most worthwhile first."""
    return sorted(_read(_about(connection, keys)), key=_place)


def by_number(connection: Connection, number: int) -> StoredReview | None:
    """Return the open review that has a number."""
    return next(iter(_read(connection.execute(_ALL.where(reviews.c.number == number)))), None)


def id_of_number(connection: Connection, number: int) -> str | None:
    """Return the id of the review that has a number, or had it before it was closed."""
    query = select(review_numbers.c.review_id).where(review_numbers.c.number == number)
    return connection.execute(query).scalar()


def _about(connection: Connection, keys: Iterable[Key]) -> list[_NumberedRow]:
    return list(map(_NumberedRow._make, connection.execute(_ABOUT, {"keys": sorted(keys)})))


def _numbered(connection: Connection, before: Iterable[_NumberedRow], after: Iterable[ReviewRow]) -> list[_NumberedRow]:
    """Reviews with the numbers that they have or had; new ones get the next, the most worthwhile the lowest."""
    after = list(after)
    numbers = {row.id: row.number for row in before}
    if new := [row for row in after if row.id not in numbers]:
        numbers |= dict(map(tuple, connection.execute(_NUMBERS, {"ids": [row.id for row in new]})))
        numbers |= _given(connection, [row for row in new if row.id not in numbers])
    return [_NumberedRow(*row, numbers[row.id]) for row in after]


def _given(connection: Connection, new: Iterable[ReviewRow]) -> dict[str, int]:
    last = connection.execute(select(func.max(review_numbers.c.number))).scalar() or 0
    given = [_NumberRow(last + place, row.id) for place, row in enumerate(sorted(new, key=_place), start=1)]
    if given:
        rows.insert_rows(connection, review_numbers, _NumberRow._fields, given)
    return {row.review_id: row.number for row in given}


def _side_rows(found: Iterable[ReviewRow]) -> list[_SideRow]:
    return [
        _SideRow(*Key.parse(text), row.id)
        for row in found
        for side in itemgetter("left", "right")(json.loads(row.body))
        for text in side
    ]


def _claim(claim: Claim) -> dict[str, str]:
    return {**asdict(claim), "left": str(claim.left), "right": str(claim.right)}


def _place(review: StoredReview | ReviewRow) -> tuple[float, str]:
    return -review.worth, review.id


def _read(found: Iterable[Row[Any] | _NumberedRow]) -> list[StoredReview]:
    return [StoredReview(row.id, row.reason, row.worth, json.loads(row.body), row.number) for row in found]
