"""Read the rows of record files, block by block, in as many processes as there are jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.core.progress import Progress
from service.core.workers import WorkerPool
from service.ingest.linefiles import BadLine, Block, Descriptors, LineFiles
from service.ingest.ndjson import Rejected, read_line
from service.intake.importing import row_of
from service.store.quarantine import Unread
from service.store.records import Entry, PlainEntry
from service.store.syncs import IMPORT

BLOCK = 1024 * 1024
"""Bytes that a process reads at a time: so few that the first rows come soon, and little is held until it is stored."""


class Entering:
    """
    The rows in files, as they are read; the lines of which none could be made are kept in `rejected` as well.

    Where the records are probably new, all that it takes to store them is worked out by the processes that read them.

    Raises:
        WorkerFailed: While it is gone through.
    """

    def __init__(self, files: LineFiles, pool: WorkerPool, progress: Progress, *, are_new: bool) -> None:
        self._files, self._team, self._progress, self._are_new = files, pool, progress, are_new
        self.rejected: list[BadLine] = []

    def __iter__(self) -> Iterator[Entry | Unread]:
        before, read = -1, 0
        blocks = list(self._files.blocks_of(BLOCK))
        results = self._team.work(_Reader(self._files.descriptors, self._are_new).read, map(tuple, blocks))
        for block, (count, entries, unread, rejected) in zip(blocks, results, strict=True):
            name, read = self._files.names[block.file], read if block.file == before else 0
            yield from map(Entry.of, entries)
            for provider, record_id, reason in unread:
                yield Unread(provider, record_id, reason, None)
            for number, reason, excerpt in rejected:
                self.rejected.append(BadLine(name, read + number, reason, excerpt))
                yield Unread(IMPORT, f"{name}:{read + number}", reason, {"excerpt": excerpt})
            before, read = block.file, read + count
            self._progress(name, read)


@dataclass(frozen=True)
class _Reader:
    """What reads a block, in any process."""

    files: Descriptors
    are_new: bool

    def read(
        self, block: tuple[int, ...]
    ) -> tuple[int, list[PlainEntry], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Return the count of lines, entries, rows (provider, id, reason) that cannot be stored, rejected lines."""
        entries: list[PlainEntry] = []
        unread: list[tuple[Any, ...]] = []
        rejected: list[tuple[Any, ...]] = []
        number = 0
        for number, (_, line) in enumerate(self.files.lines(Block(*block)), 1):
            item = read_line(number, line)
            if isinstance(item, Rejected):
                rejected.append(tuple(item))
            elif item is not None:
                row = row_of(item, is_new=self.are_new)
                if isinstance(row, Entry):
                    entries.append(row.plain)
                else:
                    unread.append((row.provider, row.record_id, row.reason))
        return number, entries, unread, rejected
