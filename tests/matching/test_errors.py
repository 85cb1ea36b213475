"""All errors of the engine are drawn in one place, and each says what an operator can act on."""

import re

import matching
from matching import errors
from matching.errors import BadKey, UnusableValue
from tests.errors import defined

OF_MATCHING = set(re.findall(r"^\s*[-*] (\w+)", errors.__doc__ or "", re.MULTILINE))


def test_no_error_of_the_engine_is_left_out_of_its_drawing() -> None:
    """It has a drawing of its own, for it knows nothing of the service."""
    assert defined(matching).keys() == OF_MATCHING


def test_a_key_that_cannot_be_read_is_repeated_as_far_as_a_line_goes() -> None:
    """The sentence shows the text and how a record is written; a text without end is cut."""
    assert str(BadKey("nobody")) == "'nobody' is no record: write provider:id, such as cw_manage:4711"
    assert len(str(BadKey("x" * 10_000))) < 200


def test_an_unusable_value_carries_what_and_why() -> None:
    """Whoever catches it can say of which kind the value is and why it does not count, without reading the sentence."""
    error = UnusableValue("serial", "x" * 10_000, "placeholder")

    assert (error.kind, error.value, error.reason) == ("serial", "x" * 10_000, "placeholder")
    assert str(error) == f"serial '{'x' * 100}': placeholder"
