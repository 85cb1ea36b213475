"""Reviews: list the questions that the rules leave to a person."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from matching.model import ReviewReason
from service.access.scopes import Scope
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, needs
from service.api.http.paging import LISTED, PAGED, Filter, PagingDep
from service.api.http.problems import responses
from service.api.schemas.stewardship import OpenReview
from service.core.paging import Page
from service.core.shapes import ShownAs
from service.stewardship.reasons import review_reason
from service.stewardship.visible_reviews import find_review, list_reviews

router = APIRouter(tags=["stewardship"], dependencies=[needs(Scope.READ, answers_bound_keys=True)])


@router.get("/reviews", summary="List reviews", responses={**responses(422, *LISTED), **PAGED})
def get_reviews(
    *,
    context: ContextDep,
    paging: PagingDep,
    reason: Annotated[
        Filter, ShownAs(ReviewReason), Query(description="Only reviews for this reason.", examples=["clone"])
    ] = None,
    provider: Annotated[Filter, Query(description="Only reviews about a record of this provider.")] = None,
    company: Annotated[Filter, Query(description="Only reviews about a device of this company, by name.")] = None,
) -> Page[OpenReview]:
    """
    Return a page of the open questions, the most worthwhile first, each with the calls that would answer it.

    The header `Link` leads to the next page.
    """
    wanted = review_reason(reason) if reason is not None else None
    found = list_reviews(context.world, paging.asked, reason=wanted, provider=provider, company=company)
    data = [OpenReview.of(each) for each in found.data]
    return paging.linked(Page(data=data, next_cursor=found.next_cursor))


@router.get("/reviews/{review_id}", summary="Get a review", responses=responses(404, 422, ProblemCode.REVIEW_CLOSED))
def get_review(
    review_id: Annotated[str, Path(description="A review's id.", max_length=100)], context: ContextDep
) -> OpenReview:
    """
    Return an open question, with the calls that would answer it.

    One that was answered is a 410 with the code `review-closed`, and the problem has the decision in `decisions`.
    """
    return OpenReview.of(find_review(context.world, review_id))
