"""`/decisions/{id}`: a decision, what taking it back would change, and the form that does it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from matching.model import Key
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep
from service.console.answers import preview_revoking
from service.console.forms import FormFields, own_fields
from service.console.pages.decide import record_side
from service.console.rendering import page
from service.core.errors import NotFound
from service.server.turns import turn
from service.stewardship import deciding

router = APIRouter()

DecisionPath = Annotated[str, Path(max_length=100)]

NO_REASON = "taken back in the console"


@router.get("/decisions/{decision_id}", dependencies=[Depends(turn, scope="function")])
def show_decision(request: Request, context: ContextDep, caller: CallerDep, decision_id: DecisionPath) -> Response:
    """Return the page of a decision."""
    decision = deciding.find_decision(context.world, decision_id)
    return page(
        request,
        "decision.html",
        decision=decision,
        foreseen=None if decision.revoked_at else preview_revoking(context.world, decision),
        may_revoke=Scope.STEWARD in caller.granted,
    )


@router.post("/decisions/{decision_id}", dependencies=[Depends(turn, scope="function")])
def revoke(
    context: ContextDep,
    caller: CallerDep,
    decision_id: DecisionPath,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Take a decision back, and lead to the device that its first record is of."""
    caller.require([Scope.STEWARD])
    why = fields.get("why", "").strip() or NO_REASON
    decision = deciding.revoke(context.world, decision_id, caller.name, why).decision
    try:
        device_id = record_side(context.world, Key.parse(decision.left)).device["id"]
    except NotFound:  # the record went after the decision was made
        return RedirectResponse(f"/decisions/{decision.id}?said=revoked", 303)
    return RedirectResponse(f"/devices/{device_id}?said=revoked", 303)
