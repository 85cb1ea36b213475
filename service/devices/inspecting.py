"""One device with its open reviews and the decisions about its records."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.model import Key
from service.devices.lookup import DeviceView, device
from service.stewardship.deciding import DecisionView, shown
from service.stewardship.reviewing import ReviewView, about
from service.store.stewardship import decisions
from service.store.world import World


@dataclass(frozen=True)
class Inspected:
    """A device, the open reviews of which one of its records is a side, and the decisions that stand about them."""

    device: DeviceView
    reviews: Sequence[ReviewView]
    decisions: Sequence[DecisionView]


def inspect(world: World, device_id: str) -> Inspected:
    """
    Return one device, its open reviews, the most worthwhile first, and its standing decisions.

    Raises:
        NotFound: No device has or had that id, or its last record is gone.
        Moved: The id is retired; names its successor.
    """
    with world.store.reading() as connection:
        found = device(connection, device_id)
        keys = {Key(each.provider, each.id) for each in found.records}
        decided = map(shown, decisions.stored_about(connection, keys))
        return Inspected(found, about(connection, keys), sorted(decided, key=lambda each: each.id))
