"""The order of rows: work is sorted, most worth first; a list of everything comes in the order in which it is read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from service.reports.context import ReportContext
from service.reports.definition import RowT


def most_worth_first(rows: Iterable[RowT], key: Callable[[RowT], Any], context: ReportContext) -> Iterator[RowT]:
    """Yield rows in order of a key; where all rows are wanted, as they come, so that none of them is held."""
    yield from rows if context.wanted.all else sorted(rows, key=key)
