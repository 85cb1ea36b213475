"""
Resolve NDJSON files of records into devices, golden records, reviews and a summary, without a database.

The outputs are a function of the set of records: the same bytes for any order of lines or files, and any number of
jobs. Only `rejected.ndjson` says in which file and line something stood.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from matching.clustering.partition import Partition, partition
from matching.model import Decision, GoldenRecord, Key
from matching.policy import Policy
from matching.records import without_future_time
from matching.results.golden import golden_record
from service.core.errors import CannotWrite
from service.core.garbage import uncollected
from service.core.packing import Plain, packed, unpacked
from service.core.private_files import new_private
from service.core.progress import Progress
from service.core.workers import WorkerPool, uninterrupted
from service.files.gathering import Gathered, gather, record_at
from service.files.linking import Linked, link
from service.files.summary import summarise
from service.ingest.linefiles import Descriptors, LineFiles, Place

Say = Callable[[str], None]

CLUSTERS, DEVICES, REVIEWS = "clusters.csv", "devices.ndjson", "reviews.ndjson"
SUMMARY, REJECTED = "summary.json", "rejected.ndjson"

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
    with _outputs(out) as scratch, LineFiles(names, scratch) as files, uncollected(), WorkerPool(options.jobs) as pool:
        gathered = gather(files, options.policy, pool, _progress(say), options.as_of)
        clock.lap(f"read {len(gathered.identities):,} records")
        whole = partition(gathered.identities, options.policy, options.decisions)
        clock.lap(f"found {len(whole.components):,} components")
        linked = link(whole, pool, with_reviews=not options.clusters_only)
        clock.lap(f"resolved {linked.devices:,} devices")
        _write(scratch / REJECTED, (_line(bad._asdict()) for bad in gathered.rejected))
        _write(scratch / CLUSTERS, _clusters(whole, linked))
        summary: dict[str, Any] = {}
        if not options.clusters_only:
            _write(scratch / DEVICES, _devices(files, gathered, whole, linked, pool, options.as_of))
            _write(scratch / REVIEWS, (line for _, line in linked.reviews))
            summary = summarise(gathered, whole, linked)
            _write(scratch / SUMMARY, [orjson.dumps(summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)])
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


def device_id(first: Key) -> str:
    """Return the id of a device in these files: a function of its smallest key alone."""
    return f"d-{blake2b(str(first).encode(), digest_size=8).hexdigest()}"


def _clusters(whole: Partition, linked: Linked) -> Iterator[bytes]:
    """Yield the lines of clusters.csv, in order of key."""
    yield b"provider,id,device_id\n"
    names: dict[int, str] = {}
    for (key, *_), home in zip(whole.identities, linked.first, strict=True):
        name = names.get(home)
        if name is None:
            name = names[home] = device_id(whole.identities[home].key)
        yield f"{_cell(key.provider)},{_cell(key.id)},{name}\n".encode()


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
        golden = golden_record(rows, self.policy)
        keys = [identity.key for _, identity in rows]
        return _line({"device_id": device_id(keys[0]), "records": [str(key) for key in keys], **_face(golden)})


def _face(golden: GoldenRecord) -> dict[str, Any]:
    """Return the values, where they are from (the fields of one source and one rule together), and those that lost."""
    sources: dict[tuple[str, str, str | None, str], list[str]] = {}
    for field, source in golden.provenance.items():
        chosen = source.provider, source.record_id, source.last_seen, source.rule
        sources.setdefault(chosen, []).append(field)
    return {
        "values": golden.values,
        "provenance": [
            {"record": f"{provider}:{record_id}", "last_seen": last_seen, "rule": rule, "fields": fields}
            for (provider, record_id, last_seen, rule), fields in sources.items()
        ],
        "others": {field: source.others for field, source in golden.provenance.items() if source.others},
    }


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _cell(text: str) -> str:
    """Return a text as a cell of CSV (RFC 4180); keys hold no line breaks."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def _write(path: Path, rows: Iterable[bytes]) -> None:
    with new_private(path) as file:
        file.writelines(rows)


@contextmanager
def _outputs(out: Path) -> Iterator[Path]:
    """
    Give a folder to write into; at the end what is in it takes its place in `out`, if nothing went wrong.

    An interrupt waits until all files are in their places. Raises: CannotWrite.
    """
    is_new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".matching-") as name:
            scratch = Path(name)
            yield scratch
            with uninterrupted():
                for path in sorted(scratch.iterdir()):
                    path.replace(out / path.name)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}") from None
    finally:
        if is_new and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


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
