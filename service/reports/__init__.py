"""Batch reports: what they are called, and how one is made. They read the store and change nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from matching.policy import Policy
from service.core.errors import BadRequest, NotFound
from service.devices.lookup import DeviceView, all_devices
from service.reports.coverage import CoverageReport, CoverageRow, coverage
from service.reports.duplicates import DuplicateRow, DuplicatesReport, duplicates
from service.reports.formats import Document, Format, Row, as_csv, as_json
from service.store.world import World


@dataclass(frozen=True)
class Report:
    """A report: its name, who it is for, and what makes its rows and totals out of devices."""

    name: str
    description: str
    build: Callable[[Iterable[DeviceView], Policy], tuple[list[Any], Any]]
    row: type[Row]
    document: type[Document[Any, Any]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the CSV file, in order."""
        return tuple(self.row.model_fields)


REPORTS = {
    report.name: report
    for report in (
        Report(
            "duplicates",
            "Records that are surplus, inside a provider and across providers, and which one to keep.",
            duplicates,
            DuplicateRow,
            DuplicatesReport,
        ),
        Report(
            "coverage",
            "Devices in the RMM and not in the PSA (unbilled), and the other way round (unmanaged).",
            coverage,
            CoverageRow,
            CoverageReport,
        ),
    )
}


def run_report(world: World, name: str, format: str) -> bytes:
    """
    Return a report as the bytes of a file.

    Raises:
        NotFound: There is no report of that name; the sentence names those that there are.
        BadRequest: There is no such format.
    """
    if (report := REPORTS.get(name)) is None:
        raise NotFound(f"there is no such report; there are {', '.join(REPORTS)}")
    if format not in list(Format):
        raise BadRequest(f"reports are written as {' or '.join(Format)}")
    rows, totals = report.build(all_devices(world), world.policy)
    if format == Format.CSV:
        return as_csv(report.columns, rows)
    return as_json(report.document(report=name, generated_at=world.now(), totals=totals, rows=rows))
