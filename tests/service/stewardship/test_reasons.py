"""The reasons of reviews, by code and by what they were called before."""

import pytest

from matching.model import ReviewReason
from service.core.errors import BadRequest
from service.stewardship.reasons import FORMER_SPELLINGS, review_reason
from service.store.migrations.versions import v0007_names_and_json as migration


@pytest.mark.parametrize("reason", ReviewReason)
def test_every_reason_is_found_by_its_code(reason: ReviewReason) -> None:
    """As the API and JSON write it."""
    assert review_reason(reason.value) is reason


def test_every_former_spelling_is_understood() -> None:
    """Until 0.3; they are those that the migration finds in older stores."""
    assert {spelling: review_reason(spelling).value for spelling in FORMER_SPELLINGS} == migration.REASONS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("mainboard_replacd", "did you mean 'mainboard_replaced'[?]"),
        ("Clone", "did you mean 'clone'[?]"),
        ("", f"; known: {', '.join(ReviewReason)}$"),
        ("x" * 10_000, f"; known: {', '.join(ReviewReason)}$"),
    ],
)
def test_a_reason_that_there_is_not_names_the_nearest(text: str, named: str) -> None:
    """All of them where none is near; a filter that is ignored would answer with every review."""
    with pytest.raises(BadRequest, match=named):
        review_reason(text)
