"""Make the lines of clusters and devices of the tables of a run, in order; golden records in the worker processes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter

from matching.model import Key
from matching.records import without_future_time
from service.columns.database import DuckDBTables
from service.core.packing import Plain
from service.core.progress import Progress
from service.core.workers import WorkerPool
from service.files.lines import RecordLines
from service.files.outputs import CLUSTERS_HEADING, cluster_line, device_id, device_line

PIECE = 1_000
"""Devices whose golden records a process composes at a time."""

HOMES = """
    SELECT members.home, records.provider, records.id, first.provider, first.id
    FROM members
    JOIN records ON records.record = members.record
    JOIN records AS first ON first.record = members.home
    ORDER BY members.record
"""

DEVICES = "SELECT count(DISTINCT members.home) FROM members"

MEMBER_LINES = """
    SELECT members.home, places.file, places.start, places.length, longer.hostname
    FROM members
    JOIN places ON places.record = members.record
    LEFT JOIN longer ON longer.record = members.record
    ORDER BY members.home, members.record
"""


@dataclass(frozen=True)
class _Composer:
    """What makes golden records, in any process."""

    lines: RecordLines
    as_of: datetime | None

    def composed(self, devices: Sequence[Sequence[Plain]]) -> bytes:
        """Return the lines of some devices, each given as the lines of its records."""
        return b"".join(map(self._device, devices))

    def _device(self, lines: Sequence[Plain]) -> bytes:
        rows = [self.lines.usable(line) for line in lines]
        counted = [(without_future_time(record, self.as_of), identity) for record, identity in rows]
        return device_line(counted, self.lines.policy)


def cluster_lines(tables: DuckDBTables) -> Iterator[bytes]:
    """Yield clusters.csv, in order of key."""
    yield CLUSTERS_HEADING
    ids: dict[int, str] = {}
    for home, provider, record_id, *first in tables.rows(HOMES):
        name = ids.get(home)
        if name is None:
            name = ids[home] = device_id(Key(*first))
        yield cluster_line(Key(provider, record_id), name)


def device_lines(
    tables: DuckDBTables, lines: RecordLines, pool: WorkerPool, as_of: datetime | None, progress: Progress
) -> Iterator[bytes]:
    """Yield devices.ndjson, many lines at a time, in order of first key. Raises: WorkerFailed."""
    [(expected,)] = tables.rows(DEVICES)
    devices = ([row[1:] for row in rows] for _, rows in groupby(tables.rows(MEMBER_LINES), key=itemgetter(0)))
    pieces = iter(lambda: list(islice(devices, PIECE)), [])
    for number, text in enumerate(pool.work(_Composer(lines, as_of).composed, pieces), 1):
        yield text
        progress("golden records", min(number * PIECE, expected), expected)
