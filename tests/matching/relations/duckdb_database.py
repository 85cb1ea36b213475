"""DuckDB as the database of the statements."""

from collections.abc import Iterable, Iterator
from itertools import chain

import duckdb

from matching.relations.database import SqlRow

BATCH = 500
"""Rows that are inserted by one statement."""


class DuckDBDatabase:
    """Tables in memory. One thread: the fleets of tests are small, and threads take longer to start."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})

    def load(self, name: str, columns: str, rows: Iterable[SqlRow]) -> None:
        """Keep rows under a name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        kept = list(rows)
        for start in range(0, len(kept), BATCH):
            some = kept[start : start + BATCH]
            places = ", ".join(f"({', '.join('?' * len(row))})" for row in some)
            self.connection.execute(f"INSERT INTO {name} VALUES {places}", list(chain.from_iterable(some)))

    def table(self, name: str, select: str) -> None:
        """Keep the rows of a SELECT under a name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")

    def rows(self, select: str) -> Iterator[SqlRow]:
        """Yield the rows of a SELECT."""
        yield from self.connection.execute(select).fetchall()
