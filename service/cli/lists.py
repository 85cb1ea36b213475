"""The commands `reviews`, `syncs`, `changes` and `history`."""

import time
from typing import Annotated

import typer

from matching.model import ReviewReason
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show, show_bytes, show_json, show_table
from service.core.errors import BadRequest
from service.core.paging import LARGEST_NUMBER, LARGEST_PAGE, PageRequest
from service.stewardship.feed import ChangeView, feed, follow, history, line
from service.stewardship.reasons import review_reason
from service.stewardship.reviewing import ReviewView, Side, list_reviews
from service.syncs.synclog import sync_runs

PAUSE = 1.0
"""Seconds between two looks at the feed by who follows it."""


def _reason(text: str) -> ReviewReason:
    try:
        return review_reason(text)
    except BadRequest as error:
        raise typer.BadParameter(str(error)) from None


def show_reviews(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    reason: Annotated[
        ReviewReason | None,
        typer.Option(
            parser=_reason, metavar="REASON", help=f"List only reviews for this reason: {', '.join(ReviewReason)}."
        ),
    ] = None,
    provider: Annotated[
        str | None, typer.Option(metavar="PROVIDER", help="List only reviews about records of this provider.")
    ] = None,
    company: Annotated[
        str | None, typer.Option(metavar="NAME", help="List only reviews about devices of this company.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N.")] = 20,
    as_json: AsJson = False,
) -> None:
    """
    List the open reviews, the most worthwhile first.

    A review is a question that the rules leave to a person: two groups of records share evidence, and something speaks
    against joining them. Each review names one record of each group, and proposes an answer with the evidence that
    tipped it. `samebox explain A B` shows all the evidence about these two, and `samebox decide same A B` or `samebox
    decide different A B` answers the question. Nothing is joined by a proposal.

    \b
    Examples:
      samebox reviews
      samebox reviews --reason mainboard_replaced --company "Acme Inc."
      samebox reviews --json --limit 1000
    """
    with session_of(context).world() as world:
        page = list_reviews(world, PageRequest(limit), reason=reason, provider=provider, company=company)
    if as_json:
        show_json([each.model_dump(mode="json") for each in page.data])
        return
    if page.data:
        columns = ("id", "reasons", "question", "proposed answer", "devices of A", "devices of B")
        show_table("Reviews", columns, [_row(each) for each in page.data])
    say("there are more; --limit shows them" if page.next_cursor else f"reviews: {len(page.data):,}")


def show_syncs(
    context: typer.Context,
    provider: Annotated[
        str | None, typer.Option(metavar="PROVIDER", help="List only runs of this provider, or of `import` (files).")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N.")] = 20,
    as_json: AsJson = False,
) -> None:
    """
    List the runs of syncs and imports, the latest first.

    The list shows when each run began, how long it took, what became of its rows, and why it failed or is held.

    \b
    Examples:
      samebox syncs
      samebox syncs --provider cw_manage --limit 5
      samebox syncs --json | jq '.[] | select(.status != "succeeded")'
    """
    with session_of(context).world() as world:
        page = sync_runs(world, PageRequest(limit), provider=provider)
    if as_json:
        show_json([each.model_dump(mode="json") for each in page.data])
    elif page.data:
        counts = ("read", "new", "changed", "same", "gone", "quarantined")
        columns = ("provider", "mode", "started_at", "seconds", *counts, "status", "error")
        rows = [[getattr(each, column) for column in columns] for each in page.data]
        show_table("Syncs", [column.replace("_at", "") for column in columns], rows)
    say("there are more; --limit shows them" if page.next_cursor else f"syncs: {len(page.data):,}")


def show_changes(
    context: typer.Context,
    after: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=LARGEST_NUMBER, help="Begin after change N; 0: with the oldest."),
    ] = 0,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N; with --follow, N at a time.")
    ] = 100,
    followed: Annotated[bool, typer.Option("--follow", help="Wait for further changes, until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    List what happened to all devices, in order.

    Changes are numbered in the order in which they were stored. With the last number that you saw, --after continues
    without a gap. --follow looks for changes every second until Ctrl-C ends it with exit code 130; with --json it
    writes one object per line.

    \b
    Examples:
      samebox changes --limit 20
      samebox changes --after 4711 --json | jq .seq
      samebox changes --after 4711 --follow
    """
    with session_of(context).world() as world:
        if followed:
            for each in follow(world, after or None, limit, lambda: time.sleep(PAUSE)):
                _show_change(each, as_json)
        found = feed(world, after or None, limit)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    for each in found.data:
        _show_change(each)
    say(f"changes: {len(found.data):,}; for what follows: samebox changes --after {found.seq}")


def show_history(
    context: typer.Context,
    device_id: Annotated[str, typer.Argument(metavar="DEVICE-ID", help="The id of a device; it may be retired.")],
    as_json: AsJson = False,
) -> None:
    """
    List what happened to one device.

    The history says what happened when, on what evidence and by whom; times are UTC. The history of a retired id
    continues with that of its successor.

    \b
    Example:
      samebox history 0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47
    """
    with session_of(context).world() as world:
        found = history(world, device_id)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    subject = found.device_id
    for each in found.data:
        if each.device_id != subject:
            subject = each.device_id
            show(f"Device {subject}:")
        show(line(each))
    if found.leads_to is None:
        say(f"{found.device_id} leads to no device")
    elif found.leads_to != found.device_id:
        say(f"{found.device_id} is retired; it leads to {found.leads_to}")


def _show_change(each: ChangeView, as_json: bool = False) -> None:
    if as_json:
        show_bytes(f"{each.model_dump_json()}\n".encode())
    else:
        show(f"{each.seq} {each.device_id} {line(each)}")


def _row(review: ReviewView) -> tuple[str, ...]:
    grounds = ", ".join(ground.label for ground in review.grounds)
    waiting = f" ({', '.join(review.waiting)}: asked once this is answered)" if review.waiting else ""
    proposal = review.proposal.sentence if review.proposal else ""
    question = f"{review.sentence}{waiting}"
    return review.id, grounds, question, proposal, _devices(review.left), _devices(review.right)


def _devices(side: Side) -> str:
    named = ((each.id, each.values.get("name") or each.values.get("hostname")) for each in side.devices)
    return ", ".join(f"{device_id} ({name})" if name else device_id for device_id, name in named)
