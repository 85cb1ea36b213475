"""
Lay the billed quantities beside the counts: a row for each customer and product, and for each type that nobody bills.

A product for all types bills a type only where no product in the list is for that type by name: protection that is
billed for every device does not mean that the servers are billed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

from service.reports.catalogue.billing import findings
from service.reports.catalogue.billing.billed import UnreadLine
from service.reports.catalogue.billing.counting import CountedDevices, DeviceGroup
from service.reports.catalogue.billing.customers import CustomerNames, NearestNames
from service.reports.catalogue.billing.products import BilledProduct
from service.reports.catalogue.billing.reliance import Reliance
from service.reports.catalogue.billing.rows import CountOutcome, CountRow

DIGITS = 6
"""Digits behind the point: a sum of weights has more by rounding alone."""

MOST_LINES = 50
"""Numbers of lines that a cell lists."""


def rounded(number: float) -> float:
    """Return a sum of weights without what it has by rounding alone."""
    return round(float(number), DIGITS)


def empty_row(billed: BilledProduct | None) -> CountRow:
    """Return a row that has what is billed, if anything is, and that counts nothing."""
    row = CountRow(
        *(None, None, None),
        billed=None,
        found=None,
        difference=None,
        price=None,
        money=None,
        finding="",
        marked_because=None,
        outcome=CountOutcome.NOT_COUNTED,
        names=None,
        records=None,
        active=None,
        devices=None,
        lines=None,
    )
    if billed:
        row.company, row.product = billed.company, billed.product
        row.type = "all types" if billed.types is None else ", ".join(billed.types)
        row.billed = float(billed.quantity)
        row.price = None if billed.price is None else float(round(billed.price, 4))
        numbers = [str(each.line) for each in billed.lines]
        row.lines = ", ".join(numbers[:MOST_LINES]) + (", ..." if len(numbers) > MOST_LINES else "")
    return row


class Comparing:
    """Makes rows of counts."""

    def __init__(self, counts: CountedDevices, customers: CustomerNames, reliance: Reliance) -> None:
        self._counts = counts
        self._known = customers.known | {customer for customer, _ in counts.groups if customer}
        self._names, self._types = NearestNames(counts.names.values()), NearestNames(counts.types)
        self._reliance = reliance
        self._groups: defaultdict[str | None, dict[str | None, DeviceGroup]] = defaultdict(dict)
        for (customer, type_key), group in counts.groups.items():
            self._groups[customer][type_key] = group

    def is_listed_by(self, customer: str | None, providers: Collection[str]) -> bool:
        """Whether one of some providers lists a device of a customer."""
        return any(not each.providers.isdisjoint(providers) for each in self._groups[customer].values())

    def of_group(self, group: DeviceGroup) -> CountRow:
        """Return the row of a customer and type, where nothing says what is billed."""
        row = self._row(group.customer, [group], None)
        if row.found is not None:
            row.outcome, row.finding = CountOutcome.COUNTED, findings.counted(row)
        return row

    def of_product(self, billed: BilledProduct) -> CountRow:
        """Return the row of a customer and product."""
        if billed.customer is None or not (billed.is_listed or billed.customer in self._known):
            near = self._names.of(billed.company)
            return _unknown(billed, CountOutcome.UNKNOWN_CUSTOMER, findings.unknown_customer(billed, near))
        if billed.types is not None and not billed.type_keys & self._counts.types:
            near = self._types.of(", ".join(billed.types))
            return _unknown(billed, CountOutcome.UNKNOWN_PRODUCT, findings.unknown_product(billed, near))
        own = self._groups[billed.customer]
        wanted = own if billed.types is None else [key for key in own if key in billed.type_keys]
        groups = [own[key] for key in wanted]
        row = self._row(billed.customer, groups, billed)
        if row.found is not None:
            _compare(row, groups, billed)
        return row

    def of_groups_not_billed(
        self, groups: Iterable[DeviceGroup], products: Sequence[BilledProduct]
    ) -> Iterator[CountRow]:
        """Yield a row for each of some groups that no product bills."""
        named: defaultdict[str | None, set[str]] = defaultdict(set)
        for each in products:
            named[each.customer] |= each.type_keys
        by_name = set().union(*named.values())
        for_all = {each.customer for each in products if each.types is None} - {None}
        for group in groups:
            type_key = (group.type or "").casefold()
            is_billed = type_key in named[group.customer] or (group.customer in for_all and type_key not in by_name)
            if group.customer is None or not is_billed:
                yield self._not_billed(group)

    def of_unread(self, line: UnreadLine) -> CountRow:
        """Return the row of a line of the list that cannot be read."""
        row = empty_row(None)
        row.outcome, row.finding, row.lines = CountOutcome.NOT_READ, findings.unread(line), str(line.line)
        return row

    def _not_billed(self, group: DeviceGroup) -> CountRow:
        row = self._row(group.customer, [group], None)
        row.billed = 0.0
        if row.found is not None:
            row.difference = row.found
            row.outcome = CountOutcome.NOT_BILLED if row.found else CountOutcome.EQUAL
            row.finding = f"{findings.counted(row)}, and no line bills them"
            if row.found:
                row.finding += findings.name_devices(row, [group])
        return row

    def _row(self, customer: str | None, groups: Sequence[DeviceGroup], billed: BilledProduct | None) -> CountRow:
        """A row with what it counts; the outcome is that it cannot be relied on, until another is found."""
        active = sum(each.active for each in groups)
        zero_because = None if active else self._reliance.zero_because
        providers = set().union(*(each.providers for each in self._groups[customer].values()))
        row = empty_row(billed)
        row.company = self._counts.names.get(customer or "") or row.company
        row.type = row.type or next(each.type for each in groups)
        row.devices = sum(each.devices for each in groups)
        row.marked_because = zero_because or self._reliance.because(providers)
        if zero_because is None:
            row.active = active
            row.found = rounded(sum(each.active * each.weight for each in groups))
        row.finding = findings.not_counted(row)
        return row


def _compare(row: CountRow, groups: Sequence[DeviceGroup], billed: BilledProduct) -> None:
    """Fill in the difference, what it costs, and the devices behind it."""
    difference = row.difference = rounded((row.found or 0.0) - float(billed.quantity))
    if billed.price is not None:
        row.money = round(float(Decimal(str(difference)) * billed.price), 2)
    more = CountOutcome.MORE_FOUND if difference > 0 else CountOutcome.MORE_BILLED
    row.outcome = more if difference else CountOutcome.EQUAL
    row.finding = findings.compared(row, billed)
    if difference:
        row.finding += findings.name_devices(row, groups)


def _unknown(billed: BilledProduct, outcome: CountOutcome, finding: str) -> CountRow:
    row = empty_row(billed)
    row.outcome, row.finding = outcome, finding
    return row
