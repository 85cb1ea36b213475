"""
Compose golden records and the lines of clusters in the workers, in order, as pieces of the files that they become.

Partitions are ranges of records: the first partition has the first lines of the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from pyspark.sql import functions as sql

from matching.calibration.calibrate import Calibration
from matching.model import Key
from matching.policy import Policy
from matching.records import without_future_time
from matching.relations.database import SqlRow
from service.files.outputs import cluster_line, device_id, device_line
from service.ingest.ndjson import record_in
from service.spark.resolving import usable_identity
from service.spark.tables import RowsFunction, SparkTables, mapped

PIECE = 256 * 1024
"""Bytes of a file that are one row, at least, but for the last of a partition."""

MemberRow = tuple[int, bytes, bytes, str | None]
"""First record of the device, line, packed identity and longer hostname of one of its records."""

ClusterRow = tuple[str, str, str, str]
"""Key of a record, and the key of the first record of its device."""


@dataclass(frozen=True)
class Composer:
    """What makes golden records, in any process."""

    policy: Policy
    calibration: Calibration
    as_of: datetime | None

    def rows(self, rows: Iterator[MemberRow]) -> Iterator[SqlRow]:
        """Yield pieces of devices.ndjson, of rows in order of device and record."""
        return pieces(self._line(inside) for _, inside in groupby(rows, key=itemgetter(0)))

    def _line(self, rows: Iterable[MemberRow]) -> bytes:
        records = (
            (
                without_future_time(record_in(line), self.as_of),
                usable_identity(identity, self.calibration, longer),
            )
            for _, line, identity, longer in rows
        )
        return device_line(list(records), self.policy)


def cluster_rows(rows: Iterator[ClusterRow]) -> Iterator[SqlRow]:
    """Yield pieces of clusters.csv, of rows in order of record."""
    return pieces(cluster_line(Key(provider, id_), device_id(Key(*first))) for provider, id_, *first in rows)


def pieces(lines: Iterable[bytes]) -> Iterator[SqlRow]:
    """Yield lines together, in rows of one value."""
    some: list[bytes] = []
    size = 0
    for line in lines:
        some.append(line)
        size += len(line)
        if size >= PIECE:
            yield (b"".join(some),)
            some, size = [], 0
    if some:
        yield (b"".join(some),)


def cluster_lines(tables: SparkTables, records: int) -> Iterator[bytes]:
    """Yield clusters.csv in pieces, without its heading."""
    select = (
        "SELECT members.record, standing.provider, standing.id, first.provider AS first_provider, first.id AS first_id"
        " FROM members JOIN standing ON standing.record = members.record"
        " JOIN standing AS first ON first.record = members.home"
    )
    return _in_order(tables, "clusters", select, ("record",), records, cluster_rows)


def device_lines(tables: SparkTables, records: int, composer: Composer) -> Iterator[bytes]:
    """Yield devices.ndjson in pieces."""
    select = (
        "SELECT members.home, members.record, standing.line, standing.identity, longer.hostname FROM members"
        " JOIN standing ON standing.record = members.record LEFT JOIN longer ON longer.record = members.record"
    )
    return _in_order(tables, "devices", select, ("home", "record"), records, composer.rows)


def _in_order(  # noqa: PLR0913, PLR0917 - a file, where its rows are from, how they are ordered and what makes its lines
    tables: SparkTables, name: str, select: str, order: tuple[str, ...], records: int, function: RowsFunction
) -> Iterator[bytes]:
    """Yield the pieces of a file; partitions are ranges of the first column of the order."""
    part = sql.floor(sql.col(order[0]) * tables.partitions / max(records, 1)).cast("int")
    frame = tables.session.sql(select).repartitionById(tables.partitions, part).sortWithinPartitions(*order)
    made = mapped(frame.drop("record"), function, "text BINARY")
    place = sql.spark_partition_id().alias("part"), sql.monotonically_increasing_id().alias("place")
    for row in tables.keep(name, made.select(*place, "text")).orderBy("part", "place").select("text").toLocalIterator():
        yield bytes(row.text)
