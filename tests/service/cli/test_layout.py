"""Lines: wrapped between words, and columns that share a line."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cli.layout import NARROWEST, PLAIN_WIDTH, column_widths, hanging, line_width, wrapped

WORDS = st.text("abcxyz0189:-", min_size=1, max_size=36)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def test_a_word_wider_than_a_line_is_broken_and_no_letter_is_lost() -> None:
    """Also one of letters that take two columns each."""
    assert wrapped("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrapped("\u5317\u4eac" * 3, 4) == ["\u5317\u4eac"] * 3
    assert wrapped("", 10) == [""]


def test_a_line_that_goes_on_is_indented_further() -> None:
    """So that two commands below each other are told apart."""
    assert hanging("  decide same 17 --why x", 16) == ["  decide", "      same 17", "      --why x"]
    assert hanging("  decide same 17", 16) == ["  decide same 17"]


@pytest.mark.parametrize(
    ("columns", "width"), [("", PLAIN_WIDTH), ("120", 120), ("0", PLAIN_WIDTH), ("many", PLAIN_WIDTH), ("7", NARROWEST)]
)
def test_a_pipe_is_as_wide_as_columns_says(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    """80 where it says nothing that makes sense; never so narrow that no word fits."""
    monkeypatch.setenv("COLUMNS", columns)

    assert line_width(io.StringIO()) == width


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=6), st.integers(0, 200))
def test_columns_get_their_widest_word_and_no_more_than_there_is(columns: list[list[str]], room: int) -> None:
    """Or there is no table at all; nothing is given to a column that does not want it."""
    widths = column_widths(columns, room)

    needed = sum(max((len(word) for text in texts for word in text.split()), default=0) for texts in columns)
    if widths is None:
        assert room < sum(max(len(text) for text in texts) for texts in columns)
        return
    assert needed <= sum(widths) <= room
    for texts, width in zip(columns, widths, strict=True):
        assert max((len(word) for text in texts for word in text.split()), default=0) <= width
        assert width <= max(map(len, texts))
