"""Reports as files over HTTP: a report is read while it is sent, and its turn is held until then."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from service.api.http.answering import is_known
from service.api.http.context import Context
from service.reports.context import ReportRequest
from service.reports.definition import Report, RowT, TotalsT
from service.reports.formats import Format, chunks
from service.reports.making import MadeReport, made_report


async def _until_answered(request: Request) -> AsyncIterator[ExitStack]:
    """Hold the turn of a report, and what the endpoint opens, until the whole answer is taken."""
    async with request.app.state.turns.held(request.scope):
        opened = ExitStack()
        try:
            yield opened
        finally:
            await run_in_threadpool(opened.close)


OpenedDep = Annotated[ExitStack, Depends(_until_answered, scope="request")]


def opened_report(
    context: Context, opened: ExitStack, report: Report[RowT, TotalsT], wanted: ReportRequest
) -> MadeReport[RowT, TotalsT]:
    """Make a report that stays open until the answer is taken. Raises: what `made_report` does."""
    return opened.enter_context(made_report(context.world, context.report_rules, report, wanted))


def report_file(  # noqa: PLR0913, PLR0917 - all of it is one request
    request: Request,
    context: Context,
    opened: ExitStack,
    report: Report[Any, Any],
    form: Format,
    wanted: ReportRequest,
) -> Response:
    """Return a report as a file, or 304 where the caller has the same one. Raises: what `made_report` does."""
    made = opened_report(context, opened, report, wanted)
    if known := unless_known(request, made):
        return known
    answer = made_file(context, made, form)
    answer.headers.update(tag_headers(made))
    return answer


def unless_known(request: Request, made: MadeReport[Any, Any]) -> Response | None:
    """Return 304 where the caller has what would be made of the same rows."""
    headers = tag_headers(made)
    return Response(status_code=304, headers=headers) if headers and is_known(request, headers["ETag"]) else None


def tag_headers(made: MadeReport[Any, Any]) -> dict[str, str]:
    """Return the header by which a caller knows the rows again; none for one who may see a part of the store."""
    return {"ETag": f'W/"{made.tag}"'} if made.tag else {}


def made_file(context: Context, made: MadeReport[Any, Any], form: Format) -> Response:
    """Return a report that is open as a file, with the name under which to save it."""
    name = f"samebox-{made.report.name}-{context.world.now():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(chunks(made, form), media_type=form.media_type, headers=headers)
