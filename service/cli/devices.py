"""The command `devices`: find devices by a part of what people call them."""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated

import typer

from service.cli import completion
from service.cli.cards import counted, rows_in_columns
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show, show_json
from service.core.errors import NotFound
from service.core.paging import LARGEST_PAGE, PageRequest
from service.devices import answers
from service.devices.answers import AnswerBody
from service.devices.finding import ListedDevice, listed, nearest
from service.devices.naming import day_and_time, device_name
from service.store.resolved.device_filters import Filters
from service.store.world import World


def list_devices(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="A part of a name, hostname, serial or customer; default: all devices."),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER", autocompletion=completion.stored_providers, help="Only devices that PROVIDER lists."
        ),
    ] = None,
    missing: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER",
            autocompletion=completion.stored_providers,
            help="Only devices that PROVIDER does not list.",
        ),
    ] = None,
    type: Annotated[
        str | None,
        typer.Option(metavar="TYPE", autocompletion=completion.stored_types, help="Only devices of this type."),
    ] = None,
    company: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only devices of this customer, by its whole name.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="List at most N.")] = 20,
    as_json: AsJson = False,
) -> None:
    """
    Find devices by a part of a name.

    Each device is shown with its customer, type, serial, when it was last seen, who lists it, and a record by which
    other commands take it. Upper and lower case are the same. The exit code is 1 if TEXT is found nowhere.

    \b
    Examples:
      samebox devices files01                 what is called like that?
      samebox devices "fenwick" --type "managed server"
      samebox devices --missing cw_manage     what is not in the PSA?
      samebox devices 5cg1 --json | jq -r '.[].values.serial'
    """
    filters = Filters(company=company, type=type, provider=provider, without_provider=missing, text=text)
    with session_of(context).world() as world:
        found, total, is_all = _first(world, filters, limit)
        if as_json:
            show_json(found)
        else:
            show_devices(sorted(listed(world, [each["id"] for each in found]), key=_place))
        if text and not found:
            raise _missed(world, text)
    say(total if is_all else f"{total}; these are the first {len(found):,}, and --limit N shows more")


def show_devices(devices: Sequence[ListedDevice]) -> None:
    """Write devices in short, two lines each: what people call it, and how it is seen and named."""
    above = rows_in_columns([_what(each) for each in devices], "")
    below = rows_in_columns([_where(each) for each in devices])
    for lines in zip(above, below, strict=True):
        for line in chain(*lines):
            show(line)


def _name(device: ListedDevice) -> str:
    return device_name(device.values, [str(device.record)])


def _place(device: ListedDevice) -> tuple[str, str]:
    return str(device.values.get("company", "")).casefold(), _name(device).casefold()


def _what(device: ListedDevice) -> tuple[object, ...]:
    return _name(device), *(device.values.get(field) for field in ("company", "type", "serial"))


def _where(device: ListedDevice) -> tuple[str, ...]:
    seen = day_and_time(device.values.get("last_seen")).partition(" ")[0]
    return f"seen {seen}" if seen else "last seen not known", ", ".join(device.providers), str(device.record)


def _first(world: World, filters: Filters, limit: int) -> tuple[list[AnswerBody], str, bool]:
    """The first devices, how many there are, in words, and whether these are all."""
    found: list[AnswerBody] = []
    page = PageRequest(min(limit, LARGEST_PAGE))
    while True:
        answer = answers.page(world, filters, page)
        found += answer["data"]
        if answer["next_cursor"] is None or len(found) >= limit:
            break
        page = PageRequest(min(limit - len(found), LARGEST_PAGE), answer["next_cursor"])
    total = counted(answer["total"], "device")
    return found, total if answer["total_is_exact"] else f"more than {total}", answer["next_cursor"] is None


def _missed(world: World, text: str) -> NotFound:
    return NotFound(
        f"no device has {text[:100]!r} in its name, hostname, serial or customer; {nearest(world, text)}".rstrip("; ")
    )
