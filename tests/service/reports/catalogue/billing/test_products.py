"""Which lines are of one customer and product, and which types of devices that bills."""

from decimal import Decimal

import pytest

from matching.calibration.companies import CompanyMap
from matching.policy import Policy
from service.reports.catalogue.billing.billed import BilledLine
from service.reports.catalogue.billing.customers import CustomerNames
from service.reports.catalogue.billing.products import BilledProduct, billed_products

CUSTOMERS = CustomerNames(CompanyMap(), Policy())


def line(number: int, company: str, product: str, quantity: str = "1", price: str | None = None) -> BilledLine:
    """Return a line."""
    return BilledLine(number, company, product, Decimal(quantity), None if price is None else Decimal(price))


def products(*lines: BilledLine, said: dict[str, str] | None = None) -> list[BilledProduct]:
    """Return what lines bill."""
    return billed_products(lines, CUSTOMERS, said or {})


def test_lines_of_one_customer_and_product_are_one() -> None:
    """However both are written; two catch-alls are not one customer."""
    found = products(
        *(
            line(2, "Acme, Inc.", "Managed  Server"),
            line(3, "ACME", "managed server", "2.5"),
            line(4, "Acme", "Laptop"),
        ),
        *(line(5, "Unassigned", "Laptop"), line(6, "Internal", "Laptop")),
    )

    assert [(each.company, each.product, each.quantity, [a.line for a in each.lines]) for each in found] == [
        ("Acme, Inc.", "Managed Server", Decimal("3.5"), [2, 3]),
        ("Acme", "Laptop", Decimal(1), [4]),
        ("Unassigned", "Laptop", Decimal(1), [5]),
        ("Internal", "Laptop", Decimal(1), [6]),
    ]


@pytest.mark.parametrize(
    ("said", "types"),
    [
        ({}, ("Seat",)),
        ({"seat": "Laptop"}, ("Laptop",)),
        ({"seat": "Laptop, Desktop,"}, ("Laptop", "Desktop")),
        ({"seat": "*"}, None),
        ({"seat": "Laptop, *"}, None),
        ({"node": "Laptop"}, ("Seat",)),
    ],
)
def test_the_setting_says_which_types_a_product_bills(said: dict[str, str], types: tuple[str, ...] | None) -> None:
    """By default the one of its name."""
    [found] = products(line(2, "Acme", "Seat"), said=said)

    assert found.types == types


@pytest.mark.parametrize(
    ("lines", "price"),
    [
        ([("1", None)], None),
        ([("1", None), ("2", "10")], "10"),
        ([("1", "10"), ("9", "10.00")], "10"),
        ([("1", "10"), ("3", "14")], "13"),
        ([("1", "10"), ("-1", "14")], None),
    ],
)
def test_the_price_is_the_average_by_quantity(lines: list[tuple[str, str | None]], price: str | None) -> None:
    """A credit for as many leaves nothing to say a price of."""
    [found] = products(*(line(2, "Acme", "Seat", quantity, each) for quantity, each in lines))

    assert found.price == (None if price is None else Decimal(price))
