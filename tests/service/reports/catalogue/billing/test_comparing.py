"""Laying a list beside counts loses neither a line nor a device; whole reports are in `test_counts`."""

from decimal import Decimal
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from matching.calibration.companies import CompanyMap
from matching.policy import Policy
from service.reports.catalogue.billing.billed import BilledLine
from service.reports.catalogue.billing.comparing import MOST_LINES, Comparing, empty_row, rounded
from service.reports.catalogue.billing.counting import CountedDevices, DeviceGroup
from service.reports.catalogue.billing.customers import CustomerNames
from service.reports.catalogue.billing.products import billed_products
from service.reports.catalogue.billing.reliance import Reliance


class Reliable:
    """What is said of feeds that all came."""

    zero_because = None

    def because(self, _: object) -> None:
        """Say nothing."""


NAMES = st.sampled_from(["Acme", "Beta", "Gamma"])
TYPES = st.sampled_from(["Laptop", "Server", "Printer"])
GROUPS = st.dictionaries(st.tuples(NAMES, TYPES), st.integers(0, 5), max_size=6)
LINES = st.lists(st.tuples(NAMES, TYPES, st.integers(1, 9)), max_size=8)


@given(groups=GROUPS, lines=LINES)
def test_every_device_is_in_a_row_and_every_quantity_in_one(
    groups: dict[tuple[str, str], int], lines: list[tuple[str, str, int]]
) -> None:
    """Of customers and types that are known; the sums stay the same, and so does the difference."""
    customers = CustomerNames(CompanyMap(), Policy())
    found: dict[tuple[str | None, str | None], DeviceGroup] = {
        (customers.of(name), type_.casefold()): DeviceGroup(customers.of(name), type_, 1.0, active, active)
        for (name, type_), active in groups.items()
    }
    counts = CountedDevices(found, {}, {"laptop", "server", "printer"})
    billed = [BilledLine(number, *line[:2], Decimal(line[2])) for number, line in enumerate(lines)]
    products = billed_products(billed, customers, {})
    comparing = Comparing(counts, customers, cast(Reliance, Reliable()))

    rows = [comparing.of_product(each) for each in products]
    rows += comparing.of_groups_not_billed(found.values(), products)

    known = {customer for customer, _ in found}
    assert sum(row.found or 0 for row in rows) == sum(groups.values())
    assert sum(row.billed or 0 for row in rows) == sum(quantity for _, _, quantity in lines)
    assert sum(row.difference for row in rows if row.difference is not None) == sum(groups.values()) - sum(
        quantity for name, _, quantity in lines if customers.of(name) in known
    )


def test_the_numbers_of_lines_in_a_cell_are_bounded() -> None:
    """A cell has an end."""
    lines = [BilledLine(number, "Acme", "Laptop", Decimal(1)) for number in range(60)]
    [product] = billed_products(lines, CustomerNames(CompanyMap(), Policy()), {})

    shown = empty_row(product).lines or ""

    assert (shown.count(","), shown.endswith(", ...")) == (MOST_LINES, True)


def test_sums_of_weights_are_rounded() -> None:
    """A tenth three times is no difference to three tenths."""
    assert rounded(0.1 + 0.1 + 0.1) == 0.3
