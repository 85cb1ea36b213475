"""What callers send, and what they are answered beyond the views of the use cases."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from matching.model import Record, ReviewReason, Verdict
from service.api.schemas.billed import billed_list
from service.api.schemas.records import FeedRecord
from service.api.schemas.stewardship import OpenReview, WantedDecision
from service.reports.catalogue.billing.billed import BilledLine
from service.stewardship.reviewing import ReviewView, Side

PAIR = {"left": "cw_manage:4711", "right": "cw_rmm:A-17"}


def test_the_document_describes_the_feed_record() -> None:
    """The API's record is the engine's record, field for field."""
    assert set(FeedRecord.model_fields) == set(Record.__annotations__)


@pytest.mark.parametrize("about", [PAIR, {"review": "0" * 64}], ids=["records", "review"])
def test_a_decision_is_about_two_records_or_a_review(about: dict[str, str]) -> None:
    """Either names what is decided."""
    wanted = WantedDecision.model_validate({"verdict": "same", "why": " looked ", **about})

    assert wanted.model_dump(exclude_none=True) == {"verdict": Verdict.SAME, "why": "looked", **about}


@pytest.mark.parametrize(
    "about",
    [{}, {"left": "cw_manage:4711"}, {"right": "cw_rmm:A-17"}, {**PAIR, "review": "0"}, {"left": "a:1", "review": "0"}],
)
def test_a_decision_about_nothing_or_too_much_is_refused(about: dict[str, Any]) -> None:
    """One record alone, or records and a review together, leave open what is meant."""
    with pytest.raises(ValidationError, match="name left and right, or a review"):
        WantedDecision.model_validate({"verdict": "same", "why": "looked", **about})


def test_an_open_review_brings_a_call_for_each_answer() -> None:
    """What it asks stays as it is; the calls need nothing but a reason to be decisions."""
    side = Side(records=["cw_manage:4711"], devices=[])
    view = ReviewView(
        id="0" * 64,
        number=17,
        reason=ReviewReason.CLONE,
        sentence="Is it one box?",
        worth=1.5,
        left=side,
        right=side,
        evidence_for=[],
        evidence_against=[],
        grounds=[ReviewReason.CLONE],
        waiting=[],
        proposal=None,
    )

    review = OpenReview.of(view)

    wanted = [WantedDecision.model_validate({**call.body, "why": "looked"}) for call in review.answers]
    assert [(each.verdict, each.review) for each in wanted] == [(verdict, view.id) for verdict in Verdict]
    assert review.model_dump(exclude={"answers"}) == view.model_dump()


def test_billed_quantities_of_a_program_are_lines() -> None:
    """Counted from 1, exact as they are written."""
    sent = b'[{"company": " Acme ", "product": "Seat", "quantity": 0.1, "price": 9.9}]'

    assert billed_list(sent).lines == (BilledLine(1, "Acme", "Seat", Decimal("0.1"), Decimal("9.9")),)


@pytest.mark.parametrize("quantity", ["NaN", "1e10", '"x"', "null"])
def test_a_billed_quantity_is_a_number_within_bounds(quantity: str) -> None:
    """As in a file."""
    with pytest.raises(ValidationError):
        billed_list(f'[{{"company": "Acme", "product": "Seat", "quantity": {quantity}}}]'.encode())
