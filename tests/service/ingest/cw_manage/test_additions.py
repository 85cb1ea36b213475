"""Which additions are billed on a day, and how many."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import ProviderChanged
from service.ingest.cw_manage.additions import (
    ActiveAgreement,
    active_agreement,
    addition_billed,
    billed_quantity,
    is_effective,
)

TODAY = date(2026, 11, 30)
ACME = ActiveAgreement(7, "Acme managed", "12", "Acme Inc.")
ROW: dict[str, Any] = {
    "id": 71,
    "product": {"id": 1, "identifier": "Managed Server"},
    "quantity": 12.0,
    "lessIncluded": 2.0,
    "unitPrice": 110.5,
    "billCustomer": "Billable",
    "effectiveDate": "2026-11-30T00:00:00Z",
}
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
QUANTITIES = st.decimals(-1000, 1000, places=2)


def test_an_addition_bills_its_quantity_less_what_is_included() -> None:
    """With its price, and whose it is by the id of the company."""
    assert addition_billed(ROW, ACME, TODAY) == (
        *(71, "Acme managed", "12", "Acme Inc.", "Managed Server", Decimal(10), Decimal("110.5"), None),
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"billCustomer": "DoNotBill"},
        {"billCustomer": "NoCharge"},
        {"billCustomer": None},
        {"effectiveDate": "2026-12-01T00:00:00Z"},
        {"cancelledDate": "2026-11-30T00:00:00Z"},
        {"agreementStatus": "Expired"},
    ],
    ids=str,
)
def test_what_is_not_billed_today_is_left_out(changed: dict[str, Any]) -> None:
    """Each alone suffices."""
    assert addition_billed({**ROW, **changed}, ACME, TODAY) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quantity": None}, "it has no quantity"),
        ({"quantity": "12"}, "its quantity is no number"),
        ({"quantity": True}, "its quantity is no number"),
        ({"quantity": 1e12}, "its quantity 1000000000000.0 is no number that can be billed"),
        ({"lessIncluded": "two"}, "its lessIncluded is no number"),
        ({"effectiveDate": "soon"}, "its effectiveDate 'soon' is no date"),
    ],
    ids=str,
)
def test_what_cannot_be_read_says_why(changed: dict[str, Any], why: str) -> None:
    """It may be billed, so it is neither left out nor taken for nothing."""
    addition = addition_billed({**ROW, **changed}, ACME, TODAY)

    assert addition
    assert (addition.quantity, addition.unread) == (None, why)


def test_an_addition_without_a_product_is_named_by_its_description() -> None:
    """And one that has neither says so."""
    named, unnamed = ({**ROW, "product": None, "description": text} for text in ("Server", ""))

    assert [found and found.product for found in (addition_billed(row, ACME, TODAY) for row in (named, unnamed))] == [
        *("Server", "(no product)")
    ]


def test_only_active_agreements_count() -> None:
    """By the status, also where the server took no notice of the condition, and not where it is cancelled."""
    row = {"id": 7, "name": "Acme managed", "company": {"id": 12, "name": "Acme Inc."}, "agreementStatus": "Active"}

    assert active_agreement(row) == ACME
    for changed in ({"agreementStatus": "Expired"}, {"agreementStatus": None}, {"cancelledFlag": True}):
        assert active_agreement({**row, **changed}) is None


@pytest.mark.parametrize("row", [7, {}, {"id": "7"}, {"id": 7, "agreementStatus": "Active"}], ids=str)
def test_an_agreement_of_unknown_shape_is_an_error(row: Any) -> None:
    """To leave it out would make what it bills unbilled."""
    with pytest.raises(ProviderChanged, match="sent"):
        active_agreement(row)


@given(QUANTITIES, QUANTITIES)
def test_what_is_included_never_makes_a_quantity_larger_or_negative(quantity: Decimal, included: Decimal) -> None:
    """A credit stays what it is."""
    billed = billed_quantity(quantity, included)

    assert billed <= quantity
    assert billed == quantity if quantity <= 0 or included <= 0 else billed == max(quantity - included, 0)


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_an_addition_is_effective_in_one_stretch_of_days(
    effective: date | None, cancelled: date | None, today: date
) -> None:
    """From the day it takes effect to the one before it is cancelled; without one of both, without that end."""
    first = effective or date.min
    last = cancelled - timedelta(days=1) if cancelled else date.max

    assert is_effective(effective, cancelled, today) == (first <= today <= last)


@given(st.lists(st.tuples(QUANTITIES, QUANTITIES, st.sampled_from(["Billable", "NoCharge", "DoNotBill"]), DAYS)))
def test_the_sum_is_that_of_the_additions_that_are_billed(rows: list[tuple[Decimal, Decimal, str, date]]) -> None:
    """Whatever stands between them."""
    raw = [
        {
            "id": place,
            "quantity": float(quantity),
            "lessIncluded": float(included),
            "billCustomer": bill,
            "effectiveDate": datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat(),
        }
        for place, (quantity, included, bill, day) in enumerate(rows, start=1)
    ]
    found = [addition for row in raw if (addition := addition_billed(row, ACME, TODAY))]
    expected = [
        quantity - max(min(included, quantity), Decimal()) if quantity > 0 else quantity
        for quantity, included, bill, day in rows
        if bill == "Billable" and day <= TODAY
    ]

    assert sum((each.quantity or Decimal() for each in found), Decimal()) == sum(expected, Decimal())
