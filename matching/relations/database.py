"""
What runs the statements of this room: DuckDB on one machine, Spark on many.

Statements keep to what both understand alike, so that one text serves both (decision 0102): joins, unions, CASE,
aggregates, window functions over PARTITION BY, substr, length. Every column is qualified where two tables meet, and no
name is a reserved word of either. Texts compare by code point in both. A value reaches a statement as a row of a table,
never as a part of its text.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

SqlRow = tuple[Any, ...]
"""One row: `str`, `int`, `bool`, `bytes` or None for each column."""


class SqlDatabase(Protocol):
    """Tables under names, each filled from rows or by a SELECT. A name that is given again is another table."""

    def load(self, name: str, columns: str, rows: Iterable[SqlRow]) -> None:
        """
        Keep rows under a name.

        Args:
            columns: Name and type of each column, as in `record BIGINT, provider STRING`.
        """
        ...

    def table(self, name: str, select: str) -> None:
        """Keep the rows of a SELECT under a name; it is computed once, whoever reads it."""
        ...

    def rows(self, select: str) -> Iterator[SqlRow]:
        """Yield the rows of a SELECT, in its order. Read them to their end before the next call."""
        ...
