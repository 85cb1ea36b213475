"""`/`: what there is, and what waits for a person."""

from fastapi import APIRouter, Depends, Request, Response

from service.api.http.context import ContextDep
from service.console.access import HOME
from service.console.counted_gaps import gaps
from service.console.rendering import page
from service.reports.dashboard import dashboard
from service.reports.sources import feed_sources
from service.server.turns import turn

router = APIRouter()


@router.get(HOME, dependencies=[Depends(turn, scope="function")])
def show_home(request: Request, context: ContextDep) -> Response:
    """Return the first page."""
    found = dashboard(context.world)
    whole = found.whole
    sources = feed_sources(context.world, context.report_rules) if whole else {}
    counted = gaps(request.app.state.read_reports, context, whole.summary.records) if whole else None
    return page(request, "home.html", found=found, sources=sources, gaps=counted)
