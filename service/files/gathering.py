"""
Read from files what each record says and where its line is; the records themselves are not kept.

Records are read and identified block by block, in as many processes as there are jobs. The result depends only on the
set of lines: the identities are in order of key, and where several lines have the same key, the record seen
most recently is kept.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from matching.evidence.identity import Identity, identify
from matching.model import Record
from matching.policy import Policy
from matching.records import canonical_bytes, latest
from service.core.packing import Plain, packed, unpacked
from service.core.progress import Progress, silent
from service.core.workers import WorkerPool, cores
from service.ingest.linefiles import BadLine, Block, Descriptors, LineFiles, Place
from service.ingest.ndjson import Rejected, read_line, record_in

PIECES = 8
"""Blocks a job: enough that no process is idle for long at the end."""


@dataclass
class Gathered:
    """
    What the files say: identities in order of key and, beside each, the place of its line.

    `repeated` counts the lines whose key another line holds as well, and which do not stand.
    """

    identities: list[Identity] = field(default_factory=list)
    files: "array[int]" = field(default_factory=lambda: array("H"))
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    lengths: "array[int]" = field(default_factory=lambda: array("l"))
    rejected: list[BadLine] = field(default_factory=list)
    repeated: int = 0

    def place(self, position: int) -> Place:
        """Return where the line of a record is."""
        return Place(self.files[position], self.offsets[position], self.lengths[position])


def gather(
    files: LineFiles, policy: Policy, pool: WorkerPool, progress: Progress = silent, as_of: datetime | None = None
) -> Gathered:
    """
    Read every line of the files; times after `as_of` do not decide which of two lines stands.

    Raises:
        WorkerFailed: A process that worked for us was ended.
    """
    gatherer = _Gatherer(files.descriptors, as_of)
    reader = _Reader(files.descriptors, policy)
    read = 0
    blocks = list(files.blocks(PIECES * cores()))
    before, first_line = -1, 0
    results = pool.work(reader.read, map(tuple, blocks))
    for block, (count, rows, rejected) in zip(blocks, results, strict=True):
        first_line = first_line if block.file == before else 0
        gatherer.add(block.file, rows)
        for number, reason, excerpt in rejected:
            gatherer.found.rejected.append(BadLine(files.names[block.file], first_line + number, reason, excerpt))
        before, first_line = block.file, first_line + count
        read += count
        progress("lines", read)
    return gatherer.in_order()


def record_at(files: Descriptors, place: Place) -> Record:
    """Return a record again, from the line of which it was made."""
    return record_in(files.line(place))


def is_later(line: bytes, standing: bytes, as_of: datetime | None) -> bool:
    """Whether a line's record takes the place of the one that stands, which has the same key (`records.latest`)."""
    if line == standing:
        return False
    record, other = record_in(line), record_in(standing)
    return canonical_bytes(record) != canonical_bytes(other) and latest(other, record, as_of) is record


@dataclass(frozen=True)
class _Reader:
    """What reads a block, in any process."""

    files: Descriptors
    policy: Policy

    def read(self, block: tuple[int, ...]) -> tuple[int, list[Plain], list[Plain]]:
        """Return the count of lines, a row (provider, id, offset, length, identity) a record, and rejected lines."""
        rows: list[Plain] = []
        rejected: list[Plain] = []
        number = 0
        for number, (offset, line) in enumerate(self.files.lines(Block(*block)), 1):
            item = read_line(number, line)
            if isinstance(item, Rejected):
                rejected.append(tuple(item))
            elif item is not None:
                rows.append((item["provider"], item["id"], offset, len(line), packed(identify(item, self.policy))))
        return number, rows, rejected


class _Gatherer:
    """
    Rows in order of arrival, and by provider and id the row that stands.

    Identities stay packed until their order is known: those that are made in the order in which they are visited lie
    beside each other in memory, and visiting them takes half the time.
    """

    def __init__(self, files: Descriptors, as_of: datetime | None) -> None:
        self.found = Gathered()
        self._packed: list[bytes] = []
        self._files = files
        self._as_of = as_of
        self._standing: dict[str, dict[str, int]] = {}

    def add(self, file: int, rows: Sequence[Plain]) -> None:
        """Take the rows of a block; of two with one key the later record stays."""
        found, standing = self.found, self._standing
        place = len(self._packed)
        for provider, record_id, offset, length, identity in rows:
            ids = standing.get(provider)
            if ids is None:
                ids = standing[provider] = {}
            if ids.setdefault(record_id, place) == place:
                found.files.append(file)
                found.offsets.append(offset)
                found.lengths.append(length)
                self._packed.append(identity)
                place += 1
            else:
                found.repeated += 1
                self._weigh(ids[record_id], Place(file, offset, length), identity)

    def in_order(self) -> Gathered:
        """Return what was found, in order of key."""
        found = self.found
        order = [ids[record_id] for _, ids in sorted(self._standing.items()) for record_id in sorted(ids)]
        self._standing.clear()
        found.identities = [unpacked(self._packed[row]) for row in order]
        self._packed.clear()
        found.files = array("H", map(found.files.__getitem__, order))
        found.offsets = array("q", map(found.offsets.__getitem__, order))
        found.lengths = array("l", map(found.lengths.__getitem__, order))
        return found

    def _weigh(self, row: int, place: Place, identity: bytes) -> None:
        """Let a line take the place of the one with its key, if its record is the later one."""
        found = self.found
        mine, theirs = self._files.line(found.place(row)), self._files.line(place)
        if is_later(theirs, mine, self._as_of):
            self._packed[row] = identity
            found.files[row], found.offsets[row], found.lengths[row] = place
