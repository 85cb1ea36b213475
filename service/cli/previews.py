"""A decision, as a person is shown it: what it would do, before and after; and what it did, in a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.cli.reviews import question
from service.cli.terminal import say, show, show_table, show_text
from service.devices.naming import device_name, records_named
from service.stewardship.previewing import DeviceState, Foreseen
from service.store.resolved.changes import ChangeKind

COLUMNS = ("device", "type", "customer", "records")

LONGEST_VALUE = 100
"""Characters of a value that a preview shows."""


def show_foreseen(foreseen: Foreseen, *, full: bool) -> None:
    """Write what a decision would do: the devices before and after it, the values that change, and the reviews."""
    if not foreseen.preview.changes:
        show_devices("The devices", foreseen.before, full=full)
        show_text(" ".join(foreseen.preview.sentences))
    else:
        show_devices("Before", foreseen.before, full=full)
        show_devices("After", foreseen.after, full=full)
        for name, fields in _differences(foreseen):
            rows = [(field, value_text(values["from"]), value_text(values["to"])) for field, values in fields.items()]
            show_table(f"Values of {name} that change", ("value", "before", "after"), rows)
    for review in foreseen.preview.closes:
        show_text(f"Closes review {review.number}: {question(review)}")
    for review in foreseen.preview.opens:
        show_text(f"Opens a review: {question(review)}")
    say("this is a preview; nothing is stored")


def show_devices(title: str, devices: Sequence[DeviceState], *, full: bool) -> None:
    """Write devices below a title that counts them, names first."""
    rows = [
        (
            *(_called(each), each.values.get("type"), each.values.get("company")),
            *(records_named(each.records, full=full), *([each.id] if full else ())),
        )
        for each in devices
    ]
    show_table(f"{title}: {counted(len(devices))}", (*COLUMNS, *(["id"] if full else ())), rows)


def show_outcome(before: Sequence[DeviceState], after: Sequence[DeviceState]) -> None:
    """Write what a decision did to devices, in a line or two."""
    now = " and ".join(f"{_called(each)} ({records_named(each.records)})" for each in after)
    if [each.records for each in before] == [each.records for each in after]:
        show_text(f"No device changes: it stays {counted(len(after))}, {now}.")
    else:
        show_text(f"{counted(len(before))} became {counted(len(after))}: {now}.")
    show()


def counted(devices: int) -> str:
    """
    Return how many devices there are.

    >>> counted(1), counted(2)
    ('1 device', '2 devices')
    """
    return f"{devices:,} device{'' if devices == 1 else 's'}"


def _called(device: DeviceState) -> str:
    return device_name(device.values, device.records)


def _differences(foreseen: Foreseen) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The names of devices that live on, each with its golden values that would be others."""
    names = {each.id: _called(each) for each in (*foreseen.before, *foreseen.after)}
    for change in foreseen.preview.changes:
        if change.what in {ChangeKind.MERGED, ChangeKind.CHANGED} and (fields := change.detail.get("fields")):
            yield names.get(change.device_id, change.device_id), fields


def value_text(value: object) -> str:
    """Return a golden value as a preview shows it; a long one is cut."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if value is None or not text:
        return "empty"
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}.."
