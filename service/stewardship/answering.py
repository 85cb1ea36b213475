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
from service.stewardship.deciding import AskedAtOnce, Decided, DecisionView
from service.stewardship.reviewing import ReviewView, open_between
from service.stewardship.visible_reviews import find_reviews, list_reviews, pair
from service.store.stewardship import decisions
from service.store.world import World

MOST_ALIKE = 100
"""Reviews that are answered at once: so many a person can look through."""


MOST_SEARCHED = 1000
"""Reviews of one reason, the most worthwhile ones, among which those that are like one are looked for."""


@dataclass(frozen=True)
class AnsweredAlike:
    """Reviews that were answered at once; `group` is the id by which all their decisions are taken back."""

    group: str
    decisions: Sequence[DecisionView]


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
    """
    Return the open reviews that are like one, itself included, at most `MOST_ALIKE`, the most worthwhile first.

    They are among the `MOST_SEARCHED` most worthwhile ones of its reason; itself is returned in any case.
    """
    found: list[ReviewView] = []
    searched, asked = 0, PageRequest(LARGEST_PAGE)
    while len(found) < MOST_ALIKE and searched < MOST_SEARCHED:
        page = list_reviews(world, asked, reason=review.reason)
        found += [each for each in page.data if _likeness(each) == _likeness(review)]
        searched += len(page.data)
        if page.next_cursor is None:
            break
        asked = PageRequest(LARGEST_PAGE, page.next_cursor)
    others = [each for each in found if each.id != review.id]
    return sorted([review, *others[: MOST_ALIKE - 1]], key=lambda each: (-each.worth, each.id))


def answer_alike(world: World, review_ids: Sequence[str], verdict: Verdict, by: str, why: str) -> AnsweredAlike:
    """
    Answer several reviews that are alike with one verdict: all of them, or none.

    Raises:
        BadRequest: There are none, or more than `MOST_ALIKE`.
        Conflict: One is open no more, or is no more like the others.
        Contradiction, Unprocessable: As of `deciding.decide`; then none is answered.
    """
    ids = chosen(review_ids)
    with world.store.writing() as connection:
        within = world.within(connection)
        wanted = decisions_of(open_alike(within, ids), verdict, by, why)
        group = world.new_id()
        asked = [AskedAtOnce(group, open_between(connection, each.left, each.right)) for each in wanted]
        made = [deciding.decide(within, each, of).decision for each, of in zip(wanted, asked, strict=True)]
    return AnsweredAlike(group, made)


def chosen(review_ids: Sequence[str]) -> list[str]:
    """Return ids of reviews, each once. Raises: BadRequest, where they are none or more than `MOST_ALIKE`."""
    ids = list(dict.fromkeys(review_ids))
    if not 1 <= len(ids) <= MOST_ALIKE:
        raise BadRequest(f"choose 1 to {MOST_ALIKE} reviews to answer at once")
    return ids


def open_alike(world: World, review_ids: Sequence[str]) -> list[ReviewView]:
    """
    Return open reviews that are alike.

    Raises:
        Conflict: One is open no more, or is no more like the others.
    """
    try:
        found = find_reviews(world, review_ids)
    except (NotFound, Conflict) as error:
        raise Conflict(f"nothing was answered, because one of these is open no more: {error}") from error
    for each in found:
        if _likeness(each) != _likeness(found[0]):
            which = f"review {each.number}" if each.number else "one of these"
            raise Conflict(f"nothing was answered, because {which} has changed and is not like the others any more")
    return found


def decisions_of(found: Sequence[ReviewView], verdict: Verdict, by: str, why: str) -> list[Decision]:
    """Return the decisions that answer some reviews: each is about the first record of either side."""
    sides = [[Key.parse(side.records[0]) for side in (each.left, each.right)] for each in found]
    return [deciding.clean(Decision(verdict, left, right, by, why)) for left, right in sides]


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
