"""Counting holds few devices, and those that come first."""

import random
from typing import Any

from service.reports.catalogue.billing.counting import MOST_NAMED, NamedDevice, Shortlist, first_of


def device(place: tuple[Any, ...]) -> NamedDevice:
    """Return a device at a place."""
    return NamedDevice(place, f"box-{place[0]}", f"cw_rmm:{place[0]}", None)


def shortlist(places: list[int]) -> Shortlist:
    """Return a list that was offered devices at these places, in this order."""
    found = Shortlist()
    for place in places:
        if found.has_room_for((place,)):
            found.add(device((place,)))
    return found


def test_the_first_are_kept_in_whatever_order_they_come() -> None:
    """And at no time more than twice as many."""
    places = list(range(1000))
    random.Random(7).shuffle(places)

    found = shortlist(places)

    assert [each.place for each in found.first] == [(place,) for place in range(MOST_NAMED)]
    assert len(found._kept) < 2 * MOST_NAMED


def test_what_comes_behind_a_full_list_has_no_room() -> None:
    """Nothing is read of a device that will not be named."""
    found = shortlist(list(range(2 * MOST_NAMED)))

    assert not found.has_room_for((MOST_NAMED,))
    assert found.has_room_for((0,))


def test_the_first_of_several_lists_are_the_first_of_all() -> None:
    """A product may bill several types."""
    odd, even = shortlist(list(range(1, 200, 2))), shortlist(list(range(0, 200, 2)))

    assert [each.place for each in first_of([odd, even])] == [(place,) for place in range(MOST_NAMED)]
    assert first_of([]) == []
