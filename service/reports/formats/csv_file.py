"""A report as CSV (RFC 4180), in UTF-8."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from service.reports.formats.cells import are_harmless, harmless, time_text
from service.reports.making import MadeReport

LINES = 200
"""Lines that are handed out at a time."""


def csv_chunks(made: MadeReport[Any, Any]) -> Iterator[bytes]:
    """Yield a line that names the columns, then the rows."""
    cells = made.report.cells
    yield _lines([[column.name for column in made.report.columns]])
    while rows := list(islice(made.rows, LINES)):
        yield _lines(_written(cells(row)) for row in rows)


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _written(cells: Iterable[Any]) -> list[str]:
    """Numbers stay numbers, also negative ones; of texts none may be run."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    if are_harmless(texts):
        return [_text(cell) for cell in cells]
    return [harmless(cell) if isinstance(cell, str) else _text(cell) for cell in cells]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return time_text(cell) if isinstance(cell, datetime) else str(cell)
