"""The command `lookup`: what is a text, which device has it, and what is known of that."""

from typing import Annotated

import typer

from service.cli import completion
from service.cli.device_card import show_card
from service.cli.picking import MOST_ASKED, choose
from service.cli.session import AsJson, session_of
from service.cli.terminal import show, show_json, show_text
from service.core.errors import NotFound
from service.devices.finding import find, listed, nearest
from service.devices.inspecting import inspect
from service.devices.lookup import devices_by_id
from service.devices.searching import Found, LookupKind, Meaning
from service.store.world import World


def look_up(
    context: typer.Context,
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE",
            help="BIOS GUID, serial, MAC, hostname, name, ConnectWise id, tag, IP, device id or provider:id.",
        ),
    ],
    kind: Annotated[
        LookupKind | None,
        typer.Option(
            metavar="KIND",
            autocompletion=completion.kinds,
            help=f"{', '.join(LookupKind)}; default: detected.",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Show every value, where it came from, and the values that lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """
    Show the device that holds an identifier.

    Any notation of it is understood, and the answer begins with what VALUE was understood as. Where several devices
    hold it, the command asks which one on a terminal, and elsewhere lists them; JSON has all of them. A part of a name
    is found by `samebox devices`.

    The exit code is 1 if no device holds VALUE, and 2 if several do and none was chosen.

    \b
    Examples:
      samebox lookup 00-15-5d-01-02-03
      samebox lookup FNO-FILES01 --full
      samebox lookup "{4C4C4544-0051-3010-8056-B7C04F4A3232}"
      samebox lookup 4711 --kind cw_manage_device_id
      samebox lookup "5cg 1234 abc" --json | jq '.[].values.hostname'
    """
    with session_of(context).world() as world:
        found = find(world, value, kind)
        if as_json:
            show_json([device.model_dump(mode="json") for device in devices_by_id(world, found.device_ids)])
        else:
            _show_meanings(found)
        if not found.device_ids:
            raise _nobody_holds(world, value)
        if not as_json:
            show_card(world, inspect(world, _chosen(world, value, found)), full=full)


def _show_meanings(found: Found) -> None:
    """Say what the text was understood as, and why it is no evidence where it is none."""
    said = {each.value: each for each in reversed(found.meanings) if each.devices or each.suppressed}
    if said:
        show_text(f"Understood as {', or as '.join(map(_meaning, reversed(said.values())))}.")
        show()


def _meaning(meaning: Meaning) -> str:
    reason = f", which is no evidence ({meaning.suppressed})" if meaning.suppressed else ""
    return f"{meaning.kind.label} {meaning.value}{reason}"


def _chosen(world: World, value: str, found: Found) -> str:
    if found.total == 1:
        return found.device_ids[0]
    return choose(value, listed(world, found.device_ids[:MOST_ASKED]), found.total)


def _nobody_holds(world: World, value: str) -> NotFound:
    return NotFound(f"no device in {world.store.name} holds {value[:100]!r}; {nearest(world, value)}".rstrip("; "))
