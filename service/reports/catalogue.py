"""The reports that there are."""

from typing import Any

from service.core.choosing import unknown_value
from service.core.errors import NotFound
from service.reports.companies import COMPANIES
from service.reports.conflicts import CONFLICTS
from service.reports.counts import COUNTS
from service.reports.coverage import COVERAGE
from service.reports.definition import Report
from service.reports.duplicates import DUPLICATES
from service.reports.moves import MOVES
from service.reports.new import NEW
from service.reports.quarantine import QUARANTINE
from service.reports.reviews import REVIEWS
from service.reports.shared_identifiers import SHARED_IDENTIFIERS
from service.reports.stale import STALE

IN_ORDER: tuple[Report[Any, Any], ...] = (
    *(DUPLICATES, COVERAGE, COUNTS, CONFLICTS, SHARED_IDENTIFIERS),
    *(STALE, COMPANIES, MOVES, NEW, REVIEWS, QUARANTINE),
)

REPORTS: dict[str, Report[Any, Any]] = {each.name: each for each in IN_ORDER}
"""Name -> report, in the order in which they are offered."""


def report_named(name: str) -> Report[Any, Any]:
    """Return a report. Raises: NotFound, with the nearest name and those that there are."""
    if (report := REPORTS.get(name)) is None:
        raise NotFound(str(unknown_value("report", name, REPORTS)))
    return report
