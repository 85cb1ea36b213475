"""The commands `check` and `import`."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer

from service.cli.calibrate import tell_waiting
from service.cli.files import write_file
from service.cli.session import AsJson, Session, session_of
from service.cli.sync import ProviderNames, show_outcomes
from service.cli.terminal import progress, say, show_json, show_table
from service.core.errors import BadRequest, ServiceError
from service.core.settings import Settings, describe
from service.core.workers import worker_pool
from service.ingest.linefiles import STDIN, BadLine, LineFiles
from service.ingest.registry import SETTINGS, adapters
from service.intake.file_rows import Entering
from service.intake.importing import has_records, import_rows
from service.reports.summary import summary
from service.syncs.synclog import SyncView, held_back, latest_runs

SHOWN = 5  # rejected lines that are shown at once


@dataclass
class Checked:
    """One part of the set-up: what is known of it, and what is wrong, None when nothing is."""

    part: str
    facts: list[tuple[str, str]]
    error: str | None = None


def check(context: typer.Context, providers: ProviderNames = None, as_json: AsJson = False) -> None:
    """
    Check the settings, the providers and the store.

    The check shows the settings in force, with secrets hidden. It asks each provider for its state and for the number
    of its records, and counts what the store holds. It shows everything even if something is wrong; the exit code is
    then 1.

    \b
    Examples:
      samebox check
      samebox check cw_manage
    """
    session = session_of(context)
    known = describe(session.settings)
    parts = [_check_provider(session.settings, name, named=bool(providers)) for name in providers or SETTINGS]
    parts.append(_check_store(session))
    if as_json:
        settings = [{"key": key, "value": value, "source": source} for key, value, source in known]
        show_json({"settings": settings, "parts": [asdict(part) for part in parts]})
    else:
        show_table("Settings", ("key", "value", "from"), known)
        for part in parts:
            show_table(part.part, ("", ""), [*part.facts, *([("error", part.error)] if part.error else [])])
    for part in parts:
        if part.error:
            say(part.error)
    if any(part.error for part in parts):
        raise typer.Exit(1)


def _check_provider(settings: Settings, name: str, *, named: bool) -> Checked:
    try:
        return Checked(name, asyncio.run(adapters(settings, [name])[0].check()))
    except BadRequest as error:
        return Checked(name, [("state", "not configured")], str(error) if named else None)
    except ServiceError as error:
        return Checked(name, [], str(error))


def _check_store(session: Session) -> Checked:
    try:
        with session.world() as world:
            found = summary(world)
            facts = [(f"records of {each.provider}", f"{each.records:,}") for each in found.providers]
            counted = ("devices", "quarantined", "reviews", "shared_values")
            facts += [(name.replace("_", " "), f"{getattr(found, name):,}") for name in counted]
            tell_waiting(world)
            facts += [("untrusted field", field) for field in found.untrusted_fields]
            facts += [(f"last sync of {run.provider}", _ended(run)) for run in latest_runs(world)]
            held = [str(run.error) for run in held_back(world)]
            return Checked("store", [("database", world.store.name), *facts], "\n".join(held) or None)
    except ServiceError as error:
        return Checked("store", [], str(error))


def _ended(run: SyncView) -> str:
    """A run in a line."""
    rows = f"{run.read:,} rows" if run.expected is None else f"{run.read:,} of {run.expected:,} rows"
    return f"{run.status.label}, {run.mode.label}, begun {run.started_at:%Y-%m-%d %H:%M:%S} UTC, {rows}"


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

    A line that is no record is rejected: it is listed with its file, line and reason, and kept in the quarantine. The
    exit code is 1 if every line was rejected.

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
        session.world() as world,
    ):
        with progress() as report:
            are_new = not has_records(world)
            rows = Entering(opened, pool, report, are_new=are_new)
            outcome = import_rows(world, rows, max_change=most, pool=pool, progress=report)
        _tell_rejected(rows.rejected, listing)
        if STDIN in {bad.file for bad in rows.rejected}:  # the listing has only the beginning of each line
            opened.copy(STDIN, listing.with_suffix(".stdin"))
        tell_waiting(world)
    if as_json:
        show_json({**asdict(outcome), "rejected": [bad._asdict() for bad in rows.rejected]})
    else:
        show_outcomes([outcome])
    if len(rows.rejected) == outcome.read > 0:
        raise typer.Exit(1)


def _tell_rejected(rejected: Sequence[BadLine], listing: Path) -> None:
    if not rejected:
        return
    write_file(listing, b"".join(orjson.dumps(bad._asdict(), option=orjson.OPT_APPEND_NEWLINE) for bad in rejected))
    for bad in rejected[:SHOWN]:
        say(f"{bad.file}, line {bad.line}: {bad.reason}")
    say(f"rejected lines: {len(rejected):,}; all of them are listed in {listing}")
