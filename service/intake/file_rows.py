"""Read the rows of record files, block by block, in as many processes as there are jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matching.evidence.counting import EvidenceCount, added, count_evidence
from matching.evidence.identity import Identity, identify
from matching.policy import Policy
from service.core.progress import Progress
from service.core.workers import WorkerPool
from service.ingest.linefiles import BadLine, Block, Descriptors, LineFiles
from service.ingest.ndjson import Rejected, read_line
from service.intake.importing import row_of
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import Entry, PlainEntry
from service.store.ingested.syncs import IMPORT

BLOCK = 1024 * 1024
"""Bytes that a process reads at a time: so few that the first rows come soon, and little is held until it is stored."""

PlainRow = tuple[Any, ...]

BlockRead = tuple[int, list[PlainEntry], list[PlainRow], list[PlainRow], list[PlainRow]]
"""Count of lines; entries; rows (provider, id, reason) that cannot be stored; rejected lines; counts of evidence."""


class Entering:
    """
    The rows in files, as they are read; the lines of which none could be made are kept in `rejected` as well.

    When all are read, `evidence` counts what the records say, those with a key that came before among them.

    Where the records are probably new, all that it takes to store them is worked out by the processes that read them.

    Raises:
        WorkerFailed: While it is gone through.
    """

    def __init__(
        self, files: LineFiles, pool: WorkerPool, progress: Progress, *, policy: Policy, are_new: bool
    ) -> None:
        self._files, self._team, self._progress = files, pool, progress
        self._reader = _Reader(files.descriptors, policy, are_new)
        self.rejected: list[BadLine] = []
        self.evidence: list[EvidenceCount] = []

    def __iter__(self) -> Iterator[Entry | Unread]:
        before, read = -1, 0
        blocks = list(self._files.blocks_of(BLOCK))
        results = self._team.work(self._reader.read, map(tuple, blocks))
        for block, (count, entries, unread, rejected, evidence) in zip(blocks, results, strict=True):
            self.evidence = added([*self.evidence, *(EvidenceCount(*counts) for counts in evidence)])
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
    policy: Policy
    are_new: bool

    def read(self, block: tuple[int, ...]) -> BlockRead:
        """Read a block."""
        entries: list[PlainEntry] = []
        unread: list[PlainRow] = []
        rejected: list[PlainRow] = []
        identities: list[Identity] = []
        number = 0
        for number, (_, line) in enumerate(self.files.lines(Block(*block)), 1):
            item = read_line(number, line)
            if isinstance(item, Rejected):
                rejected.append(tuple(item))
            elif item is not None:
                row = row_of(item, is_new=self.are_new)
                if isinstance(row, Entry):
                    entries.append(row.plain)
                    identities.append(identify(item, self.policy))
                else:
                    unread.append((row.provider, row.record_id, row.reason))
        return number, entries, unread, rejected, list(map(tuple, count_evidence(identities)))
