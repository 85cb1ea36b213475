"""The commands `sync` and `quarantine`."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from service.cli import completion
from service.cli.blocks import Labelled, TextBlock
from service.cli.calibrate import tell_waiting
from service.cli.evidence import outcome_for_programs, show_evidence
from service.cli.session import AsJson, session_of
from service.cli.terminal import progress, say, show_blocks, show_json, show_table
from service.core.choosing import unknown_value
from service.core.errors import BadRequest
from service.ingest.protocol import Adapter
from service.ingest.registry import SETTINGS, adapters
from service.store.ingested.syncs import SyncMode, SyncStatus
from service.store.world import World
from service.syncs.quarantine import QuarantinedRow, quarantined_rows
from service.syncs.runs import SyncOptions
from service.syncs.syncing import SyncOutcome, sync

RESULTS = {SyncStatus.SUCCEEDED: "stored", SyncStatus.HELD: "held: all is stored, nothing removed"}
"""Status of a run -> what became of its rows; otherwise nothing was stored."""


def known_providers(names: list[str] | None) -> list[str] | None:
    """Refuse names of no provider as wrong usage."""
    for name in names or ():
        if name not in SETTINGS:
            raise typer.BadParameter(str(unknown_value("provider", name, SETTINGS)))
    return names


ProviderNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PROVIDER",
        autocompletion=completion.providers,
        callback=known_providers,
        help=f"One or more of {', '.join(SETTINGS)}; default: all.",
    ),
]


def sync_providers(  # noqa: PLR0913, PLR0917 - an option each
    context: typer.Context,
    providers: ProviderNames = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything, and learn which records are gone.")] = False,
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Read only what changed since the last sync.")
    ] = False,
    accept_shrink: Annotated[
        bool,
        typer.Option(
            "--accept-shrink",
            help="Remove all records that are gone from the named providers, even more than Sync:MaxShrink allows.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """
    Read records from providers and resolve them into devices.

    Each provider is stored whole or not at all. A sync that was interrupted continues when it is started again.

    Sync:FullEveryHours decides whether a sync is full or incremental; files are always read in full. If a provider
    fails, is being synced by another process, or would lose more records than Sync:MaxShrink allows, the others are
    synced all the same and the exit code is 1. It is 1 as well if agreements are to be read and cannot be; all else is
    stored then. Ctrl-C ends the run with exit code 130.

    \b
    Examples:
      samebox sync
      samebox sync cw_manage ninjaone
      samebox sync --full cw_manage
      samebox sync --accept-shrink cw_manage
      samebox sync --json | jq '.[] | select(.error)'
    """
    if full and incremental:
        raise typer.BadParameter("a sync is --full or --incremental")
    if accept_shrink and (incremental or not providers):
        raise typer.BadParameter("--accept-shrink needs a PROVIDER, and reads it in full")
    settings = session_of(context).settings
    configured = adapters(settings, providers or ())
    if not configured:
        raise BadRequest(f"no provider is configured; set one of {', '.join(SETTINGS.values())}")
    most = settings.calibration.max_change
    mode = SyncMode.FULL if full else SyncMode.INCREMENTAL if incremental else None
    options = SyncOptions(mode, accept_shrink, settings.sync, most)
    with session_of(context).world(create=True) as world:
        outcomes = run_sync(world, configured, options)
    if as_json:
        show_json(list(map(outcome_for_programs, outcomes)))
    else:
        show_outcomes(outcomes)
        show_evidence([count for each in outcomes for count in each.evidence])
    if any(outcome.error or outcome.agreements_error for outcome in outcomes):
        raise typer.Exit(1)


def run_sync(world: World, configured: Sequence[Adapter], options: SyncOptions) -> list[SyncOutcome]:
    """Sync with progress, and tell what failed. Raises: StoreError."""
    with progress() as report:
        outcomes = asyncio.run(sync(world, configured, options, report))
    for outcome in outcomes:
        if outcome.error:
            say(outcome.error)
        if outcome.agreements is not None:
            say(f"{outcome.provider}: active agreements read: {outcome.agreements:,}; see `samebox report counts`")
    tell_waiting(world)
    return outcomes


def show_outcomes(outcomes: Iterable[SyncOutcome]) -> None:
    """Write what became of each provider's rows."""
    columns = ("provider", "read", "new", "changed", "same", "gone", "quarantined", "seconds", "mode", "result")
    rows = [
        (
            *(each.provider, each.read, each.new, each.changed, each.same, each.gone, each.quarantined),
            *(round(each.seconds, 2), each.mode),
            RESULTS.get(each.status, f"{each.status.label}, nothing stored"),
        )
        for each in outcomes
    ]
    show_table("Records", columns, rows)


def list_quarantine(
    context: typer.Context,
    provider: Annotated[
        str | None,
        typer.Argument(
            metavar="PROVIDER",
            autocompletion=completion.sources,
            help="List only rows of this provider, or of `import` (files).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    List the rows that could not be read or stored.

    The list shows the provider, the id or line, the reason, and what the row holds, without secrets. Each sync reads
    the rows again, and one that can be read leaves the list. JSON shows the rows whole, the list only their beginning.

    \b
    Examples:
      samebox quarantine
      samebox quarantine cw_manage --json | jq '.[].reason'
    """
    with session_of(context).world() as world:
        rows = list(quarantined_rows(world, provider))
    if as_json:
        show_json([row.model_dump(mode="json") for row in rows])
    elif rows:
        show_blocks(map(_quarantined, rows))
    else:
        say("nothing is in quarantine" + (f" of {provider}" if provider else ""))


def _quarantined(row: QuarantinedRow) -> TextBlock:
    fields = [Labelled("reason", row.reason), Labelled("since", row.first_at), Labelled("holds", row.beginning)]
    return TextBlock(f"{row.provider}: {row.record_id}", fields=fields)
