"""Compare two partitions of the same records: which devices merge, which split, which keep their records."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Places = Sequence[int]
"""A device, as the places of its records in order."""


class Merging(NamedTuple):
    """A device that has records of several former ones: the largest of these first."""

    formers: Sequence[Places]
    device: Places


class Splitting(NamedTuple):
    """A former device whose records are in several devices: its part in each, the largest first."""

    former: Places
    parts: Sequence[Places]


class Regrouping(NamedTuple):
    """What differs between two partitions, the largest first, and the devices that keep their records."""

    merging: Sequence[Merging]
    splitting: Sequence[Splitting]
    kept: Sequence[Places]


def regrouping(formers: Iterable[Places], devices: Iterable[Places]) -> Regrouping:
    """
    Return what becomes of devices; both partitions are of the same records.

    A former device that gives some of its records to another one is among those that merge and those that split.

    >>> regrouping([[0, 1], [2], [3, 4]], [[0, 1, 2], [3], [4]])
    Regrouping(merging=[Merging(formers=[[0, 1], [2]], device=[0, 1, 2])], \
splitting=[Splitting(former=[3, 4], parts=[[3], [4]])], kept=[])
    """
    before, after = list(map(sorted, formers)), list(map(sorted, devices))
    former_of = {place: number for number, places in enumerate(before) for place in places}
    device_of = {place: number for number, places in enumerate(after) for place in places}
    merging, splitting, kept = [], [], []
    for places in after:
        parents = {former_of[place] for place in places}
        if len(parents) > 1:
            merging.append(Merging(_largest_first(before[number] for number in parents), places))
        elif before[former_of[places[0]]] == places:
            kept.append(places)
    for places in before:
        heirs: dict[int, list[int]] = {}
        for place in places:
            heirs.setdefault(device_of[place], []).append(place)
        if len(heirs) > 1:
            splitting.append(Splitting(places, _largest_first(heirs.values())))
    merging.sort(key=lambda each: (-len(each.device), each.device))
    splitting.sort(key=lambda each: (-len(each.former), each.former))
    return Regrouping(merging, splitting, kept)


def _largest_first(found: Iterable[Places]) -> list[Places]:
    return sorted(found, key=lambda places: (-len(places), places))
