"""The command `changes`: what happened to all devices, the latest by default."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from service.cli.layout import hanging, line_width
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show, show_bytes, show_json
from service.core.harmless import harmless
from service.core.paging import LARGEST_NUMBER, LARGEST_PAGE
from service.devices.names import device_names
from service.stewardship.feed import ChangeView, before_latest, feed, follow, line
from service.store.world import World

PAUSE = 1.0
"""Seconds between two looks at the feed by who follows it."""


def show_changes(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    after: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=LARGEST_NUMBER,
            help="Begin after change N; 0: with the oldest; default: the latest.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N; with --follow, N at a time.")
    ] = 20,
    followed: Annotated[bool, typer.Option("--follow", help="Wait for further changes, until Ctrl-C.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Name devices and syncs by their ids.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    List what happened to devices, the latest changes by default.

    Changes are in the order in which they were stored. Each begins with its number and its time, UTC. With the last
    number that you saw, --after continues without a gap; --after 0 begins with the oldest. --follow looks for changes
    every second until Ctrl-C ends it with exit code 130; with --json it writes one object per line. `samebox history
    DEVICE` lists what happened to one device.

    \b
    Examples:
      samebox changes
      samebox changes --follow
      samebox changes --after 4711 --json | jq .seq
      samebox changes --after 4711 --follow
    """
    with session_of(context).world() as world:
        start = before_latest(world, limit) if after is None else after or None
        if followed:
            for each in follow(world, start, limit, lambda: time.sleep(PAUSE)):
                _show_followed(world, each, full, as_json)
        found = feed(world, start, limit)
        names = {} if full or as_json else device_names(world, _devices(found.data))
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    for each in found.data:
        _show_change(each, names, full)
    say(f"changes: {len(found.data):,}; for what follows: samebox changes --after {found.seq}")


def _show_followed(world: World, each: ChangeView, full: bool, as_json: bool) -> None:
    if as_json:
        show_bytes(f"{each.model_dump_json()}\n".encode())
    else:
        _show_change(each, {} if full else device_names(world, _devices([each])), full)


def _show_change(each: ChangeView, names: Mapping[str, str], full: bool) -> None:
    text = f"{each.seq}  {each.device_id}  {line(each)}" if full else f"{each.seq}  {_readable(each, names)}"
    for part in hanging(harmless(text), line_width(sys.stdout)):
        show(part)


def _readable(each: ChangeView, names: Mapping[str, str]) -> str:
    """A change as one sentence with names in place of ids."""
    by = f" [{each.by}]" if each.by else ""
    text = f"{each.at:%Y-%m-%d %H:%M}{by}  {names.get(each.device_id, each.device_id)}: {each.sentence}"
    if run := (each.detail.get("because") or {}).get("sync"):
        text = text.replace(f"By sync {run} of", "By a sync of")
    if successor := each.detail.get("successor"):
        text = text.replace(successor, names.get(successor, successor))
    return text


def _devices(found: Sequence[ChangeView]) -> set[str]:
    """The ids of the devices that some changes are about, and of those that took their place."""
    successors = (each.detail.get("successor") for each in found)
    return {*(each.device_id for each in found), *filter(None, successors)}
