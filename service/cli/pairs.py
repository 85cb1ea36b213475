"""The two records that a decision is about, as a person names them: a review's number, records, or devices."""

from matching.model import Key
from service.core.errors import Unprocessable
from service.devices.finding import find, listed, unknown_device
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
        NotFound: There is no such review.
        UnknownValue: There is no such device; the sentence has the nearest names.
        ReviewClosed: The review was answered; names the decision.
        Unprocessable: Several devices may be meant.
    """
    if right is None:
        review = find_numbered(world, int(left))
        return Key.parse(review.left.records[0]), Key.parse(review.right.records[0])
    return record_meant(world, left), record_meant(world, right)


def record_meant(world: World, text: str) -> Key:
    """Return a record: the one named, or that by which the named device is shown. Raises: as of `pair_named`."""
    if ":" in text:
        return Key.parse(text)
    found = listed(world, find(world, text).device_ids)
    if not found:
        raise unknown_device(world, text)
    if len(found) > 1:
        records = ", ".join(str(each.record) for each in found[:MOST_NAMED])
        raise Unprocessable(f"{len(found):,} devices hold {text[:100]!r}; name a record of the one you mean: {records}")
    return found[0].record
