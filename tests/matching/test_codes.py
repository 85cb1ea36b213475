"""Codes are what programs compare, with words for people beside them."""

import pytest

from matching.codes import Code
from matching.model import ClaimOutcome, Kind, ReviewReason, Verdict
from matching.policy import OnConflict, Trust

CODES: list[type[Code]] = [Kind, Verdict, ClaimOutcome, ReviewReason, OnConflict, Trust]


@pytest.mark.parametrize("codes", CODES, ids=lambda codes: codes.__name__)
def test_each_code_is_a_plain_identifier_with_a_label_and_a_sentence(codes: type[Code]) -> None:
    """Neither is missing, and a sentence is one."""
    for code in codes:
        assert str(code).isidentifier()
        assert str(code) == str(code).lower()
        assert code.label
        assert code.sentence.endswith(".")


def test_a_code_is_found_by_its_identifier_and_equals_it() -> None:
    """Stored text and member are one key, so what was read from a database needs no conversion to be looked up."""
    assert Kind("mac") is Kind.MAC
    assert hash(Kind.MAC) == hash("mac")
    assert {"mac": 1}[Kind.MAC] == 1


def test_what_is_no_code_is_refused() -> None:
    """A misspelt identifier is an error where it is read."""
    with pytest.raises(ValueError, match="'Mac' is not a valid Kind"):
        Kind("Mac")
