"""The command `import`."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer

from service.cli.calibrate import tell_waiting
from service.cli.evidence import outcome_for_programs, show_evidence
from service.cli.files import write_file
from service.cli.session import AsJson, session_of
from service.cli.sync import show_outcomes
from service.cli.terminal import progress, say, show_json, show_text
from service.core.workers import worker_pool
from service.ingest.evidence_warnings import evidence_warnings
from service.ingest.linefiles import STDIN, BadLine, LineFiles
from service.intake.file_rows import Entering
from service.intake.importing import has_records, import_rows
from service.syncs.syncing import SyncOutcome

SHOWN = 5  # rejected lines that are shown at once


def import_files(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="NDJSON files, plain or gzip; - is standard input.")
    ],
    listing: Annotated[
        Path, typer.Option("--rejected", metavar="FILE", help="List the lines that are no record in this file.")
    ] = Path("samebox-rejected.ndjson"),
    as_json: AsJson = False,
) -> None:
    """
    Add or replace records from NDJSON files.

    A line is a JSON object with at least "provider" and "id"; it replaces the stored record that has the same
    two. No other record is removed. All files are stored in one transaction: if one cannot be read to its end, nothing
    is stored.

    A line that is no record is rejected: it is listed with its file, line and reason, and kept in the quarantine. If
    every line was rejected, nothing is stored and the exit code is 1.

    The import counts how many of its records give each kind of evidence, and warns if many records of a provider name
    no company.

    \b
    Examples:
      samebox import machines.ndjson
      samebox import monday.ndjson.gz tuesday.ndjson.gz --json
      zcat export.gz | samebox import - --rejected bad-lines.ndjson
    """
    session = session_of(context)
    most = session.settings.calibration.max_change
    with (
        tempfile.TemporaryDirectory(prefix="samebox-") as scratch,
        LineFiles(files, Path(scratch)) as opened,
        worker_pool() as pool,
        session.world(create=True) as world,
    ):
        with progress() as report:
            are_new = not has_records(world)
            rows = Entering(opened, pool, report, policy=world.policy, are_new=are_new)
            outcome = import_rows(world, rows, max_change=most, pool=pool, progress=report)
        outcome = replace(outcome, evidence=rows.evidence, warnings=evidence_warnings(rows.evidence))
        _tell_rejected(rows.rejected, listing)
        if STDIN in {bad.file for bad in rows.rejected}:  # the listing has only the beginning of each line
            opened.copy(STDIN, listing.with_suffix(".stdin"))
        for warning in outcome.warnings:
            say(warning)
        tell_waiting(world)
    if as_json:
        show_json({**outcome_for_programs(outcome), "rejected": [bad._asdict() for bad in rows.rejected]})
    else:
        _show_imported(outcome, len(rows.rejected))
    if len(rows.rejected) == outcome.read > 0:
        raise typer.Exit(1)


def _show_imported(outcome: SyncOutcome, rejected: int) -> None:
    """What became of the lines: of none that is no record is it said that it is stored."""
    if rejected == outcome.read > 0:
        show_text(f"Nothing is stored: all {rejected:,} lines were rejected.")
        return
    if rejected:
        show_text(f"{outcome.read - rejected:,} of {outcome.read:,} lines are stored; rejected: {rejected:,}.")
    show_outcomes([outcome])
    show_evidence(outcome.evidence)


def _tell_rejected(rejected: Sequence[BadLine], listing: Path) -> None:
    if not rejected:
        return
    write_file(listing, b"".join(orjson.dumps(bad._asdict(), option=orjson.OPT_APPEND_NEWLINE) for bad in rejected))
    for bad in rejected[:SHOWN]:
        say(f"{bad.file}, line {bad.line}: {bad.reason}")
    say(f"rejected lines: {len(rejected):,}; all of them are listed in {listing}")
