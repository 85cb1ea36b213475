"""The billed lines by customer and product, and which types of devices a product bills."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.reports.catalogue.billing.billed import BilledLine
from service.reports.catalogue.billing.customers import CustomerNames

ALL_TYPES = "*"
"""What a product is mapped to that bills devices of every type."""


@dataclass
class BilledProduct:
    """
    What the lines of one customer and product bill.

    `company` and `product` are as the first line writes them. `types` are those that the product bills, None for all.
    """

    customer: str | None
    company: str
    product: str
    types: tuple[str, ...] | None
    lines: list[BilledLine] = field(default_factory=list)

    @property
    def quantity(self) -> Decimal:
        """How many are billed."""
        return sum((each.quantity for each in self.lines), Decimal())

    @property
    def prices(self) -> list[Decimal]:
        """The prices of a unit, each once, in order."""
        return sorted({each.price for each in self.lines if each.price is not None})

    @property
    def price(self) -> Decimal | None:
        """The price of a unit; where lines differ, their average by quantity. None where none is given."""
        if len(self.prices) <= 1:
            return next(iter(self.prices), None)
        priced = [(each.price, each.quantity) for each in self.lines if each.price is not None]
        units = sum((quantity for _, quantity in priced), Decimal())
        return sum((price * quantity for price, quantity in priced), Decimal()) / units if units > 0 else None

    @property
    def type_keys(self) -> set[str]:
        """The types in lower case; empty for all."""
        return {each.casefold() for each in self.types or ()}


def billed_products(
    lines: Iterable[BilledLine], customers: CustomerNames, products: Mapping[str, str]
) -> list[BilledProduct]:
    """
    Return what lines bill, those of one customer and product together, in the order of their first lines.

    Args:
        products: `Reports:Products`.
    """
    found: dict[tuple[str, str], BilledProduct] = {}
    for line in lines:
        customer, product = customers.of(line.company), " ".join(line.product.split())
        key = customer or f"no customer: {line.company.casefold()}", product.casefold()
        if key not in found:
            found[key] = BilledProduct(customer, line.company, product, _types(product, products))
        found[key].lines.append(line)
    return list(found.values())


def _types(product: str, products: Mapping[str, str]) -> tuple[str, ...] | None:
    said = products.get(product.casefold())
    if said is None:
        return (product,)
    types = tuple(each for part in said.split(",") if (each := part.strip()))
    return None if ALL_TYPES in types else types
