"""
Match files on Spark and write the files that one machine writes, with the same bytes.

Lines are read, chosen among, resolved and composed in the workers. The driver asks for one step after the other, and
writes the files as their pieces come, in order.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from matching.relations.evidence import count_evidence_in
from matching.relations.partition import Partitioned, make_devices
from service.files.linking import Linker
from service.files.outputs import (
    CLUSTERS,
    CLUSTERS_HEADING,
    DEVICES,
    REJECTED,
    REVIEWS,
    SUMMARY,
    output_folder,
    rejected_line,
    summary_text,
    write_rows,
)
from service.files.progress import Say
from service.files.run import Matched, MatchOptions
from service.files.summary import Counted, summarise
from service.spark.composing import Composer, cluster_lines, device_lines
from service.spark.partitioning import partition_records
from service.spark.progress import stage
from service.spark.reading import bad_lines, counted, read
from service.spark.resolving import Resolver, resolve_components, review_lines, review_reasons
from service.spark.scratch import scratch_folder
from service.spark.session import spark_session
from service.spark.standing import keep_relations, number_records
from service.spark.tables import SparkTables

FIRST = 5
"""Rejected lines that are shown."""


@dataclass(frozen=True)
class Cluster:
    """
    Where Spark runs, and a folder that all of its machines reach, for what is between the steps.

    Without a master `spark-submit` or `local[*]` says it; without a folder, on one machine, it is that of the outputs.
    """

    master: str | None = None
    scratch: str | None = None


def match_on_spark(names: Sequence[str], out: Path, options: MatchOptions, cluster: Cluster, say: Say) -> Matched:
    """
    Match the records of the files and write the outputs into a folder of the driver, all of them or none.

    Raises:
        EngineMissing: Spark cannot be started.
        UnreadableFile: One of the files cannot be read to its end.
        CannotWrite: The outputs cannot be written.
        WorkerFailed: Spark gave a task up.
        BadRequest: Standard input is named, or there are several machines and no scratch folder.
        BadDecision: Two decisions contradict each other.
    """
    with (
        output_folder(out) as folder,
        spark_session(cluster.master) as session,
        scratch_folder(session, folder, cluster.scratch) as scratch,
    ):
        return _Run(names, folder, options, SparkTables(session, scratch), say).matched()


@dataclass(frozen=True)
class _Run:
    """One run, step by step; each step reads the tables of those before it."""

    names: Sequence[str]
    folder: Path
    options: MatchOptions
    tables: SparkTables
    say: Say

    def matched(self) -> Matched:
        with self._stage("reading lines"):
            read(self.tables, self.names, self.options.policy)
            lines, rejected = counted(self.tables)
            first = list(islice(bad_lines(self.tables, self.names), FIRST))
        with self._stage("numbering records"):
            records = number_records(self.tables, self.options.as_of)
            keep_relations(self.tables)
        with self._stage("finding components"):
            found = partition_records(self.tables, self.options.policy, self.options.decisions)
        with self._stage("resolving components"):
            sizes = self._resolved(found)
        with self._stage("writing clusters"):
            self._write(REJECTED, map(rejected_line, bad_lines(self.tables, self.names)))
            self._write(CLUSTERS, chain([CLUSTERS_HEADING], cluster_lines(self.tables, records)))
        summary: dict[str, Any] = {}
        if not self.options.clusters_only:
            with self._stage("composing golden records"):
                summary = self._summary(found, lines - records, rejected, sizes)
                self._write_devices(found, records, summary)
        return Matched(
            records=records,
            devices=sum(sizes.values()),
            reviews=summary.get("reviews"),
            rejected_lines=rejected,
            rejected=[(bad.file, bad.line, bad.reason) for bad in first],
            warnings=summary.get("warnings", ()),
        )

    def _resolved(self, found: Partitioned) -> Mapping[int, int]:
        """Resolve all components; return how many devices have how many records."""
        options = self.options
        linker = Linker(options.policy, found.calibration, options.decisions, with_reviews=not options.clusters_only)
        resolve_components(self.tables, Resolver(linker))
        return make_devices(self.tables)

    def _summary(self, found: Partitioned, repeated: int, rejected: int, sizes: Mapping[int, int]) -> dict[str, Any]:
        return summarise(
            Counted(
                evidence=count_evidence_in(self.tables),
                repeated_lines=repeated,
                rejected_lines=rejected,
                device_sizes=sizes,
                review_reasons=review_reasons(self.tables),
                calibration=found.calibration,
                company_names=found.company_names,
            )
        )

    def _write_devices(self, found: Partitioned, records: int, summary: Mapping[str, Any]) -> None:
        composer = Composer(self.options.policy, found.calibration, self.options.as_of)
        self._write(DEVICES, device_lines(self.tables, records, composer))
        self._write(REVIEWS, review_lines(self.tables))
        self._write(SUMMARY, [summary_text(summary)])

    def _write(self, name: str, rows: Iterable[bytes]) -> None:
        write_rows(self.folder / name, rows)

    def _stage(self, name: str) -> AbstractContextManager[None]:
        return stage(self.tables.session.sparkContext, name, self.say)
