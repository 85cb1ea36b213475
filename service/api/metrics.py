"""Metrics for Prometheus."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from service.access.scopes import Scope
from service.api.http.context import ContextDep, needs
from service.api.http.problems import responses
from service.reports.metrics import metrics

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=PlainTextResponse,
    responses=responses(401, 403, 421, 429, 500, 503),
    dependencies=[needs(Scope.READ)],
)
def get_metrics(context: ContextDep) -> Response:
    """Return how much there is of what, and what waits for a person, in Prometheus' text format; it needs a key."""
    return Response(metrics(context.world), media_type=CONTENT_TYPE_PLAIN_0_0_4)
