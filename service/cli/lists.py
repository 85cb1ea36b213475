"""The command `history`."""

from typing import Annotated

import typer

from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show, show_json
from service.stewardship.feed import history, line


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
