"""The order of rows: work is sorted, most worth first; a list of everything comes in the order in which it is read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from service.reports.context import ReportContext

ItemT = TypeVar("ItemT")


def most_worth_first(rows: Iterable[ItemT], key: Callable[[ItemT], Any], context: ReportContext) -> Iterator[ItemT]:
    """Yield rows in order of a key; where all rows are wanted, as they come, so that none of them is held."""
    yield from rows if context.wanted.all else sorted(rows, key=key)
