"""`/quarantine`: the rows of which no record could be made."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from service.access.scopes import Scope
from service.api.http.context import ContextDep, needs
from service.console.rendering import page
from service.core.paging import LARGEST_PAGE, PageRequest
from service.server.turns import turn
from service.store.ingested.syncs import IMPORT
from service.syncs.overview import list_providers
from service.syncs.quarantine import quarantine_page

router = APIRouter(dependencies=[needs(Scope.READ)])

A_PAGE = 100
"""Rows of one page."""


@router.get("/quarantine", dependencies=[Depends(turn, scope="function")])
def show_quarantine(
    *,
    request: Request,
    context: ContextDep,
    provider: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Return a page of the rows, of one provider or of all, with the reason and the beginning of each."""
    wanted = provider.strip()
    rows = quarantine_page(context.world, PageRequest(A_PAGE, cursor or None), provider=wanted or None)
    names = [each.name for each in list_providers(context.world, PageRequest(LARGEST_PAGE)).data]
    return page(
        request,
        "quarantine.html",
        rows=rows.data,
        next_cursor=rows.next_cursor,
        provider=wanted,
        providers=[*names, IMPORT],
    )
