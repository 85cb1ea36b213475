"""The schema of billed quantities, where a program sends them as JSON."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from service.reports.catalogue.billing.billed import LONGEST_NAME, MOST_LINES, BilledLine, BilledList
from service.reports.catalogue.billing.numbers import LARGEST

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
_Number = Annotated[float, Field(ge=-int(LARGEST), le=int(LARGEST), allow_inf_nan=False)]


class BilledQuantity(BaseModel):
    """What is billed of one product to one customer; several of the same add up."""

    model_config = ConfigDict(extra="forbid")

    company: _Name = Field(description="Name of the customer, as any provider writes it.", examples=["Acme Inc."])
    product: _Name = Field(
        description="Name of the product: a type of devices, or one that `Reports:Products` maps to types.",
        examples=["Managed Server"],
    )
    quantity: _Number = Field(description="How many are billed.", examples=[12])
    price: _Number | None = Field(default=None, description="Price of one.", examples=[9.5])


_LIST = TypeAdapter(Annotated[list[BilledQuantity], Field(max_length=MOST_LINES)])


def billed_list(body: bytes) -> BilledList:
    """Return what a JSON array bills; its items are counted from 1. Raises: pydantic.ValidationError."""
    return BilledList(tuple(_line(number, each) for number, each in enumerate(_LIST.validate_json(body), start=1)))


def _line(number: int, billed: BilledQuantity) -> BilledLine:
    price = None if billed.price is None else Decimal(str(billed.price))
    return BilledLine(number, billed.company, billed.product, Decimal(str(billed.quantity)), price)
