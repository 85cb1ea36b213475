"""The reports that there are."""

from typing import Any

from service.core.choosing import unknown_value
from service.core.errors import NotFound
from service.reports.catalogue.companies import COMPANIES
from service.reports.catalogue.conflicts import CONFLICTS
from service.reports.catalogue.counts import COUNTS
from service.reports.catalogue.coverage import COVERAGE
from service.reports.catalogue.duplicates import DUPLICATES
from service.reports.catalogue.moves import MOVES
from service.reports.catalogue.new import NEW
from service.reports.catalogue.quarantine import QUARANTINE
from service.reports.catalogue.reviews import REVIEWS
from service.reports.catalogue.shared_identifiers import SHARED_IDENTIFIERS
from service.reports.catalogue.stale import STALE
from service.reports.definition import Report

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
