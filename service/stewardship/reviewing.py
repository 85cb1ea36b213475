"""Reviews: list them with both sides, their devices and the evidence."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from matching.model import Key, ReviewReason, Verdict
from service.core.errors import NotFound, ReviewAnswered, ReviewClosed
from service.core.paging import FIRST_PAGE, Page, PageRequest, cursor
from service.core.shapes import GoldenValues, ShownAs
from service.resolution.shard import connected
from service.stewardship.claims import ClaimView
from service.stewardship.contradictions import named, written
from service.store.database.canonical_json import canonical_json
from service.store.ingested import known_names
from service.store.resolved import devices
from service.store.resolved.devices import DeviceRow
from service.store.stewardship import decisions, reviews
from service.store.stewardship.decisions import StoredDecision
from service.store.stewardship.reviews import ReviewPlace, StoredReview
from service.store.world import World

REVIEWS = "reviews"
"""The list of them, in cursors."""


NEIGHBOURS = 20
"""Reviews that are read at a time until one passes the filters."""

LARGEST_REVIEW = 2**31 - 1
"""The greatest number that a review can have, as both databases store it."""


class SideDevice(BaseModel):
    """A device on one side of a review."""

    id: str = Field(description="The device's id.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    values: Annotated[dict[str, Any], ShownAs(GoldenValues)] = Field(description="Its golden record.")


class Side(BaseModel):
    """One side of a review."""

    records: list[str] = Field(description="Its records, as `provider:id`.", examples=[["cw_manage:4711"]])
    devices: list[SideDevice] = Field(description="The device that they are now.")


class ProposalView(BaseModel):
    """The answer that the evidence suggests. It joins nothing: a person answers."""

    verdict: Verdict = Field(description="The proposed answer.", examples=["same"])
    certainty: float = Field(description="How likely it is right, 0.5 to 1.", examples=[0.97])
    sentence: str = Field(
        description="The answer in words, how sure it is, and the evidence that tipped it.",
        examples=["Almost certainly one box (97 %): the serials agree and the hostnames agree"],
    )


class ReviewView(BaseModel):
    """Two groups of records that share evidence, and why the rules leave open whether they are one box."""

    id: str = Field(
        description="The review's id, which goes with the question.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    number: int | None = Field(
        description="A short number for people, which no other review ever has; `samebox decide same 17` answers "
        "review 17. Null for a review that a preview would open, and for keys bound to customers.",
        examples=[17],
    )
    reason: ReviewReason = Field(
        description="Why the rules leave it to a person: the weightiest ground.", examples=["mainboard_replaced"]
    )
    grounds: list[ReviewReason] = Field(
        description="All grounds on which it is asked, the weightiest first.", examples=[["mainboard_replaced"]]
    )
    sentence: str = Field(
        description="The question for a person.", examples=["Are these one box with a new mainboard, or two boxes?"]
    )
    worth: float = Field(description="What an answer is worth; the greatest come first.", examples=[2.5])
    left: Side = Field(description="One side.")
    right: Side = Field(description="The other side.")
    evidence_for: list[ClaimView] = Field(description="What speaks for one box.")
    evidence_against: list[ClaimView] = Field(description="What speaks against it.")
    waiting: list[str] = Field(
        description="Further records of which the same is asked once this is answered; mostly the answer settles them."
    )
    proposal: ProposalView | None = Field(
        description="The proposed answer; null until the review is made anew after an upgrade from 0.1."
    )


def list_reviews(
    world: World,
    page: PageRequest = FIRST_PAGE,
    *,
    reason: ReviewReason | None = None,
    provider: str | None = None,
    company: str | None = None,
) -> Page[ReviewView]:
    """
    Return a page of the open reviews, the most worthwhile first.

    `reason` has to be one of its grounds; `provider` has to list a record of either side, `company` (compared without
    case) to be the company of a device of either side.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
        UnknownValue: A filter names a provider or company that is not known.
    """
    start, size = place_of(page), page.limit + 1
    with world.store.reading() as connection:
        found = list(islice(_matching(connection, start, size, (reason, provider, company)), size))
        if not found:  # where there is a review, all names that it was found by are known
            known_names.require_provider(connection, provider)
            known_names.require_value(connection, "company", company)
    return paged(page, found)


def paged(page: PageRequest, found: list[ReviewView]) -> Page[ReviewView]:
    """Return the first reviews of those that follow as a page; it is the last one where they are no more than that."""
    shown = found[: page.limit]
    return page.page(REVIEWS, shown, lambda view: (view.worth, view.id), is_last=len(found) <= page.limit)


def review_before(
    world: World,
    review: ReviewView,
    *,
    reason: ReviewReason | None = None,
    provider: str | None = None,
    company: str | None = None,
) -> ReviewView | None:
    """Return the open review before another one in a list (`list_reviews`); None before the first."""
    start, filters = (review.worth, review.id), (reason, provider, company)
    with world.store.reading() as connection:
        return next(_matching(connection, start, NEIGHBOURS, filters, backwards=True), None)


def cursor_behind(review: ReviewView) -> str:
    """Return the cursor of the page that begins behind a review."""
    return cursor(REVIEWS, review.worth, review.id)


def views(connection: Connection, found: Sequence[StoredReview]) -> list[ReviewView]:
    """Return reviews as they are shown and sent, with one query for all their devices."""
    return views_with(found, devices.of_records(connection, sides_of(found)))


def views_with(found: Sequence[StoredReview], homes: Mapping[Key, DeviceRow]) -> list[ReviewView]:
    """Return reviews as they are shown and sent; `homes` has the device of each record."""
    return [_view(each, homes) for each in found]


def sides_of(found: Sequence[StoredReview]) -> set[Key]:
    """Return the records on both sides of some reviews."""
    return {key for each in found for side in _sides(each) for key in side}


def about(connection: Connection, keys: Collection[Key]) -> list[ReviewView]:
    """Return the open reviews that have one of some records on a side, the most worthwhile first."""
    return views(connection, reviews.naming(connection, keys))


def find_review(world: World, review_id: str) -> ReviewView:
    """
    Return an open review.

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
    with world.store.reading() as connection:
        known = {each.id: each for each in views(connection, reviews.by_ids(connection, review_ids))}
        if (missing := next((each for each in review_ids if each not in known), None)) is not None:
            raise closed(missing, decisions.answering(connection, missing))
    return [known[each] for each in review_ids]


def find_numbered(world: World, number: int) -> ReviewView:
    """
    Return the open review that has a number.

    Raises:
        ReviewClosed: It was answered; names the decision.
        NotFound: No review has that number, or the question has gone with its records.
    """
    if number > LARGEST_REVIEW:
        raise NotFound(f"there is no review {number}")
    with world.store.reading() as connection:
        if found := reviews.by_number(connection, number):
            return views(connection, [found])[0]
        review_id = reviews.id_of_number(connection, number)
        answer = decisions.answering(connection, review_id) if review_id else None
    if answer:
        raise ReviewClosed(f"review {number} was answered: {named(answer)}", [written(answer)])
    if review_id:
        raise NotFound(f"review {number} is closed: its records have changed, and the question with them")
    raise NotFound(f"there is no review {number}")


def closed(review_id: str, answer: StoredDecision | None) -> ReviewClosed | NotFound:
    """Return the error for a review that is open no more, or never was."""
    if answer is None:
        return no_review(review_id)
    return ReviewClosed(f"that review was answered: {named(answer)}", [written(answer)])


def pair(connection: Connection, review_id: str, verdict: Verdict) -> tuple[Key, Key]:
    """
    Return the two records by which a review is decided: the first one of each side.

    Of a review that was answered with the same verdict they are those of the decision that stands.

    Raises:
        ReviewAnswered: It was answered otherwise; names the decision.
        NotFound: No review has that id; the question may have gone with its records.
    """
    if found := reviews.by_ids(connection, [review_id]):
        return first_of_each_side(found[0])
    return pair_answered(review_id, verdict, decisions.answering(connection, review_id))


def pair_answered(review_id: str, verdict: Verdict, answer: StoredDecision | None) -> tuple[Key, Key]:
    """Return the records of a decision that answered a review with a verdict. Raises: ReviewAnswered; NotFound."""
    if answer is None:
        raise no_review(review_id)
    if answer.decision.verdict is not verdict:
        raise ReviewAnswered(f"somebody else has answered that review: {named(answer)}", [written(answer)])
    return answer.decision.left, answer.decision.right


def first_of_each_side(review: StoredReview) -> tuple[Key, Key]:
    """Return the first record of each side of a review."""
    left, right = _sides(review)
    return left[0], right[0]


def open_between(connection: Connection, left: Key, right: Key) -> StoredReview | None:
    """Return the open review about the groups of two records."""
    for review in reviews.among(connection, connected(connection, [left, right])):
        sides = _sides(review)
        if any(left in one and right in other for one, other in (sides, sides[::-1])):
            return review
    return None


def proposed(review: StoredReview | None) -> Verdict | None:
    """Return the answer that a review proposes; None where there is none."""
    proposal = review.body.get("proposal") if review else None
    return Verdict(proposal["verdict"]) if proposal else None


def _matching(
    connection: Connection,
    start: ReviewPlace | None,
    size: int,
    filters: tuple[ReviewReason | None, str | None, str | None],
    *,
    backwards: bool = False,
) -> Iterator[ReviewView]:
    """Reviews from a place on, or back from it; filters that SQL cannot apply are applied here, batch by batch."""
    reason, provider, company = filters
    text = canonical_json(f"{provider}:")[:-1] if provider else ""
    while found := reviews.page(connection, start, size, reason=reason, text=text, backwards=backwards):
        for view in views(connection, found):
            if passes(view, reason, provider, company):
                yield view
        start = found[-1].worth, found[-1].id


def passes(view: ReviewView, reason: ReviewReason | None, provider: str | None, company: str | None) -> bool:
    """Whether a review is for a reason, about a record of a provider, and about a device of a company; None: any."""
    return _has_ground(view, reason) and _has_provider(view, provider) and _has_company(view, company)


def no_review(review_id: str) -> NotFound:
    """Return the error for a review that is not open."""
    return NotFound(f"no review {review_id[:100]!r} is open")


def _has_ground(view: ReviewView, reason: ReviewReason | None) -> bool:
    return reason is None or reason in view.grounds


def _has_provider(view: ReviewView, provider: str | None) -> bool:
    records = (*view.left.records, *view.right.records)
    return provider is None or any(Key.parse(record).provider == provider for record in records)


def _has_company(view: ReviewView, company: str | None) -> bool:
    sides = (*view.left.devices, *view.right.devices)
    return company is None or any(
        str(each.values.get("company", "")).casefold() == company.casefold() for each in sides
    )


def _view(review: StoredReview, homes: Mapping[Key, DeviceRow]) -> ReviewView:
    left, right = (_side(keys, homes) for keys in _sides(review))
    shown = {name: review.body[name] for name in ("sentence", "evidence_for", "evidence_against")}
    return ReviewView(
        id=review.id,
        number=review.number,
        reason=ReviewReason(review.reason),
        grounds=[ReviewReason(ground) for ground in review.body.get("grounds", [review.reason])],
        worth=review.worth,
        left=left,
        right=right,
        waiting=review.body.get("waiting", []),
        proposal=review.body.get("proposal"),
        **shown,
    )


def _side(keys: Sequence[Key], homes: Mapping[Key, DeviceRow]) -> Side:
    rows = {homes[key].id: homes[key] for key in keys if key in homes}
    found = [SideDevice(id=device_id, values=json.loads(row.golden)) for device_id, row in sorted(rows.items())]
    return Side(records=[str(key) for key in keys], devices=found)


def _sides(review: StoredReview) -> tuple[list[Key], list[Key]]:
    left, right = ([Key.parse(text) for text in review.body[side]] for side in ("left", "right"))
    return left, right


def place_of(page: PageRequest) -> ReviewPlace | None:
    """Return behind which review a page begins; None: at the start. Raises: UnknownCursor."""
    place: ReviewPlace | None = page.after(REVIEWS, float, str)
    return place
