"""`/reports`: what the data say is to be done, as pages and as files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from service.api.http.context import ContextDep
from service.api.http.report_files import OpenedDep, made_file, opened_report, report_file, tag_headers, unless_known
from service.console.rendering import page, streamed_page
from service.console.report_tables import NUMBERS, number_text
from service.console.uploads import Upload, own_upload
from service.core.errors import BadRequest
from service.reports.catalogue import REPORTS, report_named
from service.reports.catalogue.billing.billed import billed_text, read_billed
from service.reports.catalogue.counts import BILLED, COUNTS
from service.reports.catalogue.coverage import COVERAGE, SUGGEST
from service.reports.context import ReportRequest
from service.reports.definition import Report, ReportFilter
from service.reports.formats import Format
from service.reports.making import MadeReport
from service.reports.pictures.coverage_svg import coverage_svg
from service.reports.summary import summary
from service.server.turns import turn
from service.store.world import World

router = APIRouter()

LONGEST = 200
"""Characters of what a report is narrowed to."""

PURPOSES: Mapping[str, tuple[str, ...]] = {
    "Bill what is there": ("coverage", "counts", "new", "moves"),
    "Clean up": ("duplicates", "stale", "conflicts"),
    "Check what joins devices": ("reviews", "shared-identifiers", "companies"),
    "Mend the feeds": ("quarantine",),
}
"""What people read a report for -> the reports, those with most work first."""

FORMATS = tuple(reversed(Format))
"""The formats of a download, a spreadsheet first."""

LIGHT_INK, DARK_INK = "#1b1f24", "#e3e7ec"
"""Colours of a picture that is an image of its own, which does not know the colours of the page around it."""

KEPT = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
"""A browser asks each time whether the picture that it has is still right: to draw it takes a look at every device."""

NameInPath = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True)
class Asked:
    """What the form of a report asks for, as it was written; empty: nothing."""

    company: str = ""
    provider: str = ""
    type: str = ""
    since: str = ""
    all: bool = False
    suggest: bool = False

    @property
    def wanted(self) -> ReportRequest:
        """The same for a report. Raises: HTTPException, 422, for what is no time."""
        return ReportRequest(
            self.company.strip() or None,
            self.provider.strip() or None,
            self.type.strip() or None,
            _moment(self.since) if self.since.strip() else None,
            self.all,
            {SUGGEST: True} if self.suggest else {},
        )

    @property
    def query(self) -> str:
        """The same as the query of an address, with its question mark; empty where nothing is asked for."""
        written = {name: value for each in ReportFilter if (value := getattr(self, name := each.value).strip())}
        flags = {name: "true" for name in ("all", "suggest") if getattr(self, name)}
        return f"?{urlencode({**written, **flags})}" if written or flags else ""


FilterText = Annotated[str, Query(max_length=LONGEST)]


def _asked(  # noqa: PLR0913 - each is a field of the form
    *,
    company: FilterText = "",
    provider: FilterText = "",
    type: FilterText = "",
    since: FilterText = "",
    all: bool = False,
    suggest: bool = False,
) -> Asked:
    return Asked(company, provider, type, since, all, suggest)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/reports", dependencies=[Depends(turn, scope="function")])
def show_reports(request: Request, context: ContextDep) -> Response:
    """Return the reports by what they are for; where it is known at once, how much work there is."""
    is_bound = context.world.visibility is not None
    purposes = {
        purpose: [report for name in names if (report := REPORTS[name]).answers_bound_keys or not is_bound]
        for purpose, names in PURPOSES.items()
    }
    return page(request, "reports.html", purposes=purposes, rows={} if is_bound else _rows(context.world))


@router.get("/reports/coverage.svg")
def get_coverage_picture(request: Request, context: ContextDep, opened: OpenedDep, dark: bool = False) -> Response:
    """Return the picture of which feeds see how many devices, for a light page or a dark one."""
    made = opened_report(context, opened, COVERAGE, ReportRequest())
    if known := unless_known(request, made):
        return known
    totals = request.app.state.read_reports.read(made, ReportRequest()).totals
    svg = coverage_svg(totals.combinations).replace("<svg ", f'<svg color="{DARK_INK if dark else LIGHT_INK}" ', 1)
    return Response(svg, media_type="image/svg+xml", headers={**tag_headers(made), **KEPT})


@router.get("/reports/{name}.{form}")
def get_file(  # noqa: PLR0913, PLR0917 - all of it is one request
    name: NameInPath, form: Format, request: Request, context: ContextDep, asked: AskedDep, opened: OpenedDep
) -> Response:
    """Return a report as a file, with all rows and all columns."""
    return report_file(request, context, opened, report_named(name), form, asked.wanted)


@router.get("/reports/{name}")
def show_report(
    name: NameInPath, request: Request, context: ContextDep, asked: AskedDep, opened: OpenedDep
) -> Response:
    """Return how a report was made and its filters at once, and its totals and first rows when they are read."""
    report, wanted = report_named(name), asked.wanted
    return _page(request, opened_report(context, opened, report, wanted), wanted, asked)


@router.post("/reports/counts")
def compare_counts(
    upload: Annotated[Upload, Depends(own_upload)], request: Request, context: ContextDep, opened: OpenedDep
) -> Response:
    """Lay the counts beside a list of billed quantities, as a page or as a file; nothing of the list is stored."""
    fields = upload.fields
    content = upload.content or fields.get("text", "").encode()
    if not content.strip():
        raise BadRequest("choose a file, or paste the list of billed quantities")
    billed = read_billed(content)
    asked = Asked(fields.get("company", "")[:LONGEST], type=fields.get("type", "")[:LONGEST], all="all" in fields)
    wanted = replace(asked.wanted, options={BILLED: billed})
    made = opened_report(context, opened, COUNTS, wanted)
    if (form := fields.get("form", "")) in list(Format):
        return made_file(context, made, Format(form))
    return _page(request, made, wanted, asked, billed_text(content))


def _page(
    request: Request, made: MadeReport[Any, Any], wanted: ReportRequest, asked: Asked, billed: str = ""
) -> Response:
    report = made.report
    return streamed_page(
        request,
        "report.html",
        report=report,
        head=made.head,
        asked=asked,
        filters=[each for each in ReportFilter if each in report.filters],
        can_suggest=SUGGEST in report.options,
        takes_billed=BILLED in report.options,
        billed=billed,
        formats=FORMATS,
        read=partial(request.app.state.read_reports.read, made, wanted),
        number_text=number_text,
        number_types=NUMBERS,
        picture=_picture,
    )


def _picture(report: Report[Any, Any], totals: Any) -> Markup:
    """The picture of a report that has one; our own SVG, in which all texts are escaped."""
    has_one = report is COVERAGE and totals.combinations
    return Markup(coverage_svg(totals.combinations)) if has_one else Markup("")  # noqa: S704


def _rows(world: World) -> dict[str, int]:
    """How many rows some reports have, as far as it is counted without a look at every device."""
    found = summary(world)
    return {"reviews": found.reviews, "quarantine": found.quarantined}


def _moment(text: str) -> datetime:
    """A day or a time; without a zone it is UTC. Raises: HTTPException."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422, "write a day as 2026-11-01, or a time as 2026-11-01T08:00:00Z") from None
