"""The reports that there are."""

from typing import Any

from service.core.choosing import unknown_value
from service.core.errors import NotFound
from service.reports.counts import COUNTS
from service.reports.coverage import COVERAGE
from service.reports.definition import Report
from service.reports.duplicates import DUPLICATES
from service.reports.stale import STALE

REPORTS: dict[str, Report[Any, Any]] = {each.name: each for each in (DUPLICATES, COVERAGE, COUNTS, STALE)}
"""Name -> report, in the order in which they are offered."""


def report_named(name: str) -> Report[Any, Any]:
    """Return a report. Raises: NotFound, with the nearest name and those that there are."""
    if (report := REPORTS.get(name)) is None:
        raise NotFound(str(unknown_value("report", name, REPORTS)))
    return report
