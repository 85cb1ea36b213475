"""
Write all reports at once, as a scheduler does that mails them: every report in every format, and a summary of all.

All of them see the store at one moment. The folder is written whole or not at all, and when it is in place the batch is
remembered by its name, so that the report `new` of the next one counts from here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from service.core.private_files import new_private, write_private
from service.core.progress import Progress, silent
from service.core.whole_folder import whole_folder
from service.reports.catalogue import REPORTS
from service.reports.catalogue.billing.agreed import late_agreements
from service.reports.catalogue.new import BATCH
from service.reports.context import ReportContext, ReportRequest
from service.reports.definition import Report, RowT
from service.reports.formats import Format, chunks
from service.reports.making import Head, feed_warnings, made_report
from service.reports.overview import SUMMARY, ReportOverview, overview_page
from service.reports.rules import ReportRules
from service.store.resolved import changes, report_runs
from service.store.resolved.report_runs import ReportRun
from service.store.world import World

FIRST = 10
"""Rows of each report that the summary shows."""

NOTHING = "nothing is stored: no feed was ever read"


@dataclass(frozen=True)
class WrittenBatch:
    """
    A batch that is in place.

    `warnings` say which feeds and agreements cannot be relied on; a store without records is one of them.
    """

    as_of: datetime
    reports: Sequence[ReportOverview]
    warnings: Sequence[str]


@dataclass
class _Watched:
    """The rows of a report as they are written: how many there are, and the first of them."""

    rows: int = 0
    first: list[Any] = field(default_factory=list)

    def watching(self, rows: Iterable[RowT]) -> Iterator[RowT]:
        """Yield the rows."""
        for row in rows:
            self.rows += 1
            if self.rows <= FIRST:
                self.first.append(row)
            yield row


def write_batch(  # noqa: PLR0913, PLR0917 - what, where, and who is told
    world: World,
    rules: ReportRules,
    folder: Path,
    name: str,
    progress: Progress = silent,
    options: Mapping[str, Any] = MappingProxyType({}),
) -> WrittenBatch:
    """
    Write all reports into a folder, whole or not at all, and remember the batch by its name.

    Args:
        options: What single reports take, by name; each is given its own.

    Raises:
        CannotWrite: The folder cannot be written, or holds files that are no reports.
        StoreError: The database failed. Where the batch could not be remembered, the files are in place.
    """
    with whole_folder(folder) as part, world.store.reading() as connection:
        at, position = world.now(), changes.last(connection)
        inside = replace(world.within(connection), now=lambda: at)
        given = {**options, BATCH: name}
        written = [_write_report(inside, rules, report, part, given, progress) for report in REPORTS.values()]
        head = written[0][1]
        late = late_agreements(
            ReportContext(connection, world.policy_in(connection), rules, at, ReportRequest(), world.visibility)
        )
        warnings = [*feed_warnings(head.sources), *late] if head.sources else [NOTHING]
        reports = [_without(overview, late) for overview, _ in written]
        write_private(part / SUMMARY, overview_page(at, head.sources, warnings, reports).encode())
    with world.store.writing() as connection:
        report_runs.remember(connection, ReportRun(name, at, position, world.now()))
    return WrittenBatch(at, reports, warnings)


def _without(overview: ReportOverview, told: Collection[str]) -> ReportOverview:
    """A report without the warnings that the batch begins with."""
    return replace(overview, warnings=[warning for warning in overview.warnings if warning not in told])


def _write_report(  # noqa: PLR0913, PLR0917 - what all reports of a batch share
    world: World, rules: ReportRules, report: Report[Any, Any], part: Path, given: Mapping[str, Any], progress: Progress
) -> tuple[ReportOverview, Head]:
    """Each format reads the rows anew, because they are written as they are read."""
    wanted = ReportRequest(options={name: given[name] for name in given.keys() & report.options})
    for done, form in enumerate(Format, start=1):
        watched = _Watched()
        with made_report(world, rules, report, wanted) as made, new_private(part / f"{report.name}.{form}") as file:
            made.rows = watched.watching(made.rows)
            file.writelines(chunks(made, form))
            totals, head = made.totals(), made.head
        progress(report.name, done, len(Format))
    others = [warning for warning in head.warnings if warning not in set(feed_warnings(head.sources))]
    return ReportOverview(report, totals, watched.rows, watched.first, others, head.notes), head
