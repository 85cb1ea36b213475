"""The questions that are left for a person."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matching.model import ReviewReason
from service.api.context import PAGED, ContextDep, link_next
from service.api.problems import responses
from service.api.schemas import OpenReview, ReviewPage
from service.stewardship.reasons import review_reason
from service.stewardship.reviewing import list_reviews

router = APIRouter(tags=["stewardship"])

Filter = Annotated[str | None, Query(max_length=200)]


@router.get("/reviews", summary="List reviews", responses={**responses(422), **PAGED})
def get_reviews(  # noqa: PLR0913 - a parameter a filter
    *,
    request: Request,
    response: Response,
    context: ContextDep,
    reason: Annotated[
        Filter, Query(description=f"Only reviews for this reason: {', '.join(ReviewReason)}.", examples=["clone"])
    ] = None,
    provider: Annotated[Filter, Query(description="Only reviews about a record of this provider.")] = None,
    company: Annotated[Filter, Query(description="Only reviews about a device of this company, by name.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Reviews a page.")] = 100,
    cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")] = None,
) -> ReviewPage:
    """
    Return a page of the open questions, the most worthwhile first, each with what would settle it.

    The header `Link` leads to the next page.
    """
    wanted = review_reason(reason) if reason is not None else None
    page = list_reviews(context.world, reason=wanted, provider=provider, company=company, limit=limit, after=cursor)
    link_next(request, response, page.next_cursor)
    return ReviewPage(data=[OpenReview.of(each) for each in page.items], next_cursor=page.next_cursor)
