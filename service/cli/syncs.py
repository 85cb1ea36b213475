"""The command `syncs`: the runs of syncs and imports."""

from collections.abc import Iterator
from typing import Annotated

import typer

from service.cli import completion
from service.cli.blocks import Labelled, TextBlock
from service.cli.reviews import Full
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show_blocks, show_json
from service.core.paging import LARGEST_PAGE, PageRequest
from service.syncs.synclog import SyncView, sync_runs

COUNTS = ("new", "changed", "same", "gone", "quarantined")
"""What becomes of rows, in the order in which it is listed."""


def show_syncs(
    context: typer.Context,
    provider: Annotated[
        str | None,
        typer.Option(
            autocompletion=completion.sources,
            metavar="PROVIDER",
            help="List only runs of this provider, or of `import` (files).",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N.")] = 20,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """
    List the runs of syncs and imports, the latest first.

    The list shows when each run began, how it ended and how long it took, what became of its rows, and why it failed or
    is held. Times are UTC.

    \b
    Examples:
      samebox syncs
      samebox syncs --provider cw_manage --limit 5
      samebox syncs --full
      samebox syncs --json | jq '.[] | select(.status != "succeeded")'
    """
    with session_of(context).world() as world:
        page = sync_runs(world, PageRequest(limit), provider=provider)
    if as_json:
        show_json([each.model_dump(mode="json") for each in page.data])
    else:
        show_blocks(sync_block(each, full=full) for each in page.data)
    say("there are more; --limit shows them" if page.next_cursor else f"syncs: {len(page.data):,}")


def sync_block(run: SyncView, *, full: bool = False) -> TextBlock:
    """Return a run as a person is shown it: how it ended, what became of its rows, and why."""
    took = "" if run.seconds is None else f" after {run.seconds:g} s"
    heading = f"{run.provider}  {run.started_at:%Y-%m-%d %H:%M}  {run.mode.label}, {run.status.label}{took}"
    return TextBlock(heading, [_rows(run), *([run.error] if run.error else [])], list(_everything(run)) if full else ())


def _rows(run: SyncView) -> str:
    """What became of the rows; what became of none is left out."""
    counts = [f"{count:,} {name}" for name in COUNTS if (count := getattr(run, name))]
    return f"{run.read:,} rows read: {', '.join(counts)}" if counts else f"{run.read:,} rows read"


def _everything(run: SyncView) -> Iterator[Labelled]:
    yield Labelled("id", run.id)
    yield Labelled("started", run.started_at)
    yield Labelled("finished", run.finished_at)
    yield Labelled("by", run.by)
    yield Labelled("since", run.since)
    yield Labelled("resumes", run.resumes)
    yield Labelled("expected", run.expected)
    for name in COUNTS:
        yield Labelled(name, getattr(run, name))
