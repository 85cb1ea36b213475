"""A report in short for a person at a terminal: what it is about, its totals in words, and its first rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from service.cli.terminal import progress, show, show_table, show_text, show_title
from service.core.progress import Progress
from service.reports.definition import RowT
from service.reports.making import MadeReport
from service.reports.totals import cell_text, single_totals

FIRST = 20
"""Rows that are shown."""

STEP = 500
"""Rows between two looks at how far a report is."""


def show_report(made: MadeReport[Any, Any]) -> None:
    """Read all rows of a report, and show what they add up to and the first of them."""
    report, head = made.report, made.head
    with counted(made):
        rows = list(islice(made.rows, FIRST))
        count = len(rows) + sum(1 for _ in made.rows)
    show_title(f"{report.title}: {count:,} {'row' if count == 1 else 'rows'}")
    show_text(report.description)
    if head.narrowed_to:
        show_text(f"Narrowed to {head.narrowed_to}.")
    for note in head.notes:
        show_text(f"{note[:1].upper()}{note[1:]}.")
    for warning in head.warnings:
        show_text(f"Take care: {warning}")
    show()
    show_table("Totals", ("", ""), [(total.text, total.meaning) for total in single_totals(made.totals())])
    if rows:
        _show_rows(made, rows, count)
    show_text(f"All rows with all columns: the same command with --out {report.name}.xlsx")
    show_text("As text for a pipe: --format csv, or --format json.")


@contextmanager
def counted(made: MadeReport[Any, Any]) -> Iterator[None]:
    """Show meanwhile how many rows of a report were read."""
    with progress() as report:
        made.rows = _telling(made.rows, report, made.report.name)
        yield


def _telling(rows: Iterable[RowT], report: Progress, what: str) -> Iterator[RowT]:
    report(what, 0)
    for number, row in enumerate(rows, start=1):
        if number % STEP == 0:
            report(what, number)
        yield row


def _show_rows(made: MadeReport[Any, Any], rows: list[Any], count: int) -> None:
    columns = made.report.columns_first_read
    title = f"The first {len(rows)}" if count > len(rows) else "Rows"
    lines = [[cell_text(getattr(row, column.name)) for column in columns] for row in rows]
    lines = [[line[0] or f"(no {columns[0].title.lower()})", *line[1:]] for line in lines]
    show_table(title, [column.title for column in columns], lines)
