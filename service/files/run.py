"""
Resolve NDJSON files of records into devices, golden records, reviews and a summary, without a database.

The outputs are a function of the set of records: the same bytes for any order of lines or files, and any number of
jobs. Only `rejected.ndjson` says in which file and line something stood.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matching.model import Decision
from matching.policy import Policy
from matching.relations.connecting import connect
from matching.relations.evidence import count_evidence_in
from matching.relations.partition import make_devices, partition_tables
from matching.relations.tables import IDENTITIES
from service.columns.database import DuckDBTables
from service.columns.reading import read_records
from service.core.workers import WorkerPool
from service.files.composing import cluster_lines, device_lines
from service.files.lines import PLACES_OF_IDENTITIES, RecordLines, identity_at
from service.files.linking import Linker
from service.files.outputs import (
    CLUSTERS,
    DEVICES,
    REJECTED,
    REVIEWS,
    SUMMARY,
    output_folder,
    rejected_line,
    summary_text,
    write_rows,
)
from service.files.progress import Say, Stages
from service.files.resolving import resolve_components
from service.files.summary import Counted, summarise
from service.ingest.linefiles import LineFiles


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


def match_files(names: Sequence[str], out: Path, options: MatchOptions, say: Say) -> Matched:
    """
    Match the records of the files and write the outputs into a folder, all of them or none.

    Raises:
        UnreadableFile: One of the files cannot be read to its end.
        CannotWrite: The outputs cannot be written.
        WorkerFailed: A process that worked for us was ended.
    """
    with (
        output_folder(out) as folder,
        LineFiles(names, folder) as files,
        WorkerPool(options.jobs) as pool,
        TemporaryDirectory(dir=folder) as spill,
        DuckDBTables(options.jobs, spill=Path(spill)) as tables,
    ):
        return _Run(files, folder, options, pool, tables, Stages(say)).matched()


@dataclass(frozen=True)
class _Run:
    """One run, step by step; each step reads the tables of those before it."""

    files: LineFiles
    folder: Path
    options: MatchOptions
    pool: WorkerPool
    tables: DuckDBTables
    stages: Stages

    def matched(self) -> Matched:
        policy, decisions, as_of = self.options.policy, self.options.decisions, self.options.as_of
        read = read_records(self.tables, self.files, policy, self.pool, self.stages.report, as_of)
        self.stages.end(f"read {read.records:,} records")
        self.tables.table(IDENTITIES, PLACES_OF_IDENTITIES)
        unpack = partial(identity_at, self.files.descriptors, policy)
        found = partition_tables(self.tables, unpack, connect, policy, decisions)
        self.stages.end("found the components")
        lines = RecordLines(self.files.descriptors, policy, found.calibration)
        linker = Linker(policy, found.calibration, decisions, with_reviews=not self.options.clusters_only)
        reviews = resolve_components(self.tables, lines, linker, self.pool, self.stages.report)
        sizes = make_devices(self.tables)
        self.stages.end(f"resolved {sum(sizes.values()):,} devices")
        self._write(REJECTED, map(rejected_line, read.rejected))
        self._write(CLUSTERS, cluster_lines(self.tables))
        summary: dict[str, Any] = {}
        if not self.options.clusters_only:
            self._write(DEVICES, device_lines(self.tables, lines, self.pool, as_of, self.stages.report))
            self._write(REVIEWS, (line for _, line in reviews))
            summary = summarise(
                Counted(
                    evidence=count_evidence_in(self.tables),
                    repeated_lines=read.repeated,
                    rejected_lines=len(read.rejected),
                    device_sizes=sizes,
                    review_reasons=Counter(reason for reason, _ in reviews),
                    calibration=found.calibration,
                    company_names=found.company_names,
                )
            )
            self._write(SUMMARY, [summary_text(summary)])
        self.stages.end("wrote the files")
        return Matched(
            records=read.records,
            devices=sum(sizes.values()),
            reviews=None if self.options.clusters_only else len(reviews),
            rejected_lines=len(read.rejected),
            rejected=[(bad.file, bad.line, bad.reason) for bad in read.rejected[:5]],
            warnings=summary.get("warnings", ()),
        )

    def _write(self, name: str, rows: Iterable[bytes]) -> None:
        write_rows(self.folder / name, rows)
