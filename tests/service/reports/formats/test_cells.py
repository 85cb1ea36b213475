"""No text is run as a formula, whatever a spreadsheet takes for a separator."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.formats.cells import are_harmless, harmless

SIGNS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
SEPARATORS = [";", ",", "|", "\t", "\n", "\r"]
HOSTILE = st.text(st.sampled_from([*SIGNS, *SEPARATORS, "a", "1", " ", '"', "'"]), max_size=12)


@pytest.mark.parametrize("sign", [*SIGNS, "\t", "\r", "\n"])
def test_a_cell_that_begins_like_a_formula(sign: str) -> None:
    """An apostrophe stands before it."""
    assert harmless(f"{sign}cmd") == f"'{sign}cmd"


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("between", ["", " ", '"', ' "'])
def test_what_another_program_takes_for_a_cell_of_its_own(separator: str, between: str) -> None:
    """`a;=1+1;b` is three cells where the semicolon separates."""
    assert harmless(f"a{separator}{between}=1+1;b") == f"a{separator}{between}'=1+1;b"


@pytest.mark.parametrize("text", ["C-3PO", "a@b", "1 + 1", "ACME-LT-1; Floor 2", ""])
def test_what_is_no_formula_stays_as_it_was_written(text: str) -> None:
    """A hyphen inside a name is none."""
    assert harmless(text) == text


@given(HOSTILE)
def test_no_part_between_separators_begins_like_a_formula(text: str) -> None:
    """Cut at every separator that any program knows, with blanks and quotes off."""
    for part in re.split(r"[;,|\t\r\n]", harmless(text)):
        assert not part.lstrip(' "').startswith(tuple(SIGNS))


@given(st.lists(HOSTILE, max_size=4))
def test_a_line_is_looked_at_at_once(texts: list[str]) -> None:
    """A line is harmless exactly where each of its cells is."""
    assert are_harmless(texts) == all(harmless(text) == text for text in texts)
