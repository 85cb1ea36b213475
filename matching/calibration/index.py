"""
An inverted index of all records: identifier -> the records that hold it.

Calibration asks it who shares a value, and which pairs of records a value joins uniquely.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter

from matching.calibration.suppression import Suppression
from matching.evidence.identity import Identity
from matching.model import Kind

Holders = dict[str, list[int]]
"""Value -> positions of the records that hold it, in order; only values that two or more hold."""

MOST_PROVIDERS = 32
"""Holders beyond which a value says nothing about pairs: nobody runs that many tools."""


@dataclass(frozen=True, slots=True)
class Index:
    """
    Records by what they share. Positions count through `identities`, which are sorted by key.

    `providers` are those of the positions; `shared` has the values that may join by themselves, `weak` those that may
    not.
    """

    identities: Sequence[Identity]
    providers: Sequence[str]
    shared: Mapping[Kind, Holders]
    weak: Mapping[Kind, Holders]

    def holders(self, kind: Kind, suppression: Suppression) -> Iterator[list[int]]:
        """Yield the holders of each value of a kind that is usable for two or more of them."""
        values, providers = suppression.values_of(kind), suppression.providers_of(kind)
        for value, positions in self.shared[kind].items():
            if value in values:
                continue
            usable = [p for p in positions if self.providers[p] not in providers] if providers else positions
            if len(usable) > 1:
                yield usable


def build_index(identities: Iterable[Identity]) -> Index:
    """Return the index of records with distinct keys, in any order."""
    ordered = sorted(identities, key=itemgetter(0))
    shared = {
        Kind.BIOS_GUID: _shared_values(identity.guid for identity in ordered),
        Kind.SERIAL: _shared_lists(identity.serials for identity in ordered),
        Kind.MAC: _shared_lists(identity.macs for identity in ordered),
        Kind.HOSTNAME: _shared_values(identity.hostname for identity in ordered),
    }
    weak = [identity.weak for identity in ordered]
    kinds = {
        kind: _shared_lists([value for of, value in pairs if of is kind] if pairs else () for pairs in weak)
        for kind in (Kind.SERIAL, Kind.MAC)
    }
    return Index(ordered, [identity.key.provider for identity in ordered], shared, kinds)


def _shared_values(values: Iterable[str | None]) -> Holders:
    """Collect the holders of each value, of which a record has one: a list only from the second holder on."""
    first: dict[str, int] = {}
    shared: Holders = {}
    for position, value in enumerate(values):
        if value and (seen := first.setdefault(value, position)) != position:
            _hold(shared, value, seen, position)
    return shared


def _shared_lists(lists: Iterable[Sequence[str]]) -> Holders:
    """Collect the holders of each value, of which a record may have several."""
    first: dict[str, int] = {}
    shared: Holders = {}
    for position, values in enumerate(lists):
        for value in values:
            if (seen := first.setdefault(value, position)) != position:
                _hold(shared, value, seen, position)
    return shared


def _hold(shared: Holders, value: str, first: int, position: int) -> None:
    held = shared.get(value)
    if held is None:
        shared[value] = [first, position]
    else:
        held.append(position)


def unique_pairs(providers: Sequence[str], holders: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions across providers that a value joins uniquely: no provider has it twice."""
    for positions in holders:
        if len(positions) == 2:  # as most values have
            left, right = positions
            if providers[left] != providers[right]:
                yield left, right
        elif len(positions) <= MOST_PROVIDERS:
            own = [providers[position] for position in positions]
            if len(set(own)) == len(own):
                yield from combinations(positions, 2)
            else:
                counted = zip(positions, own, strict=True)
                yield from combinations([p for p, provider in counted if own.count(provider) == 1], 2)
