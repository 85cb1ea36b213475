"""`/recalibrations/{id}`: what somebody put in force, which takes a while, and how far that is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.access.scopes import Scope
from service.api.http.context import Context, ContextDep, needs
from service.console.rendering import page
from service.server.turns import turn
from service.stewardship.learnt import learnt_in_force
from service.stewardship.recalibrating import Recalibrating, RecalibrationState, find_recalibration
from service.store.resolved.recalibrations import RecalibrationKind

router = APIRouter(dependencies=[needs(Scope.READ)])

PATH = "/recalibrations"

RECORDS_A_SECOND = 4_000
"""Records that are measured and resolved in a second, about: what the page says of the time goes by it."""

SAID: Mapping[RecalibrationKind, str] = MappingProxyType(
    {
        RecalibrationKind.CORRECTION: "corrected",
        RecalibrationKind.REVOCATION: "correction-revoked",
        RecalibrationKind.ACCEPTANCE: "calibration-accepted",
    }
)
"""What the page says that it leads back to."""

BACK: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "customers": ("/customers", "Customers"),
        "shared-identifiers": ("/shared-identifiers", "Shared identifiers"),
        "calibration": ("/calibration", "Calibration"),
        "policy": ("/policy", "Policy"),
    }
)
"""The pages that may be led back to, by a word in the query."""


def begun(context: Context, wanted: Recalibrating, back: str) -> Response:
    """Begin to put something in force, and lead to where it is followed. Raises: Busy; StoreError."""
    recalibration_id = context.recalibrations.begin(context.world, wanted)
    return RedirectResponse(f"{PATH}/{recalibration_id}?follow=true&back={back.removeprefix('/')}", 303)


@router.get(f"{PATH}/{{recalibration_id}}", dependencies=[Depends(turn, scope="function")])
def show_recalibration(
    *,
    recalibration_id: Annotated[str, Path(max_length=100)],
    request: Request,
    context: ContextDep,
    follow: bool = False,
    back: Annotated[str, Query(max_length=50)] = "policy",
) -> Response:
    """Return how far it is or how it ended; whoever follows one that ended well is led back to where they were."""
    found = find_recalibration(context.world, recalibration_id)
    path, name = BACK.get(back, BACK["policy"])
    if follow and found.state is RecalibrationState.SUCCEEDED:
        changed = found.stored.devices_changed
        return RedirectResponse(f"{path}?said={SAID[found.stored.kind]}&changed={changed}", 303)
    learnt = learnt_in_force(context.world)
    return page(
        request,
        "recalibration.html",
        found=found,
        is_running=found.state is RecalibrationState.RUNNING,
        follow=follow,
        seconds=round((learnt.records if learnt else 0) / RECORDS_A_SECOND),
        back=path,
        back_name=name,
        own=f"{request.url.path}?back={back}" if back in BACK else request.url.path,
    )
