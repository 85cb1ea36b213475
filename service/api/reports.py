"""Batch reports: as JSON for programs, as CSV and XLSX for spreadsheets."""

from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from service.access.scopes import Scope
from service.api.http.bodies import billed_body, described_billed
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, needs
from service.api.http.filters import Moment
from service.api.http.paging import Filter
from service.api.http.problems import responses
from service.api.http.report_files import OpenedDep, made_file, opened_report, report_file
from service.api.schemas.reports import DOCUMENTS, ReportColumn, ReportInfo, Reports
from service.reports.catalogue import REPORTS, report_named
from service.reports.catalogue.billing.billed import BilledList
from service.reports.catalogue.counts import BILLED, COUNTS
from service.reports.catalogue.coverage import SUGGEST
from service.reports.context import ReportRequest
from service.reports.definition import Report
from service.reports.formats import Format

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[needs(Scope.READ, answers_bound_keys=True)])


@router.get("", summary="List reports")
def list_reports() -> Reports:
    """Return the reports that there are, with their columns and what they can be narrowed to."""
    return Reports(data=[_info(report) for report in REPORTS.values()])


def _info(report: Report[Any, Any]) -> ReportInfo:
    return ReportInfo(
        name=report.name,
        title=report.title,
        description=report.description,
        explanation=report.explanation,
        columns=[column.name for column in report.columns],
        cells=[ReportColumn.of(column) for column in report.columns],
        filters=sorted(report.filters),
        formats=list(Format),
    )


def _wanted(  # noqa: PLR0913 - each is a parameter of the call
    *,
    company: Annotated[Filter, Query(description="Only devices of this customer, by name.", examples=["Acme"])] = None,
    provider: Annotated[Filter, Query(description="Only what is about records of this provider.")] = None,
    type: Annotated[Filter, Query(description="Only devices of this type.", examples=["Server"])] = None,
    since: Annotated[
        Moment | None,
        Query(description="Only what happened then or later.", examples=["2026-10-01T00:00:00Z"]),
    ] = None,
    all: Annotated[bool, Query(description="Also the rows that ask for nothing.")] = False,
    suggest: Annotated[
        bool,
        Query(
            description=(
                "Of `coverage`: instead of the gaps the PSA's rows without any identifier, and what they may be: up to"
                " five rows each."
            )
        ),
    ] = False,
) -> ReportRequest:
    """Return what of a report is wanted; a filter that it does not have is answered with 400."""
    return ReportRequest(company, provider, type, since, all, {SUGGEST: True} if suggest else {})


WantedDep = Annotated[ReportRequest, Depends(_wanted)]
ReportName = Annotated[str, Path(description="A report's name.", max_length=100, examples=["duplicates"])]

HEADERS = {
    "Content-Disposition": {"description": "The file's name", "schema": {"type": "string"}},
    "ETag": {
        "description": "What it was made of; absent for a key that is bound to customers",
        "schema": {"type": "string"},
    },
}
_ERRORS = responses(304, 403, 404, 422, ProblemCode.UNKNOWN_VALUE, ProblemCode.NEEDS_UNBOUND_KEY)


def _as_file(form: Format, schema: dict[str, str]) -> dict[int | str, dict[str, Any]]:
    return {
        **_ERRORS,
        200: {
            "description": "The report as a file",
            "content": {form.media_type.partition(";")[0]: {"schema": schema}},
            "headers": HEADERS,
        },
    }


COUNTS_ANSWER: dict[str, Any] = {
    "description": "The report",
    "model": DOCUMENTS[COUNTS.name],
    "content": {
        Format.CSV.media_type.partition(";")[0]: {"schema": {"type": "string"}},
        Format.XLSX.media_type: {"schema": {"type": "string", "format": "binary"}},
    },
    "headers": {"Content-Disposition": HEADERS["Content-Disposition"]},
}


@router.get(
    "/{name}.csv",
    summary="Get a report as CSV",
    response_class=Response,
    responses=_as_file(Format.CSV, {"type": "string"}),
)
def get_report_as_csv(
    name: ReportName, request: Request, context: ContextDep, wanted: WantedDep, opened: OpenedDep
) -> Response:
    """Return the rows of a report for a spreadsheet; the first line names the columns. No cell is run as a formula."""
    return report_file(request, context, opened, report_named(name), Format.CSV, wanted)


@router.get(
    "/{name}.xlsx",
    summary="Get a report as XLSX",
    response_class=Response,
    responses=_as_file(Format.XLSX, {"type": "string", "format": "binary"}),
)
def get_report_as_xlsx(
    name: ReportName, request: Request, context: ContextDep, wanted: WantedDep, opened: OpenedDep
) -> Response:
    """Return a report as a workbook: the rows, and a sheet that says what they mean and how they were made."""
    return report_file(request, context, opened, report_named(name), Format.XLSX, wanted)


@router.get(
    "/{name}",
    summary="Get a report",
    responses={
        **_ERRORS,
        200: {"description": "The report", "model": reduce(or_, DOCUMENTS.values()), "headers": HEADERS},
    },
)
def get_report(
    name: ReportName, request: Request, context: ContextDep, wanted: WantedDep, opened: OpenedDep
) -> Response:
    """Return a report over what is in the store now: how it was made, its rows, and what they add up to."""
    return report_file(request, context, opened, report_named(name), Format.JSON, wanted)


@router.post(
    "/counts",
    summary="Compare counts with billed quantities",
    responses={**responses(413, 415, 422, ProblemCode.MALFORMED_BODY, ProblemCode.UNKNOWN_VALUE), 200: COUNTS_ANSWER},
    openapi_extra=described_billed(),
)
def compare_counts(
    billed: Annotated[BilledList, Depends(billed_body)],
    context: ContextDep,
    wanted: WantedDep,
    opened: OpenedDep,
    format: Annotated[Format, Query(description="What the report is written as.")] = Format.JSON,
) -> Response:
    """
    Lay the report `counts` beside what is billed; nothing of that is stored.

    In a CSV file the columns `company`, `product` and `quantity`, and `price` where there are prices, are found by
    these and by other usual names. A line that cannot be read is a row of the report that says why.
    """
    wanted = replace(wanted, options={**wanted.options, BILLED: billed})
    return made_file(context, opened_report(context, opened, COUNTS, wanted), format)
