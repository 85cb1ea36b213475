"""Syncs: start them, and follow their runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from service.access.scopes import Scope
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, ScopeFirst, json_only, needs
from service.api.http.idempotency import ONCE, OnceDep, PayloadDep, WriteAnswer, replayable
from service.api.http.paging import LISTED, PAGED, PagingDep
from service.api.http.problems import responses
from service.api.schemas.syncs import SyncRequest, SyncsBegun
from service.core.errors import Unprocessable
from service.core.paging import Page
from service.store.world import World
from service.syncs.background import Prepared
from service.syncs.runs import SyncOptions
from service.syncs.synclog import SyncView, sync_run, sync_runs

router = APIRouter(prefix="/syncs", route_class=ScopeFirst, tags=["syncs"])

TEXT = {"type": "string"}


@router.post(
    "",
    status_code=202,
    summary="Begin syncs",
    dependencies=[needs(Scope.ADMIN), Depends(json_only)],
    response_model=SyncsBegun,
    responses={
        **responses(413, 415, 422, *ONCE, ProblemCode.MALFORMED_BODY, ProblemCode.BUSY, ProblemCode.WRITER_BUSY),
        **replayable(202, headers={"Location": {"description": "Where to follow the first", "schema": TEXT}}),
    },
)
def begin_syncs(
    asked: SyncRequest, payload: PayloadDep, request: Request, context: ContextDep, once: OnceDep
) -> Response:
    """
    Begin to sync providers beside the service, all of them or none, and answer at once.

    They run until they end or the service stops. A sync that is interrupted so is resumed by the next one.
    """
    if asked.accept_shrink and not asked.providers:
        raise Unprocessable("accept_shrink needs the providers that may shrink")
    options = SyncOptions(asked.mode, asked.accept_shrink, context.sync_rules, context.max_change)
    noted: list[Prepared] = []

    def begin(world: World) -> WriteAnswer:
        prepared = context.syncs.prepare(world, asked.providers or (), options)
        noted.append(prepared)
        where = request.app.url_path_for("get_sync", sync_id=prepared.ids[0])
        return WriteAnswer(202, SyncsBegun(data=[sync_run(world, each) for each in prepared.ids]), where)

    answer = once.answer(payload, begin)
    for prepared in noted:  # none where the answer was given before
        prepared.launch()
    return answer


@router.get("/{sync_id}", summary="Get a sync", responses=responses(404, 422), dependencies=[needs(Scope.READ)])
def get_sync(
    sync_id: Annotated[str, Path(description="A sync's id.", max_length=100)], context: ContextDep
) -> SyncView:
    """Return how far a sync is, or how it ended."""
    return sync_run(context.world, sync_id)


@router.get(
    "",
    summary="List syncs",
    responses={**responses(422, *LISTED), **PAGED},
    dependencies=[needs(Scope.READ)],
)
def list_syncs(
    *,
    context: ContextDep,
    paging: PagingDep,
    provider: Annotated[
        str | None, Query(max_length=200, description="Only syncs of this provider; `import`: of files.")
    ] = None,
) -> Page[SyncView]:
    """Return a page of syncs and imports, the latest first; the header `Link` leads to the next one."""
    return paging.linked(sync_runs(context.world, paging.asked, provider=provider))
