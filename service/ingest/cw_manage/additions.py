"""
Which additions of an agreement are billed on a day, and how many. Pure: no I/O and no clock.

Billed is what is effective, not cancelled and billable, on an active agreement; the quantity less what the agreement
includes. What is included takes a quantity to zero and not below: it is a number of free units. A quantity below zero
is a credit, and counts as it is written.

Source: reference/connectwise-billing.md.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from service.core.errors import ProviderChanged
from service.ingest.cw_manage.names import PROVIDER
from service.ingest.cw_manage.parse import as_text, inner, shown
from service.ingest.protocol import Addition

ADDITION_FIELDS = (
    "id,product/identifier,description,quantity,lessIncluded,unitPrice,billCustomer,effectiveDate,cancelledDate,"
    "agreementStatus"
)

ACTIVE, BILLABLE = "active", "billable"
"""The one status of an agreement and the one way to bill an addition that count, in lower case."""

LARGEST = Decimal(10**9)
"""A quantity or price beyond this is a mistake."""


class ActiveAgreement(NamedTuple):
    """An active agreement, and whose it is."""

    id: int
    name: str
    company_id: str
    company: str


def active_agreement(row: Any) -> ActiveAgreement | None:
    """Return an agreement; None where it is not active. Raises: ProviderChanged, where it has no id or no company."""
    if not isinstance(row, dict) or type(row.get("id")) is not int:
        raise ProviderChanged(PROVIDER, "sent an agreement without a whole number as its id")
    if as_text(row.get("agreementStatus")).casefold() != ACTIVE or row.get("cancelledFlag") is True:
        return None
    company_id = inner(row, "company", "id")
    if not company_id:
        raise ProviderChanged(PROVIDER, f"sent agreement {row['id']} without the id of its company")
    name = shown(row.get("name")) if row.get("name") else str(row["id"])
    return ActiveAgreement(row["id"], name, company_id, inner(row, "company", "name") or f"company {company_id}")


def addition_billed(row: Any, agreement: ActiveAgreement, today: date) -> Addition | None:
    """
    Return an addition of an active agreement as it is billed on a day; None where it is not billed.

    One whose numbers or dates cannot be read may be billed: it comes without a quantity, and says why.

    Raises:
        ProviderChanged: It is no object, or has no whole number as its id.
    """
    if not isinstance(row, dict) or type(row.get("id")) is not int:
        raise ProviderChanged(
            PROVIDER, f"sent an addition of agreement {agreement.id} without a whole number as its id"
        )
    status = as_text(row.get("agreementStatus")).casefold()
    if as_text(row.get("billCustomer")).casefold() != BILLABLE or status not in {"", ACTIVE}:
        return None
    product = inner(row, "product", "identifier") or as_text(row.get("description"))
    known = row["id"], agreement.name, agreement.company_id, agreement.company, product or "(no product)"
    try:
        if not is_effective(_day(row, "effectiveDate"), _day(row, "cancelledDate"), today):
            return None
        included = _number(row, "lessIncluded") or Decimal()
        quantity, price = _number(row, "quantity"), _number(row, "unitPrice")
    except UnreadableField as error:
        return Addition(*known, quantity=None, unread=str(error))
    if quantity is None:
        return Addition(*known, quantity=None, unread="it has no quantity")
    return Addition(*known, quantity=billed_quantity(quantity, included), price=price)


def billed_quantity(quantity: Decimal, included: Decimal) -> Decimal:
    """
    Return how many units of a quantity are billed, of which some are included in the agreement.

    >>> [str(billed_quantity(Decimal(q), Decimal(i))) for q, i in ((12, 0), (20, 5), (3, 5), (-2, 1))]
    ['12', '15', '0', '-2']
    """
    return max(quantity - max(included, Decimal()), Decimal()) if quantity > 0 else quantity


def is_effective(effective: date | None, cancelled: date | None, today: date) -> bool:
    """Whether an addition is billed on a day: from when it takes effect, up to the day before it is cancelled."""
    return (effective is None or effective <= today) and (cancelled is None or today < cancelled)


class UnreadableField(Exception):
    """Why a field cannot be read."""


def _day(row: dict[str, Any], field: str) -> date | None:
    text = as_text(row.get(field))
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        raise UnreadableField(f"its {field} {shown(text)!r} is no date") from None


def _number(row: dict[str, Any], field: str) -> Decimal | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableField(f"its {field} is no number")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > LARGEST:
        raise UnreadableField(f"its {field} {shown(value)} is no number that can be billed")
    return number
