"""The command `demo`: sync, resolve, report and serve a made-up fleet over real HTTP, with a real database."""

import logging
import shlex
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from textwrap import wrap
from typing import Annotated

import orjson
import typer

from service.cli.files import write_file
from service.cli.logs import set_up_logs
from service.cli.reports import ALL
from service.cli.serve import answer, has_key
from service.cli.session import world_of
from service.cli.sync import RESULTS, run_sync, show_outcomes
from service.cli.terminal import say, show, show_table
from service.core.errors import CannotWrite
from service.core.settings import Settings
from service.demo import steward
from service.demo.data import FEEDS, INVOICE
from service.demo.providers import connectwise, demo_settings, feeds_in, file_settings
from service.demo.results import accuracy, demo_device, golden_rows, why_one_device, worth_trying
from service.demo.second_night import RMMS, first_night, second_night
from service.ingest.registry import adapters
from service.reports.batch import write_batch
from service.reports.catalogue.coverage import COVERAGE
from service.reports.catalogue.duplicates import DUPLICATES
from service.reports.making import totals_of
from service.reports.overview import SUMMARY
from service.reports.rules import ReportRules
from service.reports.summary import summary
from service.server.listening import LOOPBACK, listening, url_of
from service.store.ingested.syncs import SyncMode, SyncStatus
from service.store.world import World
from service.syncs.runs import SyncOptions

COLUMNS = 80
"""Characters in a line of a paragraph: as many as most terminals show."""


def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the result, or end after the reports.")
    ] = True,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Serve on this port; 0 takes any free one.")
    ] = 8000,
    keep: Annotated[Path, typer.Option(metavar="DIR", help="Keep the database and the reports in this folder.")] = Path(
        "samebox-demo"
    ),
) -> None:
    """
    Try everything on a made-up fleet.

    The demo syncs about 400 made-up devices of six customers from a fake ConnectWise Manage server and from the files
    of three RMMs. It shows what was found, writes the reports and serves the result. The records have the faults of
    real ones, and it is known which of them are one box, so the demo shows its accuracy as well. It then syncs the
    RMMs as of a second night, in which something went wrong at each, and has two stewards answer a few reviews, so
    that every page of the console has something to try. A second run syncs into the same folder and changes nothing.

    \b
    Examples:
      samebox demo
      samebox demo --port 8080 --keep /tmp/fleet
      samebox demo --no-serve
    """
    with ExitStack() as stack:
        listener = stack.enter_context(listening(LOOPBACK, port)) if serve else None  # taken? Then before the work
        base_url = stack.enter_context(connectwise())
        feeds = feeds_in(_made(keep))
        say(f"a fake ConnectWise Manage answers at {base_url}; the RMM feeds are files in {FEEDS}, copied to {feeds}")
        now = datetime.now(UTC)
        settings = demo_settings(base_url, keep, now)
        world = stack.enter_context(world_of(settings))
        _sync(world, settings, feeds)
        steward.work(world)
        rules = ReportRules.of(settings)
        _show_summary(world, rules)
        _show_device(world)
        _write_reports(world, rules, keep / "reports")
        _write_invoice(keep, now)
        if listener:
            _serve(world, settings, listener)


def _made(folder: Path) -> Path:
    """Make the folder, and put the feeds of the RMMs into it, as they are when all is well."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        first_night(feeds_in(folder))
    except OSError as error:
        raise CannotWrite(f"the folder {folder} cannot be made: {error.strerror}; name another with --keep") from None
    return folder


def _sync(world: World, settings: Settings, feeds: Path) -> None:
    """Sync all providers, and then the RMMs once more, as of the night after: one of these syncs is held."""
    outcomes = run_sync(world, adapters(settings), SyncOptions(SyncMode.FULL))
    show_outcomes(outcomes)
    if any(outcome.error or outcome.agreements_error for outcome in outcomes):
        raise typer.Exit(1)
    second_night(feeds)
    outcomes = run_sync(world, adapters(settings, RMMS), SyncOptions(SyncMode.FULL))
    columns = ("provider", "read", "quarantined", "result")
    show_table(
        "Records of the night after",
        columns,
        [
            (each.provider, each.read, each.quarantined, RESULTS.get(each.status, each.status.label))
            for each in outcomes
        ],
    )
    if any(outcome.error and outcome.status is not SyncStatus.HELD for outcome in outcomes):
        raise typer.Exit(1)


def _show_summary(world: World, rules: ReportRules) -> None:
    """The totals are those of the reports, so that both can be laid side by side."""
    found = summary(world)
    doubled = totals_of(world, rules, DUPLICATES)
    covered = totals_of(world, rules, COVERAGE)
    scores = accuracy(world)
    columns = ("provider", "records", "devices", "duplicates inside", "devices it misses")
    show_table(
        "Providers", columns, [(p.provider, p.records, p.devices, p.duplicates, p.missing) for p in found.providers]
    )
    show_table(
        "Summary",
        ("", "", ""),
        [
            ("records", f"{found.records:,}", ""),
            ("devices", f"{found.devices:,}", "what the records resolve to"),
            ("duplicates inside", f"{doubled.inside:,}", "records that their own provider lists more than once"),
            ("duplicates across", f"{doubled.across:,}", "records that another provider lists as well"),
            ("coverage gap: unbilled", f"{covered.unbilled:,}", "devices in use in an RMM that the PSA does not list"),
            ("coverage gap: unmanaged", f"{covered.unmanaged:,}", "devices in use in the PSA that no RMM lists"),
            ("reviews", f"{found.reviews:,}", "questions left to a person; two stewards have answered others"),
            ("pairwise precision", f"{scores.precision:.4f}", "of the pairs joined, those that are one box in truth"),
            ("pairwise recall", f"{scores.recall:.4f}", "of the pairs that are one box in truth, those joined"),
            ("B-cubed F1", f"{scores.bcubed_f1:.4f}", f"over {scores.records:,} records"),
        ],
    )


def _show_device(world: World) -> None:
    device = demo_device(world)
    providers = len({each.provider for each in device.records})
    title = f"Golden record of {device.values['name']} (providers: {providers})"
    show_table(title, ("field", "value", "source"), golden_rows(device))
    for line in wrap(why_one_device(world), COLUMNS, break_on_hyphens=False):
        show(line)
    show()


def _write_reports(world: World, rules: ReportRules, folder: Path) -> None:
    written = write_batch(world, rules, folder, ALL)
    show(f"Reports are in {folder}: {len(written.reports)} of them, each as JSON, CSV and XLSX.")
    show(f"Begin with {folder / SUMMARY}, which opens in a browser.")
    show(f"The database is {world.store.name}; Database__Url=sqlite:///{world.store.name} samebox lookup ... asks it")


def _write_invoice(folder: Path, now: datetime) -> None:
    """Somebody who bills begins with an invoice, and another command with settings."""
    invoice, settings = folder / "invoice.csv", folder / "appsettings.json"
    write_file(invoice, INVOICE.read_bytes())
    write_file(settings, orjson.dumps(file_settings(folder, now), option=orjson.OPT_INDENT_2))
    command = f"samebox --settings {shlex.quote(str(settings))} report counts"
    show("What the PSA's agreements bill, beside what is there:")
    show(f"  {command} \\")
    show("    --out counts.xlsx")
    show("The same with an invoice that an accounting program wrote:")
    show(f"  {command} \\")
    show(f"    --billed {shlex.quote(str(invoice))} --out invoice.xlsx")


def _serve(world: World, settings: Settings, listener: socket) -> None:
    show(f"The console is at {url_of(listener)}/ until Ctrl-C: search for any name above, and open a device.")
    show("Worth trying in another terminal:")
    for line in worth_trying(demo_device(world), url_of(listener)):
        show(f"  {line}")
    set_up_logs(logging.WARNING)
    answer(world, settings, listener, keyed=has_key(world))
