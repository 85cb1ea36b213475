"""
Resolve NDJSON files of records into devices, golden records, reviews and a summary, without a database.

The outputs are a function of the set of records: the same bytes for any order of lines or files, and any number of
jobs. Only `rejected.ndjson` says in which file and line something stood.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from matching.clustering.partition import Partition, partition
from matching.model import Decision
from matching.policy import Policy
from matching.records import without_future_time
from service.core.garbage import uncollected
from service.core.packing import Plain, packed, unpacked
from service.core.progress import Progress
from service.core.workers import WorkerPool
from service.files.gathering import Gathered, gather, record_at
from service.files.linking import Linked, link
from service.files.outputs import (
    CLUSTERS,
    CLUSTERS_HEADING,
    DEVICES,
    REJECTED,
    REVIEWS,
    SUMMARY,
    cluster_line,
    device_id,
    device_line,
    output_folder,
    rejected_line,
    summary_text,
    write_rows,
)
from service.files.summary import counted_in, summarise
from service.ingest.linefiles import Descriptors, LineFiles, Place

Say = Callable[[str], None]

STEP = 100_000
"""Lines between two words of progress."""

PIECE = 1_000
"""Devices whose golden records a process composes at a time."""


@dataclass(frozen=True)
class MatchOptions:
    """
    What an operator chooses for a run over files; `jobs` is the number of processes at work.

    A `last_seen` more than a day after `as_of` counts for nothing; without it none is judged, because nobody says when
    the records were received.
    """

    policy: Policy
    decisions: Sequence[Decision]
    jobs: int
    clusters_only: bool
    as_of: datetime | None = None


@dataclass(frozen=True)
class Matched:
    """
    What came of it, in numbers; `rejected` are the first of the rejected lines, as (file, line, reason).

    `warnings` are those of the summary; there are none where only clusters were asked for.
    """

    records: int
    devices: int
    reviews: int | None
    rejected_lines: int
    rejected: Sequence[tuple[str, int, str]]
    warnings: Sequence[str]


def match_files(
    names: Sequence[str], out: Path, options: MatchOptions, say: Say, keep: Callable[[object], object] = id
) -> Matched:
    """
    Match the records of the files and write the outputs into a folder, all of them or none.

    Args:
        keep: Given all that is in memory, which takes seconds to free; a process that ends soon may hold it till then.

    Raises:
        UnreadableFile: One of the files cannot be read to its end.
        CannotWrite: The outputs cannot be written.
        WorkerFailed: A process that worked for us was ended.
    """
    clock = _Clock(say)
    with (
        output_folder(out) as scratch,
        LineFiles(names, scratch) as files,
        uncollected(),
        WorkerPool(options.jobs) as pool,
    ):
        gathered = gather(files, options.policy, pool, _progress(say), options.as_of)
        clock.lap(f"read {len(gathered.identities):,} records")
        whole = partition(gathered.identities, options.policy, options.decisions)
        clock.lap(f"found {len(whole.components):,} components")
        linked = link(whole, pool, with_reviews=not options.clusters_only)
        clock.lap(f"resolved {linked.devices:,} devices")
        write_rows(scratch / REJECTED, map(rejected_line, gathered.rejected))
        write_rows(scratch / CLUSTERS, _clusters(whole, linked))
        summary: dict[str, Any] = {}
        if not options.clusters_only:
            write_rows(scratch / DEVICES, _devices(files, gathered, whole, linked, pool, options.as_of))
            write_rows(scratch / REVIEWS, (line for _, line in linked.reviews))
            summary = summarise(counted_in(gathered, whole, linked))
            write_rows(scratch / SUMMARY, [summary_text(summary)])
        clock.lap("wrote the files")
    keep((gathered, whole, linked))
    return Matched(
        records=len(gathered.identities),
        devices=linked.devices,
        reviews=len(linked.reviews) if not options.clusters_only else None,
        rejected_lines=len(gathered.rejected),
        rejected=[(bad.file, bad.line, bad.reason) for bad in gathered.rejected[:5]],
        warnings=summary.get("warnings", ()),
    )


def _clusters(whole: Partition, linked: Linked) -> Iterator[bytes]:
    """Yield the lines of clusters.csv, in order of key."""
    yield CLUSTERS_HEADING
    names: dict[int, str] = {}
    for (key, *_), home in zip(whole.identities, linked.first, strict=True):
        name = names.get(home)
        if name is None:
            name = names[home] = device_id(whole.identities[home].key)
        yield cluster_line(key, name)


def _devices(  # noqa: PLR0913, PLR0917 - what was found, stage by stage
    files: LineFiles,
    gathered: Gathered,
    whole: Partition,
    linked: Linked,
    pool: WorkerPool,
    as_of: datetime | None,
) -> Iterator[bytes]:
    """Yield the lines of devices.ndjson, many at a time, in order of first key."""
    homes = [home for position, home in enumerate(linked.first) if position == home]
    pieces = (homes[start : start + PIECE] for start in range(0, len(homes), PIECE))

    def task(home: int) -> list[Plain]:
        """The records of a device as plain values: where each line is, and what is usable of it."""
        positions = linked.members.get(home, (home,))
        return [(*gathered.place(position), packed(whole.identities[position])) for position in positions]

    composer = _Composer(files.descriptors, whole.premises.policy, as_of)
    return pool.work(composer.lines, ([task(home) for home in piece] for piece in pieces))


@dataclass(frozen=True)
class _Composer:
    """What makes golden records, in any process."""

    files: Descriptors
    policy: Policy
    as_of: datetime | None

    def lines(self, tasks: Sequence[Sequence[Plain]]) -> bytes:
        """Return the lines of some devices."""
        return b"".join(map(self._line, tasks))

    def _line(self, task: Sequence[Plain]) -> bytes:
        rows = [
            (without_future_time(record_at(self.files, Place(*place)), self.as_of), unpacked(plain))
            for *place, plain in task
        ]
        return device_line(rows, self.policy)


def _progress(say: Say) -> Progress:
    said = 0

    def progress(what: str, done: int, expected: int | None = None) -> None:  # noqa: ARG001 - nobody knows how many
        nonlocal said
        if done - said >= STEP:
            said = done
            say(f"{done:,} {what} read")

    return progress


class _Clock:
    """Tells what each stage took."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._before = perf_counter()

    def lap(self, done: str) -> None:
        now = perf_counter()
        self._say(f"{done} in {now - self._before:.1f} s")
        self._before = now
