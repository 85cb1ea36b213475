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
    def is_listed(self) -> bool:
        """Whether a provider names the customer by an id, so that there is one of whom no device is known."""
        return any(each.company_ref for each in self.lines)

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
        product = " ".join(line.product.split())
        ref = line.company_ref
        customer = customers.of_company(ref, line.company) if ref else customers.of(line.company)
        key = customer or f"no customer: {line.company.casefold()}", product.casefold()
        if key not in found:
            found[key] = BilledProduct(customer, line.company, product, types_of(product, products))
        found[key].lines.append(line)
    return list(found.values())


def types_of(product: str, products: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the types of devices that a product bills, as they are written; None for all."""
    product = " ".join(product.split())
    said = products.get(product.casefold())
    if said is None:
        return (product,)
    types = tuple(each for part in said.split(",") if (each := part.strip()))
    return None if ALL_TYPES in types else types
