"""Rows of a list: no wider than the terminal, and nothing that a person copies is broken."""

import pytest
from rich.cells import cell_len

from service.cli.cards import columns, rows_in_columns

RECORD = "cw_rmm:c5b62a7a-bf69-4f0c-a65d-f45a3ce6c4ca"


@pytest.fixture(autouse=True)
def _lines_of_50_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")


def test_cells_stand_below_each_other() -> None:
    """As long as rows fit."""
    assert columns([("a", "bb", None), ("aaaa", "b", 3)]) == ["  a     bb", "  aaaa  b   3"]
    assert columns([]) == []


def test_a_row_that_does_not_fit_goes_on_in_another_line() -> None:
    """Others stay in their columns, and no cell is cut off."""
    rows = rows_in_columns([("cw_manage:4711", "PC-1", "live"), (RECORD, "PC-1", "live")])

    assert rows == [["  cw_manage:4711                        PC-1  live"], [f"  {RECORD}", "    PC-1  live"]]


def test_a_cell_that_is_longer_than_a_line_is_wrapped_between_words() -> None:
    """Letters that take two columns count twice, as a terminal shows them."""
    [[*first, last]] = rows_in_columns([("x", "北京 " * 30, "live")], "")

    assert len(first) > 2
    assert max(map(cell_len, first)) <= 50
    assert " ".join("".join(f" {line}" for line in (*first, last)).split()) == f"x {'北京 ' * 30}live"


def test_what_a_terminal_would_obey_is_shown() -> None:
    """Providers write it."""
    assert columns([("a\x1b[2Jb\nc",)]) == [r"  a\x1b[2Jb\nc"]
