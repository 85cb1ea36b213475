"""`/syncs`: the providers and how fresh they are, the runs, what waits for a person, and syncs that are begun."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.access.scopes import Scope
from service.api.http.context import CallerDep, Context, ContextDep, needs
from service.console.forms import FormFields, own_fields
from service.console.rendering import page
from service.core.errors import BadRequest, NotFound
from service.core.paging import LARGEST_PAGE, PageRequest
from service.reports.sources import feed_sources
from service.resolution.recalibration import waiting
from service.server.turns import turn
from service.stewardship.run_changes import run_changes
from service.store.ingested.syncs import IMPORT, SyncMode, SyncStatus
from service.syncs.held import held_removals
from service.syncs.overview import list_providers
from service.syncs.runs import SyncOptions
from service.syncs.synclog import held_back, sync_run, sync_runs

router = APIRouter(dependencies=[needs(Scope.READ)])

SYNCS = "/syncs"

A_PAGE = 50
"""Runs of one page."""

MOST_CHANGES = 50
"""Changes of devices that the page of a run shows."""

MODES = (SyncMode.FULL, SyncMode.INCREMENTAL)
"""What may be asked for; else whichever is due."""

UNCONFIRMED = "Tick the box beside the button first: what is removed comes back only with a sync that brings it again."


@router.get(SYNCS, dependencies=[Depends(turn, scope="function")])
def show_syncs(
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    provider: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Return the providers with their health, and the runs, the latest first."""
    world = context.world
    runs = sync_runs(world, PageRequest(A_PAGE, cursor or None), provider=provider.strip() or None)
    providers = list_providers(world, PageRequest(LARGEST_PAGE)).data
    configured = context.syncs.providers
    return page(
        request,
        "syncs.html",
        runs=runs.data,
        next_cursor=runs.next_cursor,
        provider=provider.strip(),
        providers=providers,
        never_synced=[name for name in configured if name not in {each.name for each in providers}],
        sources=feed_sources(world, context.report_rules),
        configured=configured,
        may_sync=Scope.ADMIN in caller.granted,
        modes=MODES,
        waiting=waiting(world),
        held={each.provider: each.id for each in held_back(world)},
        files=IMPORT,
        is_running=any(each.status is SyncStatus.RUNNING for each in runs.data),
    )


@router.get(f"{SYNCS}/{{sync_id}}", dependencies=[Depends(turn, scope="function")])
def show_sync(
    *,
    sync_id: Annotated[str, Path(max_length=100)],
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    follow: bool = False,
) -> Response:
    """Return how far a run is or how it ended, what it changed, and what of it waits for a person."""
    run = sync_run(context.world, sync_id)
    held = held_removals(context.world, run.provider)
    return page(
        request,
        "sync.html",
        run=run,
        is_running=run.status is SyncStatus.RUNNING,
        follow=follow,
        held=held if held and held.run.id == run.id else None,
        changes=run_changes(context.world, run.id, run.started_at, MOST_CHANGES),
        most=MOST_CHANGES,
        may_sync=Scope.ADMIN in caller.granted and run.provider in context.syncs.providers,
    )


@router.post(SYNCS, dependencies=[Depends(turn, scope="function")])
def begin_syncs(context: ContextDep, caller: CallerDep, fields: Annotated[FormFields, Depends(own_fields)]) -> Response:
    """Begin to sync one provider or all that are configured, and lead to where the sync is followed."""
    caller.require([Scope.ADMIN])
    provider = fields.get("provider", "")
    mode = next((each for each in MODES if each.value == fields.get("mode")), None)
    ids = _begin(context, [provider] if provider else [], mode, accept_shrink=False)
    return RedirectResponse(f"{SYNCS}/{ids[0]}?follow=true" if len(ids) == 1 else SYNCS, 303)


@router.post(f"{SYNCS}/{{sync_id}}/let-through", dependencies=[Depends(turn, scope="function")])
def let_through(
    sync_id: Annotated[str, Path(max_length=100)],
    context: ContextDep,
    caller: CallerDep,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Read the provider of a held sync again, in full, and let the records go that do not come."""
    caller.require([Scope.ADMIN])
    run = sync_run(context.world, sync_id)
    held = held_removals(context.world, run.provider)
    if held is None or held.run.id != run.id:
        raise NotFound("that sync is not held any more")
    if "confirmed" not in fields:
        raise BadRequest(UNCONFIRMED)
    [begun] = _begin(context, [run.provider], SyncMode.FULL, accept_shrink=True)
    return RedirectResponse(f"{SYNCS}/{begun}?follow=true", 303)


def _begin(context: Context, providers: list[str], mode: SyncMode | None, *, accept_shrink: bool) -> list[str]:
    """Raises: Unprocessable; Busy; StoreError."""
    options = SyncOptions(mode, accept_shrink, context.sync_rules, context.max_change)
    prepared = context.syncs.prepare(context.world, providers, options)
    prepared.launch()
    return prepared.ids
