"""Explain why two records are one device, or why not."""

from typing import Annotated

from fastapi import APIRouter, Query

from matching.model import Key
from service.access.scopes import Scope
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, needs
from service.api.http.problems import responses
from service.api.schemas.explanations import ExplanationView
from service.api.schemas.stewardship import KEY_PATTERN
from service.devices.explaining import explain

router = APIRouter(tags=["devices"], dependencies=[needs(Scope.READ, answers_bound_keys=True)])

RecordKey = Annotated[
    str,
    Query(
        description="A record, as `provider:id`.",
        examples=["cw_manage:4711"],
        min_length=3,
        max_length=500,
        json_schema_extra={"pattern": KEY_PATTERN},
    ),
]


@router.get(
    "/explain",
    summary="Explain a pair of records",
    responses=responses(404, 422, ProblemCode.BAD_KEY, ProblemCode.BAD_DECISION),
)
def explain_pair(left: RecordKey, right: RecordKey, context: ContextDep) -> ExplanationView:
    """Return the evidence for and against, how it was weighed, and what would turn the answer round."""
    return ExplanationView.of(explain(context.world, Key.parse(left), Key.parse(right)))
