"""
Answer open reviews: one, or many that are alike, in one transaction that is taken back as one.

Reviews are alike when the same providers list their records and they have the same reason and the same proposed answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.model import Decision, Key, Verdict
from service.core.errors import BadRequest, Conflict, NotFound
from service.core.paging import LARGEST_PAGE, PageRequest
from service.stewardship import deciding
from service.stewardship.deciding import Decided, DecisionView
from service.stewardship.reviewing import ReviewView
from service.stewardship.visible_reviews import find_review, list_reviews, pair
from service.store.stewardship import decisions
from service.store.world import World

MOST_ALIKE = 100
"""Reviews that are answered at once: so many a person can look through."""


@dataclass(frozen=True)
class AnsweredAlike:
    """
    Reviews that were answered at once, in the order in which they were given.

    `group` is the id by which all their decisions are taken back. `settled` are the reviews that the answers to others
    have closed.
    """

    group: str
    decisions: Sequence[DecisionView]
    settled: Sequence[ReviewView]


def answer(world: World, review_id: str, verdict: Verdict, by: str, why: str) -> Decided:
    """
    Answer a review; the same answer that somebody gave before is returned.

    Raises:
        ReviewAnswered: Somebody gave another answer.
        NotFound: No review has that id; the question may have gone with its records.
        Contradiction, Unprocessable: As of `deciding.decide`.
    """
    with world.store.writing() as connection:
        within = world.within(connection)
        left, right = pair(within, review_id, verdict)
        return deciding.decide(within, Decision(verdict, left, right, by, why))


def alike(world: World, review: ReviewView) -> list[ReviewView]:
    """Return the open reviews that are like one, itself included, at most `MOST_ALIKE`, the most worthwhile first."""
    found: list[ReviewView] = []
    asked = PageRequest(LARGEST_PAGE)
    while len(found) < MOST_ALIKE:
        page = list_reviews(world, asked, reason=review.reason)
        found += [each for each in page.data if _likeness(each) == _likeness(review)]
        if page.next_cursor is None:
            break
        asked = PageRequest(LARGEST_PAGE, page.next_cursor)
    return found[:MOST_ALIKE]


def answer_alike(world: World, review_ids: Sequence[str], verdict: Verdict, by: str, why: str) -> AnsweredAlike:
    """
    Answer several reviews with one verdict: all of them, or none.

    Raises:
        BadRequest: There are none, or more than `MOST_ALIKE`.
        Conflict: One is open no more.
        Contradiction, Unprocessable: As of `deciding.decide`; then none is answered.
    """
    ids = list(dict.fromkeys(review_ids))
    if not 1 <= len(ids) <= MOST_ALIKE:
        raise BadRequest(f"choose 1 to {MOST_ALIKE} reviews to answer at once")
    with world.store.writing() as connection:
        within = world.within(connection)
        asked = [_open(within, each) for each in ids]
        group, made, settled = world.new_id(), [], []
        for review in asked:
            try:
                left, right = pair(within, review.id, verdict)
            except NotFound:
                settled.append(review)
                continue
            made.append(deciding.decide(within, Decision(verdict, left, right, by, why), group).decision)
    return AnsweredAlike(group, made, settled)


def take_back(world: World, group: str, by: str, why: str) -> list[DecisionView]:
    """
    Revoke all decisions of a group that stand, in one transaction; return them.

    Raises:
        NotFound: No decision is of that group, or one is about a record that is not visible.
        Unprocessable: A text cannot be stored.
    """
    with world.store.writing() as connection:
        found = decisions.of_group(connection, group)
        if not found:
            raise _no_group(group)
        within = world.within(connection)
        return [deciding.revoke(within, each.id, by, why).decision for each in found if each.revoked_at is None]


def find_group(world: World, group: str) -> list[DecisionView]:
    """
    Return the decisions that were made at once, revoked or not.

    Raises:
        NotFound: No decision is of that group, or one is about a record that is not visible.
    """
    with world.store.reading() as connection:
        found = decisions.of_group(connection, group)
        within = world.within(connection)
        views = [deciding.find_decision(within, each.id) for each in found]
    if not views:
        raise _no_group(group)
    return views


def _no_group(group: str) -> NotFound:
    return NotFound(f"no group of decisions {group[:100]!r}")


def _likeness(review: ReviewView) -> tuple[object, ...]:
    records = (*review.left.records, *review.right.records)
    providers = frozenset(Key.parse(record).provider for record in records)
    return review.reason, review.proposal and review.proposal.verdict, providers


def _open(world: World, review_id: str) -> ReviewView:
    try:
        return find_review(world, review_id)
    except (NotFound, Conflict) as error:
        raise Conflict(f"nothing was answered, because one of these is open no more: {error}") from error
