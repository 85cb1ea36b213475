"""The gaps of the report `coverage` on the first page: the report looks at every device, so what was read is kept."""

from typing import NamedTuple

from service.api.http.context import Context
from service.console.report_tables import ReadReports
from service.reports.catalogue.coverage import COVERAGE
from service.reports.catalogue.coverage.gaps import CoverageGap
from service.reports.context import ReportRequest
from service.reports.making import made_report

FEW = 5000
"""Records among which gaps are counted at once, in less than a tenth of a second."""


class CountedGaps(NamedTuple):
    """Devices in use that the PSA, or an RMM, does not list; None: it is not known."""

    unbilled: int | None
    unmanaged: int | None


def gaps(read_reports: ReadReports, context: Context, records: int) -> CountedGaps | None:
    """
    Return the gaps of the store as it is; None where they would take long to count.

    Args:
        read_reports: The reports that were read last; the picture of the coverage has read this one.
        context: What the report is made of.
        records: How many are stored.

    Raises:
        NeedsUnboundKey: The caller may see a part of the store.
    """
    wanted = ReportRequest()
    with made_report(context.world, context.report_rules, COVERAGE, wanted) as made:
        if records > FEW and not read_reports.has(made):
            return None
        totals = read_reports.read(made, wanted).totals
    by_gap = {each.gap: each.devices for each in totals.gaps}
    return CountedGaps(by_gap[CoverageGap.UNBILLED], by_gap[CoverageGap.UNMANAGED])
