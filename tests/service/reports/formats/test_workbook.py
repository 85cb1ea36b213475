"""Workbooks are read back by another library, as a spreadsheet would."""

import io
from typing import Any

import openpyxl
import pytest

from service.reports.formats import workbook
from service.reports.formats.workbook import workbook_chunks
from tests.service.reports.formats.lines import NOON, Line, made_of


def read_back(*lines: Line) -> Any:
    """Return the workbook of some lines."""
    return openpyxl.load_workbook(io.BytesIO(b"".join(workbook_chunks(made_of(lines)))))


def test_cells_have_types() -> None:
    """Numbers add, times sort, links open, and what is absent is empty."""
    sheet = read_back(Line("ACME", 3, 0.5, 12.25, NOON, is_active=True, page="https://psa.example/1"), Line(None))[
        "Rows"
    ]

    assert [cell.value for cell in sheet[2]][:6] == ["ACME", 3, 0.5, 12.25, NOON.replace(tzinfo=None), True]
    assert sheet["G2"].hyperlink.target == "https://psa.example/1"
    assert [cell.value for cell in sheet[3]] == [None, 0, None, None, None, None, None]


def test_a_reader_can_sort_and_filter() -> None:
    """The heading stays in sight, has the titles, and carries the filter."""
    sheet = read_back(Line("a"), Line("b"))["Rows"]

    assert [sheet["A1"].value, sheet["B1"].value, sheet["F1"].value] == ["Name", "Count", "is active"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G3")


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "http://evil.example", "{=1}", "1234", "\t=1"])
def test_a_text_is_a_text(text: str) -> None:
    """It is no formula, no link and no number, and stands as it was written."""
    cell = read_back(Line(text))["Rows"]["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_whoever_gets_the_file_alone_knows_what_it_says() -> None:
    """What it means, when and from which feeds it was made, what to take care of, and each column."""
    sheet = read_back(Line("a"), Line("b"))["About"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows()}

    assert said["Made at"] == "2026-11-23T12:00:00Z"
    assert said["Made from"] == "cw_rmm (RMM): 12 records, last read 2026-11-23 12:00 UTC, held"
    assert (said["Take care"], said["Narrowed to"]) == ("cw_rmm is held", "customer Acme")
    assert said["Rests on"] == "billed quantities are of last week"
    assert (said["Total: lines"], said["Column: Name"]) == ("2", "What it is called.")


def test_a_full_sheet_goes_on_in_a_further_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The format allows a million rows a sheet."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    book = read_back(*(Line(str(n)) for n in range(5)))

    assert [[row[0].value for row in book[name].iter_rows(min_row=2)] for name in ("Rows", "Rows 2", "Rows 3")] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
    ]
