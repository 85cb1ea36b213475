"""
Find the devices that one feed lists and another does not, across all feeds and both ways.

An agent without a configuration in the PSA is work that nobody bills; a configuration without an agent is billed and
not looked after; an agent without EDR or backup is a promise not kept. Devices that lack nothing are counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from service.reports.catalogue.coverage.gaps import Coverage, FeedRoles, GapFinder
from service.reports.catalogue.coverage.rows import CoverageRow, coverage_row, place_of, rows_with_suggestions
from service.reports.catalogue.coverage.totals import CoverageCounter, CoverageTotals
from service.reports.catalogue.suggestions import SuggestionFinder
from service.reports.context import ReportContext, ReportRequest
from service.reports.definition import Made, Report, ReportFilter
from service.reports.devices import ReportedDevice, devices
from service.reports.ordering import in_order

SUGGEST = "suggest"
"""The option that lists, instead of the gaps, the PSA's rows without any identifier, with what they may be."""


def coverage(context: ReportContext) -> Made[CoverageRow, CoverageTotals]:
    """Return the devices with a gap, most worth first; with `all` every device in use, in order of id."""
    roles = FeedRoles(context.sources.values())
    counter = CoverageCounter(roles, context.rules)
    return Made(_rows(context, roles, counter), counter.totals)


def _rows(context: ReportContext, roles: FeedRoles, counter: CoverageCounter) -> Iterator[CoverageRow]:
    finder = GapFinder(roles, context.policy)
    if context.wanted.options.get(SUGGEST):
        yield from _suggestions(context, finder, counter)
    elif context.wanted.all:
        yield from _counted(context, finder, counter, lambda _device, _found: True)
    else:
        gaps = _counted(context, finder, counter, lambda _device, found: bool(found.gaps))
        yield from in_order(gaps, lambda row: place_of(row, context))


def _suggestions(context: ReportContext, finder: GapFinder, counter: CoverageCounter) -> Iterator[CoverageRow]:
    """The rows of the PSA that say nothing: first those of which it is likeliest what they are."""
    suggestions = SuggestionFinder(context)
    everything = replace(context, wanted=ReportRequest())
    is_narrowed = any(getattr(context.wanted, each) is not None for each in ReportFilter)
    silent = {device.id for device in devices(everything) if suggestions.add(device)} if is_narrowed else None
    rows = list(
        _counted(
            *(context, finder, counter),
            lambda device, _found: suggestions.add(device) if silent is None else device.id in silent,
        )
    )
    found = {row.device_id: suggestions.suggestions_for(row.device_id) for row in rows}
    rows.sort(
        key=lambda row: (-max((each.points for each in found[row.device_id]), default=0.0), place_of(row, context))
    )
    for row in rows:
        yield from rows_with_suggestions(row, found[row.device_id])


def _counted(
    context: ReportContext,
    finder: GapFinder,
    counter: CoverageCounter,
    is_wanted: Callable[[ReportedDevice, Coverage], bool],
) -> Iterator[CoverageRow]:
    """Count every device, and yield the rows of those in use that are wanted."""
    role = context.rules.role
    for device in devices(context):
        live = device.live(context)
        if not live:
            counter.out_of_use += 1
            continue
        providers = tuple(dict.fromkeys(each.provider for each in live))
        found = finder.of(frozenset(map(role, providers)), device.text("type"))
        if not found.is_device:
            counter.no_devices += 1
            continue
        counter.add(device.text("company"), device.text("type"), found, providers)
        if found.gaps:
            counter.add_gaps(found.gaps, is_active=device.is_active(context))
        if is_wanted(device, found):
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
    main_columns=("name", "company", "type", "finding", "agent_last_seen", "caution"),
    has_more="also the devices that lack nothing",
    options=frozenset({SUGGEST}),
)
