"""What reports are written as: JSON for programs, CSV and XLSX for spreadsheets. All are written as the rows come."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from matching.codes import Code
from service.reports.formats.csv_file import csv_chunks
from service.reports.formats.json_document import json_chunks
from service.reports.formats.workbook import workbook_chunks
from service.reports.making import MadeReport


class Format(Code):
    """What a report can be written as."""

    JSON = "json", "JSON", "One object: how it was made, the rows, and what they add up to."
    CSV = "csv", "CSV", "RFC 4180, UTF-8; the first line names the columns."
    XLSX = "xlsx", "XLSX", "A workbook: the rows with types, filter and links, and a sheet that says what they mean."

    @property
    def media_type(self) -> str:
        """The Content-Type of such a file."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS: Mapping[Format, Callable[[MadeReport[Any, Any]], Iterator[bytes]]] = {
    Format.JSON: json_chunks,
    Format.CSV: csv_chunks,
    Format.XLSX: workbook_chunks,
}


def chunks(made: MadeReport[Any, Any], form: Format) -> Iterator[bytes]:
    """Yield a report as the bytes of a file; its rows are read meanwhile, so it can be written once."""
    return _WRITERS[form](made)
