"""
A report as a workbook (XLSX): the rows, and a sheet that says what they mean and how they were made.

Rows go to a file beside the memory as they come. Every text is written as a text, so that none becomes a formula.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from service.reports.definition import CellType, Column
from service.reports.formats.cells import time_text
from service.reports.making import MadeReport
from service.reports.totals import single_totals

CHUNK = 1 << 16
"""Bytes that are handed out at a time."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading, which the format allows; what is beyond goes on in a further sheet."""

MOST_LINKS = 65_530
"""Links of a sheet that the format allows; an address beyond them is a text."""

LONGEST_TEXT = 32_767
"""Characters of a cell that the format allows."""

WIDTHS = {
    CellType.TEXT: 24,
    CellType.INTEGER: 10,
    CellType.DECIMAL: 10,
    CellType.MONEY: 12,
    CellType.TIME: 20,
    CellType.BOOLEAN: 8,
    CellType.LINK: 16,
}
"""Characters that a column shows."""

NUMBER_FORMATS = {
    CellType.INTEGER: "#,##0",
    CellType.DECIMAL: "#,##0.##",
    CellType.MONEY: "#,##0.00",
    CellType.TIME: 'yyyy-mm-dd hh:mm:ss" UTC"',
}


def workbook_chunks(made: MadeReport[Any, Any]) -> Iterator[bytes]:
    """Yield the workbook, which is complete before its first byte is known."""
    with TemporaryDirectory(prefix="samebox-") as folder:
        path = Path(folder) / "report.xlsx"
        _Workbook(path, folder, made).write()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


class _Workbook:
    """One workbook while it is written, a row at a time."""

    def __init__(self, path: Path, folder: str, made: MadeReport[Any, Any]) -> None:
        self.made = made
        self.columns = made.report.columns
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"title": made.report.title, "created": made.head.generated_at.replace(tzinfo=None)})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {type_: self.book.add_format({"num_format": text}) for type_, text in NUMBER_FORMATS.items()}
        self.links = 0

    def write(self) -> None:
        """Write everything, and end the file."""
        about = self.book.add_worksheet("About")
        number = 1
        while self._rows(number):
            number += 1
        self._about(about)
        self.book.get_worksheet_by_name("Rows").activate()
        self.book.close()

    def _rows(self, number: int) -> bool:
        """Write a sheet of rows; return whether it is full, so that there may be more."""
        sheet = self.book.add_worksheet("Rows" if number == 1 else f"Rows {number}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, _width(column), self.formats.get(column.type))
            sheet.write_string(0, place, column.title, self.bold)
        self.links = line = 0
        cells = self.made.report.cells
        for line, row in enumerate(self.made.rows, start=1):
            for place, (column, cell) in enumerate(zip(self.columns, cells(row), strict=True)):
                self._cell(sheet, line, place, column.type, cell)
            if line == MOST_ROWS:
                break
        sheet.autofilter(0, 0, max(line, 1), len(self.columns) - 1)
        return line == MOST_ROWS

    def _cell(self, sheet: Worksheet, line: int, place: int, type_: CellType, cell: Any) -> None:
        if cell is None:
            return
        format_ = self.formats.get(type_)
        if isinstance(cell, bool):
            sheet.write_boolean(line, place, cell, format_)
        elif isinstance(cell, datetime):
            sheet.write_datetime(line, place, cell.astimezone(UTC).replace(tzinfo=None), format_)
        elif isinstance(cell, int | float):
            sheet.write_number(line, place, cell, format_)
        elif (
            type_ is CellType.LINK
            and self.links < MOST_LINKS
            and sheet.write_url(line, place, cell, string="open") == 0
        ):
            self.links += 1
        else:
            sheet.write_string(line, place, str(cell)[:LONGEST_TEXT], format_)

    def _about(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        for line, (name, text) in enumerate(self._lines()):
            sheet.write_string(line, 0, name, self.bold)
            sheet.write_string(line, 1, text[:LONGEST_TEXT], self.wrapped)

    def _lines(self) -> Iterator[tuple[str, str]]:
        """What somebody has to know who is sent the file alone."""
        report, head = self.made.report, self.made.head
        yield report.title, report.description
        yield "What it means", report.explanation
        yield "Made at", time_text(head.generated_at)
        yield "Narrowed to", head.narrowed_to or "nothing: it is about everything that is stored"
        for note in head.notes:
            yield "Rests on", note
        for warning in head.warnings:
            yield "Take care", warning
        for source in head.sources:
            yield "Made from", source.sentence
        for total in single_totals(self.made.totals()):
            yield f"Total: {total.title}", total.text
        for column in report.columns:
            yield f"Column: {column.title}", column.meaning


def _width(column: Column) -> float:
    return max(WIDTHS[column.type], len(column.title) + 3)
