"""
The order of rows: work is sorted, most worth first; a list of everything comes in the order in which it is read.

Rows beyond a bound wait on disk in sorted runs, so that a long report needs no more memory than a short one.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from service.reports.context import ReportContext
from service.reports.definition import RowT

ROWS_IN_MEMORY = 20_000
"""Rows of one run; a row of a report takes up to 1.5 KB."""


def most_worth_first(rows: Iterable[RowT], key: Callable[[RowT], Any], context: ReportContext) -> Iterator[RowT]:
    """Yield rows in order of a key; where all rows are wanted, as they come."""
    yield from rows if context.wanted.all else in_order(rows, key)


def in_order(rows: Iterable[RowT], key: Callable[[RowT], Any], rows_in_memory: int = ROWS_IN_MEMORY) -> Iterator[RowT]:
    """Yield rows as `sorted` does, also in the order of rows whose keys are equal, and hold at most one run of them."""
    left = iter(rows)
    run = sorted(islice(left, rows_in_memory), key=key)
    if len(run) < rows_in_memory:
        yield from run
        return
    with ExitStack() as files:
        runs = []
        while run:
            file = files.enter_context(TemporaryFile())
            _write(run, file)
            runs.append(file)
            run = sorted(islice(left, rows_in_memory), key=key)
        yield from merge(*map(_read, runs), key=key)


def _write(rows: Iterable[Any], file: IO[bytes]) -> None:
    for row in rows:
        pickle.dump(row, file, pickle.HIGHEST_PROTOCOL)
    file.seek(0)


def _read(file: IO[bytes]) -> Iterator[Any]:
    while True:
        try:
            row = pickle.load(file)  # noqa: S301 - a file without a name, which this process wrote
        except EOFError:
            return
        yield row
