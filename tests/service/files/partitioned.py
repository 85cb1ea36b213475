"""A fleet in a file, read into tables and partitioned, for the steps after that."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from matching.model import Decision
from matching.policy import Policy
from matching.relations.connecting import connect
from matching.relations.partition import partition_tables
from matching.relations.tables import IDENTITIES
from service.columns.database import DuckDBTables
from service.columns.reading import read_records
from service.core.progress import silent
from service.core.workers import NO_WORKERS
from service.files.lines import PLACES_OF_IDENTITIES, RecordLines, identity_at
from service.files.linking import Linker
from service.ingest.linefiles import LineFiles
from tests.service.files.matching import ndjson


class PartitionedFile(NamedTuple):
    """The tables of a file, its lines, and what resolves its components."""

    tables: DuckDBTables
    lines: RecordLines
    linker: Linker


@contextmanager
def partitioned(folder: Path, rows: Sequence[Any], *decisions: Decision) -> Iterator[PartitionedFile]:
    """Read rows from a file in a folder, calibrate, and find their components."""
    with LineFiles([str(ndjson(folder / "rows.ndjson", rows))], folder) as files, DuckDBTables(threads=1) as tables:
        read_records(tables, files, Policy(), NO_WORKERS, silent, None)
        tables.table(IDENTITIES, PLACES_OF_IDENTITIES)
        unpack = partial(identity_at, files.descriptors, Policy())
        calibration = partition_tables(tables, unpack, connect, Policy(), decisions).calibration
        yield PartitionedFile(
            tables,
            RecordLines(files.descriptors, Policy(), calibration),
            Linker(Policy(), calibration, decisions, with_reviews=True),
        )
