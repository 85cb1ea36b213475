"""
Reviews for every caller, bound to customers or not.

A caller who is bound is asked what the rules leave open between visible records alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from matching.model import Key, ReviewReason, Verdict
from matching.policy import Policy
from service.core.paging import FIRST_PAGE, Page, PageRequest
from service.resolution.visible import only_visible, visible_shard
from service.resolution.visible_devices import devices_of
from service.stewardship import reviewing
from service.stewardship.reviewing import (
    ReviewView,
    closed,
    first_of_each_side,
    paged,
    pair_answered,
    passes,
    place_of,
    sides_of,
    views_with,
)
from service.store.access.visibility import Visibility
from service.store.resolved import visible
from service.store.resolved.devices import DeviceRow
from service.store.stewardship import decisions, reviews
from service.store.stewardship.decisions import StoredDecision
from service.store.stewardship.reviews import StoredReview
from service.store.world import World


class OpenCount(NamedTuple):
    """How many reviews are open; `is_all`: whether there are no more."""

    number: int
    is_all: bool


def list_reviews(
    world: World,
    page: PageRequest = FIRST_PAGE,
    *,
    reason: ReviewReason | None = None,
    provider: str | None = None,
    company: str | None = None,
) -> Page[ReviewView]:
    """
    Return a page of the open reviews (`reviewing.list_reviews`).

    Raises:
        BadRequest: A cursor that is none of ours.
    """
    if world.visibility is None:
        return reviewing.list_reviews(world, page, reason=reason, provider=provider, company=company)
    start = place_of(page)
    views = [each for each in _visible_views(world, world.visibility) if passes(each, reason, provider, company)]
    return paged(page, [view for view in views if start is None or (-view.worth, view.id) > (-start[0], start[1])])


def review_before(
    world: World,
    review: ReviewView,
    *,
    reason: ReviewReason | None = None,
    provider: str | None = None,
    company: str | None = None,
) -> ReviewView | None:
    """Return the open review before another one in a list (`list_reviews`); None before the first."""
    if world.visibility is None:
        return reviewing.review_before(world, review, reason=reason, provider=provider, company=company)
    views = [each for each in _visible_views(world, world.visibility) if passes(each, reason, provider, company)]
    earlier = [each for each in views if (-each.worth, each.id) < (-review.worth, review.id)]
    return earlier[-1] if earlier else None


def count_open(
    world: World,
    most: int,
    *,
    reason: ReviewReason | None = None,
    provider: str | None = None,
    company: str | None = None,
) -> OpenCount:
    """
    Count the open reviews that `list_reviews` would list; where it is asked for some of them, up to `most`.

    Raises:
        UnknownValue: A filter names a provider or company that is not known.
    """
    if world.visibility is None and not (reason or provider or company):
        with world.store.reading() as connection:
            return OpenCount(sum(reviews.counts(connection).values()), True)
    found = list_reviews(world, PageRequest(most), reason=reason, provider=provider, company=company)
    return OpenCount(len(found.data), found.next_cursor is None)


def find_review(world: World, review_id: str) -> ReviewView:
    """
    Return an open review (`reviewing.find_review`).

    Raises:
        ReviewClosed: It was answered; names the decision.
        NotFound: No review has that id; the question may have gone with its records.
    """
    return find_reviews(world, [review_id])[0]


def find_reviews(world: World, review_ids: Sequence[str]) -> list[ReviewView]:
    """
    Return open reviews, in the order of the ids.

    Raises:
        ReviewClosed: One was answered; names the decision.
        NotFound: No review has one of the ids; the question may have gone with its records.
    """
    if world.visibility is None:
        return reviewing.find_reviews(world, review_ids)
    wanted = set(review_ids)
    with world.store.reading() as connection:
        found = [
            each
            for each in visible_shard(connection, world.policy_in(connection), world.visibility).reviews
            if each.id in wanted
        ]
        known = {each.id: each for each in views_of(connection, world.policy_in(connection), world.visibility, found)}
        if (missing := next((each for each in review_ids if each not in known), None)) is not None:
            raise closed(missing, _answering(connection, world.visibility, missing))
    return [known[each] for each in review_ids]


def pair(world: World, review_id: str, verdict: Verdict) -> tuple[Key, Key]:
    """
    Return the two records by which a review is decided (`reviewing.pair`).

    Raises:
        ReviewAnswered: It was answered otherwise; names the decision.
        NotFound: No review has that id; the question may have gone with its records.
    """
    with world.store.reading() as connection:
        if world.visibility is None:
            return reviewing.pair(connection, review_id, verdict)
        for review in visible_shard(connection, world.policy_in(connection), world.visibility).reviews:
            if review.id == review_id:
                return first_of_each_side(review)
        return pair_answered(review_id, verdict, _answering(connection, world.visibility, review_id))


def views_of(
    connection: Connection, policy: Policy, visibility: Visibility, found: Sequence[StoredReview]
) -> list[ReviewView]:
    """Return reviews between visible records as they are shown and sent, with the devices as the caller sees them."""
    return views_with(found, visible_homes(connection, policy, visibility, found))


def visible_homes(
    connection: Connection, policy: Policy, visibility: Visibility, found: Sequence[StoredReview]
) -> dict[Key, DeviceRow]:
    """Return the device of each record on a side of some reviews, as the caller sees it."""
    if not found:
        return {}
    home = {key: row.device_id for key, row in visible.by_key(connection, visibility, sides_of(found)).items()}
    rows = devices_of(connection, policy, visibility, set(home.values())).rows
    return {key: rows[device_id] for key, device_id in home.items()}


def _visible_views(world: World, visibility: Visibility) -> list[ReviewView]:
    """The open questions between visible records, the most worthwhile first."""
    with world.store.reading() as connection:
        found = visible_shard(connection, world.policy_in(connection), visibility).reviews
        return views_of(connection, world.policy_in(connection), visibility, found)


def _answering(connection: Connection, visibility: Visibility, review_id: str) -> StoredDecision | None:
    """The decision that answered a review, if it is about visible records."""
    answer = decisions.answering(connection, review_id)
    return next(iter(only_visible(connection, visibility, [answer])), None) if answer else None
