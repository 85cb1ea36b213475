"""Batch reports as JSON and CSV."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.access.scopes import Scope
from service.api.context import ContextDep, needs
from service.api.problems import responses
from service.api.schemas.reports import ReportInfo, Reports
from service.reports import REPORTS, run_report
from service.reports.coverage import CoverageReport
from service.reports.duplicates import DuplicatesReport
from service.reports.formats import Format

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[needs(Scope.READ)])


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


@router.get(
    "/{name}",
    summary="Get a report",
    responses={
        **responses(404, 422),
        200: {
            "description": "The report as a file",
            "model": DuplicatesReport | CoverageReport,
            "content": {"text/csv": {"schema": {"type": "string"}}},
            "headers": {"Content-Disposition": {"description": "The file's name", "schema": {"type": "string"}}},
        },
    },
)
def get_report(
    name: Annotated[str, Path(description="A report's name.", max_length=100, examples=["duplicates"])],
    context: ContextDep,
    format: Annotated[Format, Query(description="What to write it as.")] = Format.JSON,
) -> Response:
    """Return the report over everything in the store now, in an order that does not change."""
    body = run_report(context.world, name, format)
    file_name = f"samebox-{name}-{context.world.now():%Y-%m-%d}.{format}"
    return Response(
        body, media_type=format.media_type, headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )
