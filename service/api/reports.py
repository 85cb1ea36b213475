"""Batch reports as JSON and CSV."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.access.scopes import Scope
from service.api.http.context import Context, ContextDep, needs
from service.api.http.problems import responses
from service.api.schemas.reports import ReportInfo, Reports
from service.reports import REPORTS, run_report
from service.reports.coverage import CoverageReport
from service.reports.duplicates import DuplicatesReport
from service.reports.formats import Format

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[needs(Scope.READ, answers_bound_keys=True)])


@router.get("", summary="List reports")
def list_reports() -> Reports:
    """Return the reports that there are, with their columns."""
    return Reports(
        data=[
            ReportInfo(
                name=report.name, description=report.description, columns=list(report.columns), formats=list(Format)
            )
            for report in REPORTS.values()
        ]
    )


ReportName = Annotated[str, Path(description="A report's name.", max_length=100, examples=["duplicates"])]
FILE_NAME = {"Content-Disposition": {"description": "The file's name", "schema": {"type": "string"}}}


@router.get(
    "/{name}.csv",
    summary="Get a report as CSV",
    response_class=Response,
    responses={
        **responses(404, 422),
        200: {
            "description": "The report as a file",
            "content": {"text/csv": {"schema": {"type": "string"}}},
            "headers": FILE_NAME,
        },
    },
)
def get_report_as_csv(name: ReportName, context: ContextDep) -> Response:
    """Return the rows of a report for a spreadsheet, in an order that does not change; the first line names columns."""
    return _file(context, name, Format.CSV)


@router.get(
    "/{name}",
    summary="Get a report",
    responses={
        **responses(404, 422),
        200: {"description": "The report", "model": DuplicatesReport | CoverageReport, "headers": FILE_NAME},
    },
)
def get_report(name: ReportName, context: ContextDep) -> Response:
    """Return a report over everything in the store now, with its totals, in an order that does not change."""
    return _file(context, name, Format.JSON)


def _file(context: Context, name: str, form: Format) -> Response:
    body = run_report(context.world, name, form)
    file_name = f"samebox-{name}-{context.world.now():%Y-%m-%d}.{form}"
    return Response(
        body, media_type=form.media_type, headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )
