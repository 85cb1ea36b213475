"""The summary of a batch of reports: one HTML page that needs nothing from elsewhere, to be mailed or printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from service.reports.catalogue.coverage.totals import CoverageTotals
from service.reports.definition import Report
from service.reports.formats import Format
from service.reports.pictures.bars import Bar, bars_svg
from service.reports.pictures.coverage_svg import TITLE, coverage_svg
from service.reports.sources import FeedSource
from service.reports.totals import SingleTotal, cell_text, single_totals

HERE = Path(__file__).parent

SUMMARY = "summary.html"
"""The page's name beside the files of the reports."""


class Picture(NamedTuple):
    """A picture with its title; the SVG is ours, and all texts in it are escaped."""

    title: str
    svg: str


@dataclass(frozen=True)
class ReportOverview:
    """
    What the page shows of a report: its totals, how many rows it has, and the first of them.

    `warnings` are those of this report alone; `notes` say what it rests on beside the feeds.
    """

    report: Report[Any, Any]
    totals: Any
    rows: int
    first: Sequence[Any]
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def single_totals(self) -> list[SingleTotal]:
        """The totals that are numbers or words."""
        return list(single_totals(self.totals))

    @property
    def cells(self) -> Iterator[list[str]]:
        """The first rows, in the columns that people read first."""
        columns = self.report.columns_first_read
        return ([cell_text(getattr(row, column.name)) for column in columns] for row in self.first)

    @property
    def files(self) -> list[str]:
        """The names of the files beside the page."""
        return [f"{self.report.name}.{form}" for form in reversed(Format)]


def overview_page(
    at: datetime, sources: Sequence[FeedSource], warnings: Sequence[str], reports: Sequence[ReportOverview]
) -> str:
    """Return the page: what cannot be relied on first, then pictures, then each report."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("overview.html").render(
        at=at, sources=sources, warnings=warnings, reports=reports, pictures=pictures(reports)
    )


def pictures(reports: Sequence[ReportOverview]) -> list[Picture]:
    """Return the pictures of a batch."""
    title = "Rows by report"
    seen = [each.totals.combinations for each in reports if isinstance(each.totals, CoverageTotals)]
    return [
        Picture(title, bars_svg(title, [Bar(each.report.title, each.rows) for each in reports])),
        *(Picture(TITLE, coverage_svg(combinations)) for combinations in seen if combinations),
    ]
