"""Read the lines that are not ordinary one by one, in the worker processes, into rows of the tables of records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.evidence.identity import identify
from matching.policy import Policy
from matching.relations.database import SqlRow
from matching.relations.tables import HELD, LINKS, RECORDS, TABLES, held_rows, link_rows, record_row
from service.columns.database import DuckDBTables
from service.columns.lines import place_of
from service.core.workers import WorkerPool
from service.ingest.linefiles import BadLine, Descriptors, LineFiles
from service.ingest.ndjson import Rejected, read_line

OTHER = "other_"
"""What the names of the tables begin with that have the rows of these lines."""

PIECE = 500
"""Lines that a process reads at a time."""


def read_others(tables: DuckDBTables, files: LineFiles, policy: Policy, pool: WorkerPool) -> list[BadLine]:
    """
    Fill `other_records`, `other_held` and `other_links` from the lines in `others`; return those that hold no record.

    The rows are those of `matching.relations.tables`, with the position of the line for the number of the record.
    """
    names = (RECORDS, HELD, LINKS)
    for name in names:
        tables.load(OTHER + name, TABLES[name], ())
    rejected: list[BadLine] = []
    reader = _Reader(files.descriptors, policy)
    for *rows, bad in pool.work(reader.read, _pieces(tables)):
        for name, some in zip(names, rows, strict=True):
            tables.append(OTHER + name, TABLES[name], some)
        rejected += (BadLine(files.names[file], *rest) for file, *rest in bad)
    return rejected


def _pieces(tables: DuckDBTables) -> Iterator[list[SqlRow]]:
    cursor = tables.connection.cursor()
    cursor.execute("SELECT position, length, number FROM others ORDER BY position")
    while piece := cursor.fetchmany(PIECE):
        yield piece


@dataclass(frozen=True)
class _Reader:
    """What reads lines, in any process."""

    files: Descriptors
    policy: Policy

    def read(self, lines: Sequence[SqlRow]) -> tuple[list[SqlRow], list[SqlRow], list[SqlRow], list[SqlRow]]:
        """Return the rows of records, of what they hold and of their links; of a rejected line (file, *Rejected)."""
        records, held, links, rejected = list[SqlRow](), list[SqlRow](), list[SqlRow](), list[SqlRow]()
        for position, length, number in lines:
            place = place_of(position, length)
            item = read_line(number, self.files.line(place))
            if isinstance(item, Rejected):
                rejected.append((place.file, *item))
            elif item is not None:
                identity = identify(item, self.policy)
                records.append(record_row(position, identity))
                held += held_rows(position, identity)
                links += link_rows(position, identity)
        return records, held, links, rejected
