"""Numbers are read as they are written, and nothing else is taken for one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.catalogue.billing.numbers import LARGEST, read_number

WRITTEN = {
    "12": "12",
    "12.0": "12",
    "1,200": "1200",
    "1,200,000": "1200000",
    "1.200.000": "1200000",
    "1.200,50": "1200.5",
    "1,200.50": "1200.5",
    "1\u00a0200,5": "1200.5",
    "1'200.00": "1200",
    "1\u2019200": "1200",
    "12,5": "12.5",
    ".5": "0.5",
    "5.": "5",
    "-3": "-3",
    "3-": "-3",
    "\u22123": "-3",
    "(3)": "-3",
    "+3": "3",
    "$1,200.00": "1200",
    "12,50 \u20ac": "12.5",
    "EUR 9.90": "9.9",
    "9.90 EUR": "9.9",
    "-$3": "-3",
}
NO_NUMBERS = [
    *(
        "",
        " ",
        ".",
        ",",
        "-",
        "()",
        "--3",
        "twelve",
        "12 pieces",
        "12 x 3",
        "1,20,000",
        "1,2,3",
        "1.2.3",
        "1e5",
        "0x10",
    ),
    *("nan", "inf", "-inf", "\u0663", "1\x00", "=1+1", "5%", "9" * 10, "1" * 50, "20 Nov 2026", "(3", "3)"),
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    """Thousands, decimals, signs and currencies of several countries."""
    assert read_number(text) == Decimal(WRITTEN[text])


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_none(text: str) -> None:
    """A guess would be an invoice that is wrong."""
    assert read_number(text) is None


@given(st.decimals(-LARGEST, LARGEST, allow_nan=False, places=2))
def test_what_a_program_writes_is_read_back(number: Decimal) -> None:
    """Plain, with commas between thousands, with the two signs changed over, and in brackets."""
    plain, grouped = f"{number:.2f}", f"{number:,.2f}"
    changed_over = grouped.translate(str.maketrans(",.", ".,"))

    assert {read_number(text) for text in (plain, grouped, changed_over)} == {number}
    assert read_number(f"({abs(number):,.2f})") == -abs(number)


@given(st.text(max_size=30))
def test_any_text_is_a_number_within_bounds_or_none(text: str) -> None:
    """And never an error."""
    number = read_number(text)

    assert number is None or (number.is_finite() and abs(number) <= LARGEST)
