"""The change feed: what happened to all devices, in order."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.access.scopes import Scope
from service.api.context import ContextDep, needs
from service.api.problems import responses
from service.stewardship.feed import LARGEST_NUMBER, Feed, feed

router = APIRouter(tags=["devices"], dependencies=[needs(Scope.READ)])


@router.get("/changes", summary="Read the change feed", responses=responses(422))
def get_changes(
    context: ContextDep,
    after: Annotated[
        int, Query(ge=0, le=LARGEST_NUMBER, description="`next` of the answer before; 0: from the beginning.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="Changes in one answer.")] = 100,
) -> Feed:
    """
    Return what happened after a change, in the order in which it was stored.

    Ask again with `after` set to `next`: every change comes once, and what is stored later has a greater number.
    """
    return feed(context.world, after, limit)
