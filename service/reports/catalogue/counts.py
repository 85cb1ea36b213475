"""
The report `counts`: the devices of each customer and type, beside what was billed.

Billed is what a list says that comes with the request, else what the agreements of the PSA say, where syncs read them.
Active is what the one rule says (`ReportedDevice.is_active`), and counts as often as its type weighs. A number that
rests on a feed that cannot be relied on is marked, and no zero is shown that does.
"""

from collections.abc import Collection, Iterator
from typing import Any

from service.reports.catalogue.billing.agreed import Agreed, agreed
from service.reports.catalogue.billing.billed import BilledList
from service.reports.catalogue.billing.comparing import Comparing, rounded
from service.reports.catalogue.billing.counting import DeviceGroup, count_devices
from service.reports.catalogue.billing.customers import customers_of
from service.reports.catalogue.billing.products import billed_products
from service.reports.catalogue.billing.reliance import Reliance
from service.reports.catalogue.billing.rows import CountOutcome, CountRow, CountTotals
from service.reports.context import ReportContext
from service.reports.definition import Made, Report

BILLED = "billed"
"""The option that holds a `BilledList`."""


def counts(context: ReportContext) -> Made[CountRow, CountTotals]:
    """Return the counts, beside the billed list where one is given, else beside the agreements where they are read."""
    sent: BilledList | None = context.wanted.options.get(BILLED)
    known = None if sent else agreed(context)
    billed = known.billed if known else sent
    totals = _no_totals(is_beside=billed is not None)
    rows = _counts(context, totals) if billed is None else _beside(context, billed, known, totals)
    warnings = [*(known.warnings if known else ()), *([_unread(billed)] if billed and billed.unread else [])]
    return Made(rows, lambda: totals, warnings, known.notes if known else ())


COUNTS = Report(
    name="counts",
    title="Counts",
    description="Active devices of each customer and type, beside what was billed.",
    explanation=(
        "Each row is a customer and a product whose billed quantity is not what is found, most money first. Found are"
        " the active devices of the types that the product bills: those that a provider which counts has seen within"
        " Reports:ActiveDays. Correct the invoice, or retire the devices behind the difference. What is billed comes"
        " from a list that is given, else from the PSA's agreements if they are read; without both each row is a count"
        " alone."
    ),
    row=CountRow,
    totals=CountTotals,
    make=counts,
    main_columns=("company", "product", "type", "billed", "found", "difference", "money"),
    has_more=(
        "also what is billed as it is found, what is neither billed nor counted, and products of agreements that bill"
        " no device"
    ),
    options=frozenset({BILLED}),
)


def _unread(billed: BilledList) -> str:
    what = "additions of agreements" if billed.is_agreed else "lines of the billed list"
    return f"{what} that cannot be read: {len(billed.unread):,}; the last rows say which, and why"


def _no_totals(*, is_beside: bool) -> CountTotals:
    """Nothing yet; without a list there is no saying what is billed."""
    nothing = 0.0 if is_beside else None
    return CountTotals(0, 0, 0.0, nothing, nothing, nothing, 0, 0, 0, 0, 0, 0, 0, 0)


class _Counting:
    """The counting of the devices that are wanted, and what is added up meanwhile."""

    def __init__(self, context: ReportContext, totals: CountTotals, *, are_named: bool) -> None:
        self._wanted, self._totals = context.wanted, totals
        self.customers = customers_of(context)
        found = count_devices(context, self.customers, are_named=are_named)
        reliance = Reliance(context)
        self.comparing = Comparing(found, self.customers, reliance)
        self.groups = [group for (customer, key), group in found.groups.items() if self.is_wanted(customer, {key})]
        self._add_up(reliance)

    def is_wanted(self, customer: str | None, types: Collection[str | None]) -> bool:
        """Whether the request asks for a customer, under whatever name, and for one of some types in lower case."""
        company, type_ = self._wanted.company, self._wanted.type
        is_of_customer = company is None or customer == self.customers.of(company)
        return is_of_customer and (type_ is None or type_.casefold() in types)

    def _add_up(self, reliance: Reliance) -> None:
        totals = self._totals
        totals.devices = sum(each.devices for each in self.groups)
        active = sum(each.active for each in self.groups)
        is_reliable = active > 0 or reliance.zero_because is None
        totals.active = active if is_reliable else None
        totals.found = rounded(sum(each.active * each.weight for each in self.groups)) if is_reliable else None

    def count(self, row: CountRow, *, is_of_devices: bool = True) -> None:
        """Count what comes of a row; what is billed and is no device is no part of the sum."""
        totals, outcome = self._totals, row.outcome.value
        is_nothing = row.outcome is CountOutcome.EQUAL and row.product is None
        if row.outcome is not CountOutcome.COUNTED and not is_nothing:
            setattr(totals, outcome, getattr(totals, outcome) + 1)
        if totals.billed is not None and row.billed is not None and is_of_devices:
            totals.billed = rounded(totals.billed + row.billed)
        if totals.money_not_billed is not None and totals.money_billed_too_much is not None and row.money is not None:
            totals.money_not_billed = round(totals.money_not_billed + max(row.money, 0), 2)
            totals.money_billed_too_much = round(totals.money_billed_too_much - min(row.money, 0), 2)


def _counts(context: ReportContext, totals: CountTotals) -> Iterator[CountRow]:
    """The counts alone, in the order of the customers' names."""
    counting = _Counting(context, totals, are_named=False)
    for row in sorted(map(counting.comparing.of_group, counting.groups), key=_name):
        counting.count(row)
        yield row


def _beside(
    context: ReportContext, billed: BilledList, known: Agreed | None, totals: CountTotals
) -> Iterator[CountRow]:
    """The counts beside what is billed, most money first, and at the end the lines that cannot be read."""
    counting = _Counting(context, totals, are_named=True)
    products = billed_products(billed.lines, counting.customers, context.rules.products)
    comparing = counting.comparing
    rows = [comparing.of_product(each) for each in products if counting.is_wanted(each.customer, each.type_keys)]
    compared, alone = _parted(context, counting, known)
    rows += comparing.of_groups_not_billed(compared, products)
    _mark(rows, known)
    rows += map(comparing.of_group, alone)
    rows.sort(key=_order)
    rows += map(comparing.of_unread, billed.unread)
    for row in rows:
        is_no_device = billed.is_agreed and row.outcome is CountOutcome.UNKNOWN_PRODUCT
        counting.count(row, is_of_devices=not is_no_device)
        if (_is_work(row) and not is_no_device) or context.wanted.all:
            yield row


def _parted(
    context: ReportContext, counting: _Counting, known: Agreed | None
) -> tuple[list[DeviceGroup], list[DeviceGroup]]:
    """
    The groups of which it is known what is billed, and those that are counted alone.

    Who may see some customers may not see what is billed to one of whom the PSA's records are not among them.
    """
    if known is None or context.visibility is None:
        return counting.groups, []
    compared: list[DeviceGroup] = []
    alone: list[DeviceGroup] = []
    for group in counting.groups:
        is_seen = counting.comparing.is_listed_by(group.customer, known.providers)
        (compared if is_seen else alone).append(group)
    return compared, alone


def _mark(rows: list[CountRow], known: Agreed | None) -> None:
    """Say of each number that rests on agreements why it may be out of date."""
    if known and known.mark:
        for row in rows:
            row.marked_because = f"{row.marked_because}, {known.mark}" if row.marked_because else known.mark


def _is_work(row: CountRow) -> bool:
    """Whether a person should look at it; of what is neither billed nor counted the warning of the feed says all."""
    is_nothing = row.outcome is CountOutcome.NOT_COUNTED and row.product is None
    return row.outcome is not CountOutcome.EQUAL and not is_nothing


def _name(row: CountRow) -> tuple[Any, ...]:
    """By name, and what is of no customer at the end."""
    return row.company is None, (row.company or "").casefold(), (row.product or "").casefold(), row.type or ""


def _order(row: CountRow) -> tuple[Any, ...]:
    """Most money first, then the largest difference; where there is none, what is billed is at stake."""
    size = row.billed if row.difference is None else row.difference
    money = (size or 0.0) * (row.price or 0.0) if row.money is None else row.money
    return -abs(money), -abs(size or 0.0), *_name(row)
