"""Decisions: make, preview, list and revoke them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from matching.model import Decision, Key
from service.access.callers import Caller
from service.access.scopes import Scope
from service.api.http.codes import ProblemCode
from service.api.http.context import CallerDep, ContextDep, ScopeFirst, json_only, needs
from service.api.http.idempotency import ONCE, OnceDep, PayloadDep, WriteAnswer, replayable
from service.api.http.paging import PAGED, PagingDep
from service.api.http.problems import responses
from service.api.schemas.stewardship import WantedDecision, Words
from service.core.paging import Page
from service.stewardship import deciding
from service.stewardship.deciding import DecisionView
from service.stewardship.previewing import Preview
from service.stewardship.visible_preview import preview
from service.stewardship.visible_reviews import pair
from service.store.world import World

router = APIRouter(prefix="/decisions", route_class=ScopeFirst, tags=["stewardship"])

REFUSALS = (
    *(404, 413, 415, 422),
    *(ProblemCode.MALFORMED_BODY, ProblemCode.BAD_KEY, ProblemCode.CONTRADICTION, ProblemCode.REVIEW_ANSWERED),
    *(ProblemCode.BAD_DECISION, ProblemCode.WRITER_BUSY),
)
"""What a decision may be answered with, made or previewed."""

DecisionId = Annotated[str, Path(description="A decision's id.", max_length=100)]


@router.get(
    "",
    summary="List decisions",
    responses={**responses(422, ProblemCode.UNKNOWN_CURSOR), **PAGED},
    dependencies=[needs(Scope.READ, answers_bound_keys=True)],
)
def list_decisions(
    *,
    context: ContextDep,
    paging: PagingDep,
    revoked: Annotated[bool, Query(description="Whether to list those that were taken back as well.")] = False,
) -> Page[DecisionView]:
    """Return a page of the decisions that stand, with who made them, when and why."""
    return paging.linked(deciding.list_decisions(context.world, paging.asked, revoked=revoked))


@router.post(
    "",
    summary="Decide",
    status_code=201,
    response_model=DecisionView,
    responses={
        **responses(*REFUSALS, *ONCE),
        **replayable(201),
        **replayable(200, description="It stood already", model=DecisionView),
    },
    dependencies=[needs(Scope.STEWARD, answers_bound_keys=True), Depends(json_only)],
)
def make_decision(wanted: WantedDecision, payload: PayloadDep, caller: CallerDep, once: OnceDep) -> Response:
    """
    Join two records for good, or part them, until it is revoked; the devices follow at once.

    The same decision again is answered with the one that stands, and 200, and so is the same answer to a review that
    somebody else has answered. One that contradicts others is refused, and the problem names all of them in
    `decisions`; so is another answer to a review that is answered already, with the code `review-answered`.
    """

    def decide(world: World) -> WriteAnswer:
        made = deciding.decide(world, _decision(wanted, world, caller))
        return WriteAnswer(201 if made.is_new else 200, made.decision)

    return once.answer(payload, decide)


@router.post(
    "/preview",
    summary="Preview a decision",
    responses=responses(*REFUSALS),
    dependencies=[needs(Scope.READ, answers_bound_keys=True), Depends(json_only)],
)
def preview_decision(wanted: WantedDecision, context: ContextDep, caller: CallerDep) -> Preview:
    """Tell what a decision would do: which devices would merge or split, which values change, which reviews close."""
    return preview(context.world, _decision(wanted, context.world, caller))


@router.get(
    "/{decision_id}",
    summary="Get a decision",
    responses=responses(404, 422),
    dependencies=[needs(Scope.READ, answers_bound_keys=True)],
)
def get_decision(decision_id: DecisionId, context: ContextDep) -> DecisionView:
    """Return a decision, also one that was taken back."""
    return deciding.find_decision(context.world, decision_id)


@router.delete(
    "/{decision_id}",
    summary="Revoke a decision",
    responses=responses(404, 422, ProblemCode.BAD_DECISION, ProblemCode.WRITER_BUSY),
    dependencies=[needs(Scope.STEWARD, answers_bound_keys=True)],
)
def revoke_decision(
    decision_id: DecisionId,
    context: ContextDep,
    caller: CallerDep,
    why: Annotated[Words, Query(description="The reason, for whoever asks later.")],
    by: Annotated[
        Words | None, Query(description="Who revokes, where no key is asked for; a key's name outweighs it.")
    ] = None,
) -> DecisionView:
    """Take a decision back: nothing that rested on it alone stays. It is kept, with who took it back, when and why."""
    return deciding.revoke(context.world, decision_id, _decider(caller, by), why).decision


def _decision(wanted: WantedDecision, world: World, caller: Caller) -> Decision:
    if wanted.review is not None:
        left, right = pair(world, wanted.review, wanted.verdict)
    else:
        left, right = Key.parse(wanted.left or ""), Key.parse(wanted.right or "")
    return Decision(wanted.verdict, left, right, _decider(caller, wanted.by), wanted.why)


def _decider(caller: Caller, named: str | None) -> str:
    """Who decides: the key where one was shown, so that nobody decides in another's name."""
    return caller.name if caller.key_id or not named else named
