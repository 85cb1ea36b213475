"""
Tables on Spark: each is kept as Parquet in a scratch folder, and read from there by whoever asks.

So a step that is lost with its machine is computed again from the last table, not from the input. Python functions
take and give the rows of one partition as tuples; Arrow carries them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow
from pyspark.sql import DataFrame, SparkSession

from matching.relations.database import SqlRow

RowsFunction = Callable[[Iterator[Any]], Iterator[SqlRow]]
"""From the rows of a partition, in order, to other rows. It is pickled and called in other processes."""

MOST_ROWS, MOST_BYTES = 4_096, 4 * 1024 * 1024
"""Rows, and bytes in them, that go to Spark at once."""


class SparkTables:
    """Tables under names, in the scratch folder of one run. A name that is given again is another table."""

    def __init__(self, session: SparkSession, scratch: str) -> None:
        """
        Begin without any table.

        Args:
            scratch: The address of a folder that driver and workers reach; who made it removes it.
        """
        self.session = session
        self.partitions = int(session.conf.get("spark.sql.shuffle.partitions"))
        self._scratch = scratch.rstrip("/")
        self._kept = 0

    def keep(self, name: str, frame: DataFrame) -> DataFrame:
        """Compute a table now and keep it under a name."""
        self._kept += 1
        path = f"{self._scratch}/{self._kept:04}-{name}"
        frame.write.parquet(path)
        kept = self.session.read.schema(frame.schema).parquet(path)
        kept.createOrReplaceTempView(name)
        return kept

    def load(self, name: str, columns: str, rows: Iterable[SqlRow]) -> None:
        """Keep rows of the driver under a name; there are few of them (`SqlDatabase.load`)."""
        names, types = _columns(columns)
        values = zip(*rows, strict=True)
        arrays = [pyarrow.array(next(values, ()), _arrow_types()[kind]) for kind in types]
        table = pyarrow.table(arrays, names=names)
        self.session.createDataFrame(table).createOrReplaceTempView(name)

    def table(self, name: str, select: str) -> None:
        """Keep the rows of a SELECT under a name (`SqlDatabase.table`)."""
        self.keep(name, self.session.sql(select))

    def rows(self, select: str) -> Iterator[SqlRow]:
        """Yield the rows of a SELECT, in its order (`SqlDatabase.rows`)."""
        yield from map(tuple, self.session.sql(select).collect())


def mapped(frame: DataFrame, function: RowsFunction, columns: str) -> DataFrame:
    """
    Return the rows that a function gives, which is called once a partition, with all its rows in order.

    Args:
        columns: Name and type of each column that it gives, as in `record BIGINT, line BINARY`.
    """
    names, types = _columns(columns)

    def batches(given: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        kinds = _arrow_types()
        rows = (row for batch in given for row in zip(*(each.to_pylist() for each in batch.columns), strict=True))
        for some in in_pieces(function(rows)):
            values = zip(*some, strict=True)
            yield pyarrow.RecordBatch.from_arrays(
                [pyarrow.array(each, kinds[kind]) for each, kind in zip(values, types, strict=True)], names
            )

    return frame.mapInArrow(batches, columns)


def _columns(columns: str) -> tuple[list[str], list[str]]:
    """Return the names of columns and their types."""
    names, types = zip(*(column.split() for column in columns.split(", ")), strict=True)
    return list(names), list(types)


def _arrow_types() -> dict[str, pyarrow.DataType]:
    """Return Spark's name of a type -> the type of Arrow."""
    return {
        "BIGINT": pyarrow.int64(),
        "INT": pyarrow.int32(),
        "DOUBLE": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
        "STRING": pyarrow.string(),
        "BINARY": pyarrow.binary(),
        "ARRAY<STRING>": pyarrow.list_(pyarrow.string()),
    }


def in_pieces(rows: Iterable[SqlRow]) -> Iterator[list[SqlRow]]:
    """Yield rows in lists that memory holds easily."""
    some: list[SqlRow] = []
    size = 0
    for row in rows:
        some.append(row)
        size += sum(len(value) for value in row if isinstance(value, bytes))
        if len(some) == MOST_ROWS or size >= MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some
