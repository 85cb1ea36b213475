"""The two records that a decision is about, as a person names them: a review's number, records, or devices."""

from matching.model import Key
from service.core.errors import NotFound, Unprocessable
from service.devices.lookup import DeviceView, device, lookup
from service.stewardship.reviewing import find_numbered
from service.store.world import World

MOST_NAMED = 5
"""Devices that are named where a text means several."""


def pair_named(world: World, left: str, right: str | None) -> tuple[Key, Key]:
    """
    Return the two records that are meant.

    Args:
        left: A record or a device; with no other, the number of an open review, of which the first record of each side
            is meant.

    Raises:
        BadRequest: A record's name is none.
        NotFound: There is no such review or device.
        ReviewClosed: The review was answered; names the decision.
        Unprocessable: Several devices may be meant.
    """
    if right is None:
        review = find_numbered(world, int(left))
        return Key.parse(review.left.records[0]), Key.parse(review.right.records[0])
    return record_named(world, left), record_named(world, right)


def record_named(world: World, text: str) -> Key:
    """Return a record: the one named, or the first one of the device that is. Raises: as of `pair_named`."""
    if ":" in text:
        return Key.parse(text)
    found = _devices(world, text)
    if not found:
        raise NotFound(f"no device holds {text[:100]!r}; name a device, or a record, written provider:id")
    if len(found) > 1:
        records = ", ".join(f"{each.records[0].provider}:{each.records[0].id}" for each in found[:MOST_NAMED])
        raise Unprocessable(f"{len(found):,} devices hold {text[:100]!r}; name a record of the one you mean: {records}")
    first = found[0].records[0]
    return Key(first.provider, first.id)


def _devices(world: World, text: str) -> list[DeviceView]:
    try:
        with world.store.reading() as connection:
            return [device(connection, text)]
    except NotFound:
        return lookup(world, text)
