"""
The device or record that a person names in a command: by name, hostname, record, id, or any identifier.

Where several devices have it, the command asks on a terminal; elsewhere it ends with 2 and lists them.
"""

import sys
from collections.abc import Sequence

import typer

from matching.model import Key
from service.cli.cards import columns, counted
from service.cli.terminal import say
from service.core.errors import Unprocessable
from service.devices import finding
from service.devices.finding import ListedDevice
from service.devices.naming import device_name
from service.stewardship.reviewing import find_numbered
from service.store.world import World

MOST_ASKED = 20
"""Devices among which a person is asked to choose."""


def pick_device(world: World, text: str) -> str:
    """
    Return the id of the device that a text names.

    Raises:
        UnknownValue: It names none; the sentence has the nearest names.
        typer.Exit: It names several, and there is no terminal to ask on.
        typer.Abort: It names several, and the person chose none.
    """
    found = finding.find(world, text)
    if not found.device_ids:
        raise finding.unknown_device(world, text)
    if found.total == 1:
        return found.device_ids[0]
    return choose(text, finding.listed(world, found.device_ids[:MOST_ASKED]), found.total)


def pick_records(world: World, left: str, right: str | None = None) -> tuple[Key, Key]:
    """
    Return two records: those that two texts name, or of a device that one names, the record that says most.

    Args:
        right: None: another record of the device that `left` names.

    Raises:
        Unprocessable: Both name the same record, or the device has no other.
        UnknownValue, typer.Exit, typer.Abort: As of `pick_device`.
    """
    first = _records(world, left)
    second = _records(world, right) if right else finding.telling_records(world, pick_device(world, str(first[0])))
    pair = next(((one, other) for one in first for other in second if one != other), None)
    if pair is None:
        raise Unprocessable(f"there is one record, {first[0]}: name another one")
    return pair


def pick_decided(world: World, left: str, right: str | None) -> tuple[Key, Key]:
    """
    Return the two records that a decision is to be about.

    Args:
        left: A record or a device; with no other, the number of an open review, of which the first record of each side
            is meant.

    Raises:
        MatchingError: A record's name is none.
        NotFound: There is no such review.
        ReviewClosed: The review was answered; names the decision.
        UnknownValue, typer.Exit, typer.Abort: As of `pick_device`.
    """
    if right is None:
        review = find_numbered(world, int(left))
        return Key.parse(review.left.records[0]), Key.parse(review.right.records[0])
    return _decided(world, left), _decided(world, right)


def choose(text: str, devices: Sequence[ListedDevice], total: int) -> str:
    """
    Return the id of the one of several devices that a person chooses.

    Args:
        total: How many there are; no more than the first ones are listed.

    Raises:
        typer.Exit: There is no terminal to ask on.
        typer.Abort: The person chose none.
    """
    more = f"; these are the first {len(devices)}" if total > len(devices) else ""
    say(f"{text[:100]!r} names {counted(total, 'device')}{more}")
    rows = [_row(each) for each in devices]
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        _list(rows)
        say("type the record that begins a line, instead of that")
        raise typer.Exit(2)
    _list([(number, *row) for number, row in enumerate(rows, 1)])
    return devices[_number(len(rows)) - 1].id


def _decided(world: World, text: str) -> Key:
    """A record, also one that is not stored, because a decision may come first; or that by which a device is shown."""
    if record := finding.record_named(world, text):
        return record
    if ":" in text and not finding.find(world, text).device_ids:  # a MAC, too, has colons
        return Key.parse(text)
    [device] = finding.listed(world, [pick_device(world, text)])
    return device.record


def _records(world: World, text: str) -> list[Key]:
    """The record that a text names, or all of the device that it names, first the one that says most."""
    if record := finding.record_named(world, text):
        return [record]
    return finding.telling_records(world, pick_device(world, text))


def _row(device: ListedDevice) -> tuple[object, ...]:
    name = device_name(device.values, [str(device.record)])
    return str(device.record), name, device.values.get("company"), device.values.get("type")


def _number(most: int) -> int:
    """Ask for a number. `typer.prompt` would write a blank to standard output, which may be a pipe."""
    while True:
        print("Which one: ", end="", file=sys.stderr, flush=True)
        if not (typed := sys.stdin.readline()):
            raise typer.Abort
        if typed.strip() in map(str, range(1, most + 1)):
            return int(typed)
        say(f"type a number from 1 to {most}, or press Ctrl-C")


def _list(rows: Sequence[Sequence[object]]) -> None:
    for line in columns(rows):
        print(line, file=sys.stderr)
