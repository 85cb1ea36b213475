"""`/reviews`: the questions that are left to a person, each with what its answers would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, NamedTuple, TypedDict
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from matching.model import ReviewReason, Verdict
from service.access.callers import Caller
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep
from service.api.http.problems import sentence_of
from service.console.answers import previews, sums
from service.console.comparing import compared
from service.console.forms import FormFields, own_fields, verdict_of
from service.console.rendering import page
from service.core.errors import BadRequest, Conflict, Contradiction, NotFound, ReviewClosed, ServiceError
from service.core.paging import PageRequest
from service.devices import visible_answers as answers
from service.devices.lookup import RecordView
from service.devices.projection import Expansion, Projection
from service.server.turns import turn
from service.stewardship import answering, deciding
from service.stewardship.deciding import DecisionView
from service.stewardship.reasons import review_reason
from service.stewardship.reviewing import ReviewView, Side, cursor_behind, find_numbered
from service.stewardship.visible_reviews import count_open, find_review, list_reviews, review_before
from service.store.world import World

router = APIRouter()

REVIEWS = "/reviews"

A_PAGE = 50
"""Reviews of one page of the list."""

MOST_COUNTED = 200
"""Reviews that are counted where some are asked for."""

MOST_COLUMNS = 5
"""Records that are compared side by side."""

MOST_RECENT = 10
"""Answers of one's own that can be taken back from the list."""

RECENTLY = timedelta(hours=24)

RECORDS_ALONE = Projection(frozenset({Expansion.RECORDS}), frozenset())

LONGEST_NUMBER = 10
"""Digits of a review's number; what is longer is an id."""

TAKEN_BACK = "taken back in the console"

CHOSEN = "review-"
"""How the name of a field begins that chooses a review; its id follows."""

LATE = "true"
"""In the address of a review that somebody else answered first."""


class FilterNames(TypedDict):
    """Filters of reviews; None: any."""

    reason: ReviewReason | None
    provider: str | None
    company: str | None


@dataclass(frozen=True)
class ReviewFilters:
    """Which reviews a person goes through; they stay with them from one to the next."""

    reason: ReviewReason | None = None
    provider: str | None = None
    company: str | None = None

    @property
    def names(self) -> "FilterNames":
        """The filters by name, as use cases take them."""
        return {"reason": self.reason, "provider": self.provider, "company": self.company}

    @property
    def are_some(self) -> bool:
        """Whether anything is asked for but all."""
        return any(self.names.values())

    def by_reason(self, reason: ReviewReason) -> "ReviewFilters":
        """Return the same filters with another reason."""
        return replace(self, reason=reason)

    def by_company(self, company: str) -> "ReviewFilters":
        """Return the same filters with another customer."""
        return replace(self, company=company)

    def path(self, path: str, **more: str | None) -> str:
        """Return the address of a page that keeps the filters."""
        query = {**self.names, **more}
        text = urlencode({name: str(value) for name, value in query.items() if value})
        return f"{path}?{text}" if text else path


def filters_of(
    reason: Annotated[str, Query(max_length=100)] = "",
    provider: Annotated[str, Query(max_length=200)] = "",
    company: Annotated[str, Query(max_length=500)] = "",
) -> ReviewFilters:
    """Return the filters in the address of a page. Raises: UnknownValue, for a reason that is none."""
    return ReviewFilters(review_reason(reason) if reason else None, provider.strip() or None, company.strip() or None)


ReviewFiltersDep = Annotated[ReviewFilters, Depends(filters_of)]


class ComparedRecord(NamedTuple):
    """A record that is compared, and the side that it is on: A or B."""

    side: str
    record: RecordView


@router.get(REVIEWS, dependencies=[Depends(turn, scope="function")])
def show_reviews(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    filters: ReviewFiltersDep,
    cursor: Annotated[str, Query(max_length=500)] = "",
    group: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Return the open reviews, and one's own answers of the last day."""
    world = context.world
    found = list_reviews(world, PageRequest(A_PAGE, cursor or None), **filters.names)
    since = world.now() - RECENTLY
    return page(
        request,
        "reviews.html",
        found=found.data,
        following=filters.path(REVIEWS, cursor=found.next_cursor) if found.next_cursor else None,
        left=count_open(world, MOST_COUNTED, **filters.names),
        in_all=count_open(world, MOST_COUNTED) if filters.are_some else None,
        filters=filters,
        reasons=list(ReviewReason),
        may_answer=_may_answer(caller),
        recent=deciding.latest_by(world, caller.name, since, MOST_RECENT) if _may_answer(caller) else [],
        group=answering.find_group(world, group) if group else [],
    )


@router.get(f"{REVIEWS}/{{ref}}", dependencies=[Depends(turn, scope="function")])
def show_review(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    filters: ReviewFiltersDep,
    ref: str,
    answered: Annotated[str, Query(max_length=100)] = "",
    late: bool = False,
) -> Response:
    """Return the page on which a review is answered; one that is closed says who answered it, and how."""
    world = context.world
    try:
        review = _found(world, ref)
    except ReviewClosed as closed:
        decision = deciding.find_decision(world, closed.members["decisions"][0]["id"])
        return _closed(request, decision, filters, caller, is_news=late)
    chosen, left_out = _chosen(world, review)
    before, following = review_before(world, review, **filters.names), _following(world, review, filters)
    return page(
        request,
        "review.html",
        review=review,
        chosen=chosen,
        left_out=left_out,
        compared=compared([each.record for each in chosen]),
        previews=previews(world, review, caller.name),
        left=count_open(world, MOST_COUNTED, **filters.names),
        in_all=count_open(world, MOST_COUNTED) if filters.are_some else None,
        filters=filters,
        before=before and filters.path(f"{REVIEWS}/{_ref(before)}"),
        following=following and filters.path(f"{REVIEWS}/{following}"),
        may_answer=_may_answer(caller),
        answered=deciding.find_decision(world, answered) if answered else None,
        alike=len(answering.alike(world, review)),
        ref=_ref(review),
        here=filters.path(f"{REVIEWS}/{_ref(review)}"),
    )


@router.post(f"{REVIEWS}/{{ref}}", dependencies=[Depends(turn, scope="function")])
def answer(
    *,
    context: ContextDep,
    caller: CallerDep,
    filters: ReviewFiltersDep,
    ref: str,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Answer a review and lead to the next one; where somebody else was quicker, show what they said."""
    caller.require([Scope.STEWARD])
    world, verdict = context.world, verdict_of(fields)
    try:
        review = _found(world, ref)
        following = _following(world, review, filters)
        why = fields.get("why", "").strip() or _default_reason(review, verdict)
        made = answering.answer(world, review.id, verdict, caller.name, why)
    except ReviewClosed:
        return RedirectResponse(filters.path(f"{REVIEWS}/{ref}", late=LATE), 303)
    path = f"{REVIEWS}/{following}" if following else f"{REVIEWS}/{_ref(review)}"
    return RedirectResponse(filters.path(path, answered=made.decision.id), 303)


@router.get(f"{REVIEWS}/{{ref}}/alike", dependencies=[Depends(turn, scope="function")])
def show_alike(
    *, request: Request, context: ContextDep, caller: CallerDep, filters: ReviewFiltersDep, ref: str
) -> Response:
    """Return the reviews that are like one, to be answered at once."""
    try:
        review = _found(context.world, ref)
    except ReviewClosed:
        return RedirectResponse(filters.path(f"{REVIEWS}/{ref}"), 303)
    return _alike(request, context.world, caller, filters, review)


@router.post(f"{REVIEWS}/{{ref}}/alike", dependencies=[Depends(turn, scope="function")])
def answer_alike(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    filters: ReviewFiltersDep,
    ref: str,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Answer the chosen ones, all or none; or show what that would change."""
    caller.require([Scope.STEWARD])
    world = context.world
    ids = [name.removeprefix(CHOSEN) for name in fields if name.startswith(CHOSEN)]
    try:
        review = _found(world, ref)
    except ReviewClosed:
        return RedirectResponse(filters.path(f"{REVIEWS}/{ref}", late=LATE), 303)
    if "look" in fields:
        return _alike(request, world, caller, filters, review, ids)
    verdict = verdict_of(fields)
    try:
        why = fields.get("why", "").strip() or f"answered {len(ids)} reviews at once that were alike"
        made = answering.answer_alike(world, ids, verdict, caller.name, why)
    except (BadRequest, Conflict) as error:
        return _alike(request, world, caller, filters, review, ids, error)
    return RedirectResponse(filters.path(REVIEWS, group=made.group), 303)


@router.post("/take-back", dependencies=[Depends(turn, scope="function")])
def take_back(context: ContextDep, caller: CallerDep, fields: Annotated[FormFields, Depends(own_fields)]) -> Response:
    """Revoke an answer, or all that were given at once, and lead to the review that is open again."""
    caller.require([Scope.STEWARD])
    world = context.world
    if group := fields.get("group"):
        answering.take_back(world, group, caller.name, TAKEN_BACK)
        return RedirectResponse(f"{REVIEWS}?said=taken-back", 303)
    decision = deciding.revoke(world, fields.get("decision", ""), caller.name, TAKEN_BACK).decision
    try:
        return RedirectResponse(f"{REVIEWS}/{_ref(find_review(world, decision.review or ''))}?said=taken-back", 303)
    except (NotFound, Contradiction):
        return RedirectResponse(f"{REVIEWS}?said=taken-back", 303)


def _alike(  # noqa: PLR0913, PLR0917 - all of it is one request
    request: Request,
    world: World,
    caller: Caller,
    filters: ReviewFilters,
    review: ReviewView,
    ticked: Sequence[str] | None = None,
    refusal: ServiceError | None = None,
) -> Response:
    """The list of those that are like a review; `ticked`: those that are chosen, if not all."""
    found = answering.alike(world, review)
    chosen = [each.id for each in found if ticked is None or each.id in ticked]
    return page(
        request,
        "reviews_alike.html",
        refusal.status if refusal else 200,
        wrong=refusal and sentence_of(refusal),
        review=review,
        found=found,
        chosen=chosen,
        sums=sums(world, chosen, caller.name) if chosen else [],
        filters=filters,
        may_answer=_may_answer(caller),
    )


def _closed(
    request: Request, decision: DecisionView, filters: ReviewFilters, caller: Caller, *, is_news: bool
) -> Response:
    return page(
        request,
        "review_closed.html",
        decision=decision,
        filters=filters,
        may_answer=_may_answer(caller),
        is_news=is_news,
        is_own=decision.by == caller.name,
    )


def _found(world: World, ref: str) -> ReviewView:
    """A review by its number or its id. Raises: ReviewClosed; NotFound."""
    if ref.isascii() and ref.isdigit() and len(ref) <= LONGEST_NUMBER and world.visibility is None:
        return find_numbered(world, int(ref))
    return find_review(world, ref)


def _following(world: World, review: ReviewView, filters: ReviewFilters) -> str | None:
    """The next review by worth; behind the last one the first that is another."""
    for asked in (PageRequest(1, cursor_behind(review)), PageRequest(2)):
        for each in list_reviews(world, asked, **filters.names).data:
            if each.id != review.id:
                return _ref(each)
    return None


def _chosen(world: World, review: ReviewView) -> tuple[list[ComparedRecord], int]:
    """The records of both sides that are compared, and how many are left out."""
    sides = [_records(world, side) for side in (review.left, review.right)]
    of_left = min(len(sides[0]), MOST_COLUMNS - min(len(sides[1]), MOST_COLUMNS // 2))
    shown = [sides[0][:of_left], sides[1][: MOST_COLUMNS - of_left]]
    chosen = [ComparedRecord(name, each) for name, records in zip("AB", shown, strict=True) for each in records]
    return chosen, sum(map(len, sides)) - len(chosen)


def _records(world: World, side: Side) -> list[RecordView]:
    found = [each for device in side.devices for each in answers.device(world, device.id, RECORDS_ALONE)["records"]]
    by_key = {f"{each.provider}:{each.id}": each for each in found}
    return [by_key[key] for key in side.records if key in by_key]


def _ref(review: ReviewView) -> str:
    return str(review.number or review.id)


def _default_reason(review: ReviewView, verdict: Verdict) -> str:
    """Why, where a person writes nothing."""
    if review.proposal is None:
        return f"answered in the console: {verdict.label}"
    stands = "as proposed" if review.proposal.verdict is verdict else "against the proposal"
    return f"{stands}: {review.proposal.sentence}"[: deciding.LONGEST_TEXT]


def _may_answer(caller: Caller) -> bool:
    return Scope.STEWARD in caller.granted
