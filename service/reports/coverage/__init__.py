"""
Find the devices that one feed lists and another does not, across all feeds and both ways.

An agent without a configuration in the PSA is work that nobody bills; a configuration without an agent is billed and
not looked after; an agent without EDR or backup is a promise not kept. Devices that lack nothing are counted.
"""

from collections.abc import Iterator

from service.reports.context import ReportContext
from service.reports.coverage.gaps import FeedRoles, GapFinder
from service.reports.coverage.rows import CoverageRow, coverage_row, place_of
from service.reports.coverage.totals import CoverageCounter, CoverageTotals
from service.reports.definition import Made, Report
from service.reports.devices import devices


def coverage(context: ReportContext) -> Made[CoverageRow, CoverageTotals]:
    """Return the devices with a gap, most worth first; with `all` every device in use, in order of id."""
    roles = FeedRoles(context.sources.values())
    counter = CoverageCounter(roles, context.rules)
    return Made(_rows(context, roles, counter), counter.totals)


def _rows(context: ReportContext, roles: FeedRoles, counter: CoverageCounter) -> Iterator[CoverageRow]:
    found = _counted(context, GapFinder(roles, context.policy), counter)
    if context.wanted.all:
        yield from found
    else:
        yield from sorted(found, key=lambda row: place_of(row, context))


def _counted(context: ReportContext, finder: GapFinder, counter: CoverageCounter) -> Iterator[CoverageRow]:
    """Count every device, and yield a row for those with a gap, or for all that are in use."""
    role = context.rules.role
    for device in devices(context):
        live = device.live(context)
        if not live:
            counter.out_of_use += 1
            continue
        providers = tuple(dict.fromkeys(each.provider for each in live))
        type_ = device.text("type")
        found = finder.of(frozenset(map(role, providers)), type_)
        if not found.is_device:
            counter.no_devices += 1
            continue
        counter.add(device.text("company"), type_, found, providers)
        if found.gaps:
            row = coverage_row(device, live, found, context)
            counter.add_gaps(found.gaps, is_active=row.active)
            yield row
        elif context.wanted.all:
            yield coverage_row(device, live, found, context)


COVERAGE = Report(
    name="coverage",
    title="Coverage",
    description="Devices that one feed lists and another does not: unbilled, unmanaged, without EDR or backup.",
    explanation=(
        "Each row is a device in use that a feed should list and does not. One in the feed of an agent alone is managed"
        " and not billed; one in the PSA alone is billed and not managed; one in an RMM may lack EDR or backup. Active"
        " ones that nobody bills come first. A row with a caution rests on a feed that is late, held or empty."
    ),
    row=CoverageRow,
    totals=CoverageTotals,
    make=coverage,
    has_more="also the devices that lack nothing",
)
