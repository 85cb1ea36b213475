"""The command `history`."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from service.cli.layout import hanging, line_width
from service.cli.picking import pick_device
from service.cli.reviews import Full
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show, show_json, show_title
from service.core.errors import NotFound
from service.core.harmless import harmless
from service.devices.finding import listed
from service.devices.naming import device_name
from service.stewardship.feed import ChangeView, History, history, line
from service.store.world import World


def show_history(
    context: typer.Context,
    device: Annotated[
        str,
        typer.Argument(
            metavar="DEVICE",
            help="A name, hostname, record as provider:id, any identifier, or a device id, which may be retired.",
        ),
    ],
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """
    List what happened to one device.

    The history says what happened when, on what evidence and by whom; times are UTC. The history of a retired id
    continues with that of its successor.

    \b
    Examples:
      samebox history FNO-FILES01
      samebox history cw_manage:4711 --full
      samebox history 0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47 --json
    """
    with session_of(context).world() as world:
        found = _history(world, device)
        names = {each.id: device_name(each.values, [str(each.record)]) for each in listed(world, _ids(found))}
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    subject = ""
    for each in found.data:
        if each.device_id != subject:
            subject = each.device_id
            show_title("  ".join(filter(None, (names.get(subject, "A device that is retired"), subject))))
        for part in hanging(f"  {harmless(_line(each, full))}", line_width(sys.stdout)):
            show(part)
    for sentence in _end(found):
        say(sentence)


def _history(world: World, text: str) -> History:
    """Of a device's id, which may be retired; else of the device that a text names."""
    try:
        return history(world, text.strip())
    except NotFound:
        return history(world, pick_device(world, text))


def _ids(found: History) -> list[str]:
    return list(dict.fromkeys(each.device_id for each in found.data))


def _line(each: ChangeView, full: bool) -> str:
    """A change in a line; the id of a sync, which no command takes, only where all is wanted."""
    run = (each.detail.get("because") or {}).get("sync")
    return line(each) if full or not run else line(each).replace(f"sync {run} of", "a sync of")


def _end(found: History) -> Iterator[str]:
    if found.is_cut:
        yield "what happened before is forgotten (Sync:KeepChangesDays)"
    if found.leads_to is None:
        yield f"{found.device_id} leads to no device"
    elif found.leads_to != found.device_id:
        yield f"{found.device_id} is retired; it leads to {found.leads_to}"
