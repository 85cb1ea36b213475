"""The change feed: what happened to all devices, in order."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response

from service.access.scopes import Scope
from service.api.http.answering import answered, read
from service.api.http.codes import ProblemCode
from service.api.http.context import Context, ContextDep, needs
from service.api.http.paging import LISTED, PAGED, Filter, PagingDep
from service.api.http.problems import responses
from service.api.http.waiting import LONGEST_WAIT, Waiting
from service.stewardship.feed import ChangeFilters, Feed, feed, feed_end, place_in_feed
from service.store.resolved.changes import ChangeKind
from service.store.resolved.customer_feeds import FeedEnd

T = TypeVar("T")

router = APIRouter(tags=["devices"], dependencies=[needs(Scope.READ, answers_bound_keys=True)])


@router.get(
    "/changes",
    summary="Read the change feed",
    response_model=Feed,
    responses={**responses(422, *LISTED, ProblemCode.CURSOR_GONE), **PAGED},
)
async def get_changes(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    paging: PagingDep,
    what: Annotated[
        Filter,
        Query(
            description=f"Only changes of these kinds, with commas: {', '.join(f'`{kind}`' for kind in ChangeKind)}.",
            examples=["merged,retired"],
        ),
    ] = None,
    company: Annotated[
        Filter, Query(description="Only changes of devices that are of this company before or after, by name.")
    ] = None,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for a change where there is none yet.")
    ] = 0,
) -> Response:
    """
    Return what happened, in the order in which it was stored; ask again with `cursor` set to `next_cursor`.

    Every change comes once, and none is missed. Without a cursor the feed begins with the oldest change that is kept;
    `cursor=now` begins at its end, and the `as_of` of a page of devices begins where that page was read. A cursor whose
    changes are forgotten is answered with 410 and the code `cursor-gone`: list all devices anew and go on from there.

    A key that is bound to customers has a feed of its own, which tells what happened to devices as the key sees them.
    It begins when the first key is bound to these customers, and its numbers count its own changes.
    """
    wanted = ChangeFilters.parse(what, company)
    asked = paging.asked
    look = partial(_look, request, context)
    end = partial(look, feed_end)
    place = await look(place_in_feed, asked)
    waiting: Waiting = request.app.state.waiting
    until = asyncio.get_running_loop().time() + wait
    found = await look(feed, place.after, asked.limit, wanted)
    while not found.data and await waiting.is_past(FeedEnd(place.list_name, found.seq), end, until, request):
        found = await look(feed, found.seq, asked.limit, wanted)
    return paging.leading(found.next_cursor, answered(found.model_dump(mode="json")))


async def _look(request: Request, context: Context, use_case: Callable[..., T], *arguments: object) -> T:
    """Read the store, and hold a turn (`server.turns`) for no longer than that."""
    async with request.app.state.turns.held(request.scope):
        return await read(context, use_case, *arguments)
