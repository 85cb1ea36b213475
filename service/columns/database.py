"""
DuckDB as the database of the statements of `matching.relations`, in the memory of this process.

Rows come in as one text of JSON, column by column, of which DuckDB makes a table: so neither numpy nor Arrow is needed.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import orjson

from matching.relations.database import SqlRow
from service.core.errors import CannotWrite, WorkerFailed

PIECE = 50_000
"""Rows that are one text: some megabytes."""


class DuckDBTables:
    """Tables under names (`SqlDatabase`); use it as a context, at whose end they are gone."""

    def __init__(self, threads: int, memory: str = "1GiB", spill: Path | None = None) -> None:
        """
        Begin without any table.

        Args:
            memory: What all tables together may take of the memory, as DuckDB writes it.
            spill: A folder for what does not fit; whoever made it removes it. Without one nothing is written.
        """
        settings: dict[str, Any] = {
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill or ""),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,  # nothing is fetched from anywhere
        }
        self.connection = duckdb.connect(config=settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        if isinstance(error, duckdb.OutOfMemoryException):
            raise WorkerFailed(
                "the tables of all records do not fit into the memory and the space beside it"
            ) from error
        if isinstance(error, duckdb.IOException):
            raise CannotWrite(f"what does not fit into the memory cannot be written: {error}") from error

    def load(self, name: str, columns: str, rows: Iterable[SqlRow]) -> None:
        """Keep rows under a name (`SqlDatabase.load`); no value is `bytes`."""
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
        self.append(name, columns, rows)

    def append(self, name: str, columns: str, rows: Iterable[SqlRow]) -> None:
        """Add rows to a table of these columns."""
        names, types = zip(*(column.split() for column in columns.split(", ")), strict=True)
        shape = orjson.dumps({name: [type_] for name, type_ in zip(names, types, strict=True)}).decode()
        values = ", ".join(f"unnest(piece.{name})" for name in names)
        insert = f"INSERT INTO {name} SELECT {values} FROM (SELECT from_json(?, ?) AS piece)"
        remaining = iter(rows)
        while piece := list(islice(remaining, PIECE)):
            texts = dict(zip(names, zip(*piece, strict=True), strict=True))
            self.connection.execute(insert, [orjson.dumps(texts).decode(), shape])

    def table(self, name: str, select: str) -> None:
        """Keep the rows of a SELECT under a name (`SqlDatabase.table`)."""
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {select}")

    def rows(self, select: str) -> Iterator[SqlRow]:
        """Yield the rows of a SELECT, in its order (`SqlDatabase.rows`)."""
        yield from self.connection.execute(select).fetchall()
