"""The rows of a report as a page shows them: each cell a text, a number, a time, or where it leads to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from matching.codes import Code
from service.reports.catalogue.counts import BILLED, COUNTS
from service.reports.catalogue.coverage import COVERAGE, SUGGEST
from service.reports.context import ReportRequest
from service.reports.definition import CellType, Column, Report
from service.reports.making import MadeReport
from service.reports.totals import SingleTotal, single_totals

FIRST = 200
"""Rows that a page shows."""

KEPT_READ = 16
"""Reports that are kept as a page shows them: their first rows and totals."""

ALWAYS = ""
"""In place of the name of an option: without any."""

MORE_COLUMNS = {
    (COUNTS.name, ALWAYS): ("finding", "marked_because"),
    (COUNTS.name, BILLED): ("names",),
    (COVERAGE.name, SUGGEST): ("suggestion", "why", "decide"),
}
"""Columns that a page shows besides the main ones, by the name of a report and its option, or always."""

RECORDS = frozenset({"keep", "records", "first_record", "retire", "left_records", "right_records", "psa_records"})
"""Columns that hold records as `provider:id`, several with commas between."""

DEVICE = "device_id"
"""The column whose device the first name of a row leads to."""

BEHIND = "names"
"""The column of devices behind a number; their records stand in the column `records`, in the same order."""

NAMES = ("name", "hostname")
"""Columns that hold what a device is called."""

NUMBERS = frozenset({CellType.INTEGER, CellType.DECIMAL, CellType.MONEY})


class CellLink(NamedTuple):
    """A text and where it leads to."""

    text: str
    to: str


@dataclass(frozen=True)
class Cell:
    """A cell: its value, where it is one, and what of it leads somewhere."""

    column: Column
    value: Any
    links: Sequence[CellLink] = ()

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.column.type in NUMBERS

    @property
    def is_time(self) -> bool:
        """Whether it is a moment."""
        return isinstance(self.value, datetime)


@dataclass(frozen=True)
class ReadReport:
    """A report that is read to its end: its first rows, how many there are, and what they add up to."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    count: int
    totals: Any

    @property
    def numbers(self) -> list[SingleTotal]:
        """The totals that are something."""
        return [each for each in single_totals(self.totals) if each.value != 0]

    @property
    def zeros(self) -> list[str]:
        """The names of the totals that are nothing."""
        return [each.title for each in single_totals(self.totals) if each.value == 0]


class ReadReports:
    """The reports that were read last, by their tags: who comes back from a device to its row does not wait again."""

    def __init__(self) -> None:
        self._read: dict[str, ReadReport] = {}

    def has(self, made: MadeReport[Any, Any]) -> bool:
        """Whether a report with the same rows is kept."""
        return made.tag in self._read

    def read(self, made: MadeReport[Any, Any], wanted: ReportRequest) -> ReadReport:
        """Return a report as `read_report` does; one without a tag, or beside a given list, is read each time."""
        if made.tag is None or wanted.options.get(BILLED):
            return read_report(made, wanted)
        found = self._read.pop(made.tag, None) or read_report(made, wanted)
        self._read[made.tag] = found
        for tag in list(self._read)[:-KEPT_READ]:
            self._read.pop(tag, None)
        return found


def read_report(made: MadeReport[Any, Any], wanted: ReportRequest) -> ReadReport:
    """Read all rows of a report, and keep the first; a column that is empty in all of them is left out."""
    first = list(islice(made.rows, FIRST))
    count = len(first) + sum(1 for _ in made.rows)
    known = shown_columns(made.report, wanted)
    columns = [each for each in known if not first or _is_filled(each, first)]
    return ReadReport(columns, [list(cells_of(row, columns)) for row in first], count, made.totals())


def _is_filled(column: Column, rows: Sequence[Any]) -> bool:
    """A name leads to the device also where it is empty."""
    return column.name in NAMES or any(getattr(row, column.name) not in {None, ""} for row in rows)


def shown_columns(report: Report[Any, Any], wanted: ReportRequest) -> list[Column]:
    """Return the columns that a page shows: those that people read first, those of its options, and links."""
    more = {name for option in (ALWAYS, *wanted.options) for name in MORE_COLUMNS.get((report.name, option), ())}
    main = report.columns_first_read
    others = [each for each in report.columns if each not in main]
    found = [*main, *(each for each in others if each.name in more or each.type is CellType.LINK)]
    return found if {each.name for each in found} & {*NAMES} or not _has_device(report) else [*found, _device(report)]


def _has_device(report: Report[Any, Any]) -> bool:
    return any(each.name == DEVICE for each in report.columns)


def _device(report: Report[Any, Any]) -> Column:
    return next(each for each in report.columns if each.name == DEVICE)


def cells_of(row: Any, columns: Iterable[Column]) -> Iterator[Cell]:
    """Yield the cells of a row in some columns; the first name leads to the device."""
    device_id = getattr(row, DEVICE, None)
    for column in columns:
        value = getattr(row, column.name)
        if device_id and (column.name in NAMES or column.name == DEVICE):
            called = value or next((text for name in NAMES if (text := getattr(row, name, None))), "(no name)")
            text = str(called) if column.name in NAMES else "open the device"
            yield Cell(column, None, [CellLink(text, f"/devices/{quote(device_id, safe='')}")])
            device_id = None
        elif column.name == BEHIND and value:
            yield _behind(column, value, row.records or "")
        else:
            yield _cell(column, value)


def _cell(column: Column, value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell(column, "yes" if value else "no")
    if isinstance(value, float):
        return Cell(column, f"{value:,.2f}" if column.type is CellType.MONEY else number_text(value))
    if not isinstance(value, str) or isinstance(value, Code):
        return Cell(column, value)
    if column.type is CellType.LINK:
        return Cell(column, None, [CellLink("open", value)] if urlsplit(value).scheme in {"http", "https"} else ())
    if column.name in RECORDS:
        return _records(column, value)
    return Cell(column, value)


def number_text(value: Any) -> Any:
    """
    Return a number with decimals as people write it; of anything else itself.

    >>> number_text(1378.0), number_text(0.25), number_text(7)
    ('1,378', '0.25', 7)
    """
    return f"{value:,.10g}" if isinstance(value, float) else value


def _records(column: Column, value: str) -> Cell:
    """Each record leads to its device; what is no record, as `and 12 more`, stays a text."""
    parts = value.split(", ")
    links = [CellLink(part, f"/search?q={quote(part, safe='')}") for part in parts if _is_record(part)]
    others = ", ".join(part for part in parts if not _is_record(part))
    return Cell(column, others or None, links)


def _behind(column: Column, names: str, records: str) -> Cell:
    """Each name leads to the device of its record; where a name has a comma, it is not known which is whose."""
    called, keys = names.split(", "), [each for each in records.split(", ") if _is_record(each)]
    more = called.pop() if re.fullmatch(r"and [\d,]+ more", called[-1]) else None
    if len(called) != len(keys):
        return Cell(column, names)
    links = [CellLink(name, f"/search?q={quote(key, safe='')}") for name, key in zip(called, keys, strict=True)]
    return Cell(column, more, links)


def _is_record(text: str) -> bool:
    provider, colon, record_id = text.partition(":")
    return bool(colon and record_id) and provider.isidentifier() and " " not in text
