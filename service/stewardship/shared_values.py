"""The values that are no evidence because they sit on several boxes, and the records that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.model import Key, SharedValue
from matching.values.spelling import shown
from service.core.errors import NotFound
from service.store.indexes import suppressed_values
from service.store.resolved import devices
from service.store.world import World

FIRST = 3
"""Devices of holders that a list names."""


@dataclass(frozen=True)
class Holder:
    """A record that holds a value, and the golden values of its device."""

    record: str
    device_id: str
    golden: str


@dataclass(frozen=True)
class SharedValueView:
    """A value on several boxes: as people write it and canonical, why it is no evidence, and the first that hold it."""

    kind: str
    label: str
    text: str
    value: str
    reason: str
    holders: int
    first: Sequence[Holder]


def list_shared_values(world: World, text: str = "") -> list[SharedValueView]:
    """Return the values whose text, kind or reason has a part, in any case; those on the most records first."""
    wanted = text.casefold()
    with world.store.reading() as connection:
        found = [each for each in suppressed_values.shared(connection) if wanted in _searched(each)]
        found.sort(key=lambda each: (-len(each.holders), each.kind, each.value))
        homes = devices.of_records(connection, {key for each in found for key in each.holders[:FIRST]})
    return [_view(each, [_holder(key, homes) for key in each.holders[:FIRST] if key in homes]) for each in found]


def find_shared_value(
    world: World, kind: str, value: str, skip: int, most: int
) -> tuple[SharedValueView, list[Holder]]:
    """Return a value and some of the records that hold it, in order. Raises: NotFound, where it is not one of them."""
    with world.store.reading() as connection:
        own = [each for each in suppressed_values.shared(connection) if (str(each.kind), each.value) == (kind, value)]
        if not own:
            raise NotFound("that value is on no list of values that sit on several boxes")
        keys = own[0].holders[skip : skip + most]
        homes = devices.of_records(connection, set(keys))
    holders = [_holder(key, homes) for key in keys if key in homes]
    return _view(own[0], holders[:FIRST]), holders


def _view(shared: SharedValue, first: Sequence[Holder]) -> SharedValueView:
    return SharedValueView(
        kind=str(shared.kind),
        label=shared.kind.label,
        text=shown(shared.kind, shared.value),
        value=shared.value,
        reason=shared.reason,
        holders=len(shared.holders),
        first=first,
    )


def _holder(key: Key, homes: dict[Key, devices.DeviceRow]) -> Holder:
    return Holder(str(key), homes[key].id, homes[key].golden)


def _searched(shared: SharedValue) -> str:
    return f"{shared.kind.label} {shown(shared.kind, shared.value)} {shared.value} {shared.reason}".casefold()
