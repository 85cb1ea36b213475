"""`/calibration`: what a held calibration, or the rules of a new version, would change, and putting it in force."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep, needs
from service.console.forms import FormFields, own_fields
from service.console.pages.recalibration import begun
from service.console.rendering import page
from service.core.errors import BadRequest, Conflict
from service.resolution.recalibration import drop, waiting
from service.server.turns import turn
from service.stewardship.recalibrating import acceptance
from service.store.resolved.changes import CauseKind

router = APIRouter(dependencies=[needs(Scope.READ)])

PATH = "/calibration"

SHOWN = 20
"""Lines of each kind, and devices, that are shown."""


@router.get(PATH, dependencies=[Depends(turn, scope="function")])
def show_calibration(request: Request, context: ContextDep, caller: CallerDep) -> Response:
    """Return what waits, with what it would change; where nothing does, a page that says so."""
    held = waiting(context.world)
    report = held.report if held else {}
    return page(
        request,
        "calibration.html",
        held=held,
        report=report,
        are_rules=CauseKind.RULES_CHANGED.value in report,
        differences=differences(report),
        becoming=list(report.get("first_changed", {}).items())[:SHOWN],
        may_decide=Scope.ADMIN in caller.granted,
    )


@router.post(PATH, dependencies=[Depends(turn, scope="function")])
def decide(context: ContextDep, caller: CallerDep, fields: Annotated[FormFields, Depends(own_fields)]) -> Response:
    """Put what waits in force, or drop it; one that another person has changed meanwhile is shown anew."""
    caller.require([Scope.ADMIN])
    held = waiting(context.world)
    if held is None or str(held.version) != fields.get("version"):
        raise Conflict("another calibration waits by now, or none; look at it first")
    answer = fields.get("answer")
    if answer == "accept":
        return begun(context, acceptance(held.version, caller.name), PATH)
    if answer == "drop":
        drop(context.world)
        return RedirectResponse(f"{PATH}?said=calibration-dropped", 303)
    raise BadRequest("accept it or drop it")


def differences(report: Mapping[str, Any]) -> list[tuple[str, int, list[str]]]:
    """Return what the report lists: a title, how many lines there are, and the first of them."""
    return [
        (name.replace("_", " ").capitalize(), lines["count"], list(lines["first"])[:SHOWN])
        for name, lines in report.items()
        if isinstance(lines, Mapping) and lines.get("count")
    ]
