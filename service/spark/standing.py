"""
Keep one record a key, the later one (`records.latest`), and number the records in order of key.

One range of keys is one partition, so that equal keys meet there and the order of keys is that of the partitions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import accumulate, groupby
from operator import itemgetter

from pyspark.sql import functions as sql

from matching.relations.database import SqlRow
from matching.relations.tables import HELD, IDENTITIES, LINKS, RECORDS, TABLES, held_rows, link_rows, record_row
from service.core.packing import unpacked
from service.ingest.ndjson import is_later
from service.spark.reading import RECORD
from service.spark.tables import SparkTables, mapped

COLUMNS = "provider STRING, id STRING, line BINARY, identity BINARY"

KeyedLine = tuple[str, str, bytes, bytes]
"""Provider, id, line and packed identity of a record."""

PLACES = 1 << 33
"""Rows that a partition holds at most: Spark counts them in the lower 33 bits of an id."""


@dataclass(frozen=True)
class Latest:
    """What chooses among the lines of a key, in any process."""

    as_of: datetime | None

    def rows(self, lines: Iterator[KeyedLine]) -> Iterator[SqlRow]:
        """Yield one line a key, of lines in order of key."""
        for _, inside in groupby(lines, key=itemgetter(0, 1)):
            yield reduce(self._later, inside)

    def _later(self, standing: KeyedLine, other: KeyedLine) -> KeyedLine:
        return other if is_later(other[2], standing[2], self.as_of) else standing


def number_records(tables: SparkTables, as_of: datetime | None) -> int:
    """
    Keep the records that stand as the view `standing`, which has their numbers, and return how many there are.

    `record` is the position in order of key: 0 for the first, without gaps.
    """
    frame = tables.session.table("read").where(RECORD).select("provider", "id", "line", "identity")
    keys = frame.repartitionByRange(tables.partitions, "provider", "id").sortWithinPartitions("provider", "id")
    placed = mapped(keys, Latest(as_of).rows, COLUMNS).select(
        "*",
        sql.spark_partition_id().alias("part"),
        (sql.monotonically_increasing_id() % PLACES).alias("place"),
    )
    kept = tables.keep("placed", placed)
    sizes: dict[int, int] = dict(tables.rows("SELECT part, count(*) FROM placed GROUP BY part"))
    counts = [sizes.get(part, 0) for part in range(tables.partitions)]
    first = sql.array(*(sql.lit(place).cast("bigint") for place in accumulate(counts[:-1], initial=0)))
    record = sql.get(first, sql.col("part")) + sql.col("place")
    kept.select(record.alias("record"), "provider", "id", "line", "identity").createOrReplaceTempView("standing")
    return sum(counts)


def keep_relations(tables: SparkTables) -> None:
    """Keep the tables that the statements of `matching.relations` begin with."""
    identities = tables.session.table("standing").select("record", "identity")
    identities.createOrReplaceTempView(IDENTITIES)
    for name, function in ((RECORDS, record_rows), (HELD, all_held_rows), (LINKS, all_link_rows)):
        tables.keep(name, mapped(identities, function, TABLES[name]))


def record_rows(rows: Iterator[tuple[int, bytes]]) -> Iterator[SqlRow]:
    """Yield the row of each record in the table `records`."""
    for record, identity in rows:
        yield record_row(record, unpacked(identity))


def all_held_rows(rows: Iterator[tuple[int, bytes]]) -> Iterator[SqlRow]:
    """Yield the rows of each record in the table `held`."""
    for record, identity in rows:
        yield from held_rows(record, unpacked(identity))


def all_link_rows(rows: Iterator[tuple[int, bytes]]) -> Iterator[SqlRow]:
    """Yield the rows of each record in the table `links`."""
    for record, identity in rows:
        yield from link_rows(record, unpacked(identity))
