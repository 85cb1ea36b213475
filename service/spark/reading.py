"""
Make records of lines, in the workers, by the reader that every door has (`service.ingest.ndjson`).

Spark divides files into blocks. The line that a rejected line stood in is known when the lines of all blocks before
its own are counted, so each block gives a row with its number of lines beside those of its records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from matching.evidence.identity import identify
from matching.policy import Policy
from matching.relations.database import SqlRow
from service.core.packing import packed
from service.ingest.linefiles import BadLine
from service.ingest.ndjson import Rejected, read_line
from service.spark.lines import lines_of, name_of
from service.spark.tables import SparkTables, mapped

COLUMNS = (
    "file INT, path STRING, block BIGINT, number BIGINT, provider STRING, id STRING, line BINARY, identity BINARY, "
    "reason STRING, excerpt STRING"
)
"""
A record has a provider, a rejected line a reason; a row with neither counts the lines of its block.

`number` counts from 1 in a block.
"""

RECORD, REJECTED = "provider IS NOT NULL", "reason IS NOT NULL"

BlockLine = tuple[int, str, int, int | None, bytes]
"""A line as `lines_of` has it."""


@dataclass(frozen=True)
class LineReader:
    """What reads the lines of a partition, in any process."""

    policy: Policy

    def rows(self, lines: Iterable[BlockLine]) -> Iterator[SqlRow]:
        """Yield a row for each record, each rejected line and each block; blank lines are counted alone."""
        for block, inside in groupby(lines, key=itemgetter(0, 1, 2)):
            number = 0
            for number, (*_, given, line) in enumerate(inside, 1):
                item = read_line(given or number, line)
                if isinstance(item, Rejected):
                    yield *block, item.line, None, None, None, None, item.reason, item.excerpt
                elif item is not None:
                    identity = packed(identify(item, self.policy))
                    yield *block, given or number, item["provider"], item["id"], line, identity, None, None
            yield *block, number, *[None] * 6


def read(tables: SparkTables, names: Sequence[str], policy: Policy) -> None:
    """Keep all that the files say as the table `read`. Raises: UnreadableFile, BadRequest."""
    tables.keep("read", mapped(lines_of(tables.session, names), LineReader(policy).rows, COLUMNS))


def counted(tables: SparkTables) -> tuple[int, int]:
    """Return how many lines are records, and how many are rejected."""
    [(records, rejected)] = tables.rows("SELECT count(provider), count(reason) FROM read")
    return records, rejected


def bad_lines(tables: SparkTables, names: Sequence[str]) -> Iterator[BadLine]:
    """Yield the rejected lines in order of file and line."""
    before = _lines_before(tables)
    frame = tables.session.table("read").where(REJECTED).select("file", "path", "block", "number", "reason", "excerpt")
    for row in frame.orderBy("file", "path", "block", "number").toLocalIterator():
        line = before.get((row.file, row.path, row.block), 0) + row.number
        yield BadLine(name_of(names[row.file], row.path), line, row.reason, row.excerpt)


def _lines_before(tables: SparkTables) -> dict[tuple[int, str, int], int]:
    """Return how many lines of its file come before each block."""
    blocks = tables.rows(
        f"SELECT file, path, block, sum(number) FROM read WHERE NOT ({RECORD}) AND NOT ({REJECTED}) "  # noqa: S608
        "GROUP BY file, path, block ORDER BY file, path, block"
    )
    before = {}
    for _, inside in groupby(blocks, key=itemgetter(0, 1)):
        lines = 0
        for file, path, block, count in inside:
            before[file, path, block] = lines
            lines += count
    return before
