"""`check` and `import`: is everything set up; records from files."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from matching.model import Record
from service.cli.asking import write_file
from service.cli.calibrating import tell_waiting
from service.cli.session import AsJson, Session, new_id, now, session_of
from service.cli.syncing import Providers, show_outcomes
from service.errors import BadRequest, ServiceError
from service.ingest.ndjson import Rejected, UnreadableFile, read_ndjson
from service.ingest.protocol import Quarantined
from service.ingest.registry import SETTINGS, adapters
from service.settings import Settings, describe
from service.store.syncs import IMPORT
from service.summary import summary
from service.syncs.syncing import import_records
from service.syncs.synclog import SyncView, held_back, latest_runs
from service.terminal import Report, progress, say, show_json, show_table

STDIN = "-"
SHOWN = 5  # rejected lines that are told on the spot


@dataclass
class Checked:
    """One part of the set-up: what is known of it, and what is wrong, None when nothing is."""

    part: str
    facts: list[tuple[str, str]]
    error: str | None = None


def check(context: typer.Context, providers: Providers = None, as_json: AsJson = False) -> None:
    """
    Show the settings in force, ask each provider how it is, and look at the store.

    Secrets are hidden. Everything is shown also when something is wrong; the exit code is then 1.

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
        with session.store() as store:
            found = summary(store, session.settings.policy)
            facts = [(f"records of {each.provider}", f"{each.records:,}") for each in found.providers]
            counted = ("devices", "quarantined", "reviews", "shared_values")
            facts += [(name.replace("_", " "), f"{getattr(found, name):,}") for name in counted]
            tell_waiting(store)
            facts += [("field set aside", aside) for aside in found.fields_set_aside]
            facts += [(f"last sync of {run.provider}", _ended(run)) for run in latest_runs(store)]
            held = [str(run.error) for run in held_back(store)]
            return Checked("store", [("database", store.name), *facts], "\n".join(held) or None)
    except ServiceError as error:
        return Checked("store", [], str(error))


def _ended(run: SyncView) -> str:
    """A run in a line."""
    rows = f"{run.read:,} rows" if run.expected is None else f"{run.read:,} of {run.expected:,} rows"
    return f"{run.status}, {run.mode}, begun {run.started_at:%Y-%m-%d %H:%M:%S} UTC, {rows}"


def import_files(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="NDJSON, plain or gzip; - is standard input.")],
    listing: Annotated[
        Path, typer.Option("--rejected", metavar="FILE", help="Where to list lines that are no record.")
    ] = Path("samebox-rejected.ndjson"),
    as_json: AsJson = False,
) -> None:
    """
    Add records from NDJSON files, or replace those with the same key; nothing is removed.

    A line is a JSON object with at least "provider" and "id". All files are stored in one transaction; a file that
    cannot be read to its end stops the import with nothing stored.

    Lines that are no record are set aside: listed with file, line and reason, kept in the quarantine, and counted. The
    exit code is 0 as long as there was a record to store, and 1 when every line was rejected.

    \b
    Examples:
      samebox import machines.ndjson
      samebox import monday.ndjson.gz tuesday.ndjson.gz --json
      zcat export.gz | samebox import - --rejected bad-lines.ndjson
    """
    session = session_of(context)
    with session.store() as store:
        policy, most = session.settings.policy, session.settings.calibration.max_change
        with progress() as report:
            lines = _Lines(files, listing, report)
            rejected = _quarantined(lines.rejected)
            outcome = import_records(store, lines, policy, now, new_id, quarantined=rejected, max_change=most)
        _tell_rejected(lines.rejected, listing)
        tell_waiting(store)
    if as_json:
        show_json({**asdict(outcome), "rejected": lines.rejected})
    else:
        show_outcomes([outcome])
    if len(lines.rejected) == outcome.read > 0:
        raise typer.Exit(1)


class _Lines:
    """The records in files, as they are read; and of the lines of which none could be made, what was wrong."""

    def __init__(self, files: Iterable[str], listing: Path, report: Report) -> None:
        self._files, self._listing, self._report = files, listing, report
        self.rejected: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Record]:
        for name in self._files:
            with _on_disk(name) as path:
                before = len(self.rejected)
                for number, item in read_ndjson(path):
                    if isinstance(item, Rejected):
                        self.rejected.append({"file": name, **item._asdict()})
                    else:
                        yield item
                    self._report(name, number, None)
                if name == STDIN and len(self.rejected) > before:  # the listing has only the beginning of each line
                    shutil.copyfile(path, self._listing.with_suffix(".stdin"))


@contextmanager
def _on_disk(name: str) -> Iterator[Path]:
    """Give a file to read; standard input is first written to one, because it can be gzip as well."""
    if name != STDIN:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stdin")
        with path.open("wb") as spool:
            shutil.copyfileobj(sys.stdin.buffer, spool)
        try:
            yield path
        except UnreadableFile as error:
            raise UnreadableFile(str(error).replace(str(path), "standard input")) from None


def _quarantined(rejected: Iterable[dict[str, Any]]) -> Iterator[Quarantined]:
    for line in rejected:
        yield Quarantined(IMPORT, f"{line['file']}:{line['line']}", line["reason"], {"excerpt": line["excerpt"]})


def _tell_rejected(rejected: Sequence[dict[str, Any]], listing: Path) -> None:
    if not rejected:
        return
    write_file(listing, b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in rejected))
    for line in rejected[:SHOWN]:
        say(f"{line['file']}, line {line['line']}: {line['reason']}")
    say(f"rejected lines: {len(rejected):,}; all of them are listed in {listing}")
