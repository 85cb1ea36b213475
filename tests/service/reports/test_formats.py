"""Files that other programs open: what they must be able to rely on."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.formats import Row, as_csv


class Line(Row):
    """Two columns."""

    name: str | None
    count: int = 0


def read_back(data: bytes) -> list[list[str]]:
    """Return what a reader of RFC 4180 makes of a file."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_a_csv_file_reads_back_as_it_was(names: list[str]) -> None:
    """Whatever machines are called, commas, quotes and line ends included, the cells are theirs again."""
    rows = read_back(as_csv(["name", "count"], [Line(name=name) for name in names]))

    assert rows[0] == ["name", "count"]
    assert [row[0].removeprefix("'") for row in rows[1:]] == [name.removeprefix("'") for name in names]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    """A machine named like a formula is text when a spreadsheet opens the file."""
    [_, [name, count]] = read_back(as_csv(["name", "count"], [Line(name=f'{start}cmd|" /C calc"!A0', count=-1)]))

    assert name == f'\'{start}cmd|" /C calc"!A0'
    assert count == "-1"  # our own numbers stay numbers


def test_lines_end_as_the_standard_says() -> None:
    """CR LF after every line, an empty cell for what is absent."""
    assert as_csv(["name", "count"], [Line(name=None)]) == b"name,count\r\n,0\r\n"
