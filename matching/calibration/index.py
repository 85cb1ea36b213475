"""
An inverted index of all records: identifier -> the records that hold it.

Calibration reads from it which records share a value, and which pairs of records a value joins that no provider
holds twice.
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

PositionPair = tuple[int, int]
"""Positions of two records."""

MOST_PROVIDERS = 32
"""The largest number of holders of a value from which pairs are taken: nobody runs more providers than that."""


@dataclass(frozen=True, slots=True)
class Index:
    """
    Records by the values that they share. Positions are indices of `identities`, which are sorted by key.

    `providers` are the providers of the positions. `shared` has the values that may join by themselves, `weak` the
    others.
    """

    identities: Sequence[Identity]
    providers: Sequence[str]
    shared: Mapping[Kind, Holders]
    weak: Mapping[Kind, Holders]

    def holders(self, kind: Kind, suppression: Suppression) -> Iterator[list[int]]:
        """Yield the holders of each value of a kind, without suppressed values and fields; two or more each time."""
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
        Kind.SERIAL: _shared_lists(_counted(identity, Kind.SERIAL, identity.serials) for identity in ordered),
        Kind.MAC: _shared_lists(_counted(identity, Kind.MAC, identity.macs) for identity in ordered),
        Kind.HOSTNAME: _shared_values(identity.hostname for identity in ordered),
    }
    weak = [identity.weak for identity in ordered]
    kinds = {
        kind: _shared_lists([value for of, value in pairs if of is kind] if pairs else () for pairs in weak)
        for kind in (Kind.SERIAL, Kind.MAC)
    }
    return Index(ordered, [identity.key.provider for identity in ordered], shared, kinds)


def _counted(identity: Identity, kind: Kind, own: Sequence[str]) -> Sequence[str]:
    """
    A record's own values, and the derived ones whose carrier is no value itself, such as a template in place of a GUID;
    each once, although two boards of a box may carry one tag.

    A derived value with a carrier teaches nothing: where the carrier is on several boxes, both are suppressed.
    """
    if not identity.derived:
        return own
    carried = (each.value for each in identity.derived if each.kind is kind and each.source is None)
    return tuple(dict.fromkeys((*own, *carried)))


def _shared_values(values: Iterable[str | None]) -> Holders:
    """Collect the holders of each value that two or more records hold; a record has one value at most."""
    first: dict[str, int] = {}
    shared: Holders = {}
    for position, value in enumerate(values):
        if value and (seen := first.setdefault(value, position)) != position:
            _add_holder(shared, value, seen, position)
    return shared


def _shared_lists(lists: Iterable[Sequence[str]]) -> Holders:
    """Collect the holders of each value that two or more records hold; a record may have several values."""
    first: dict[str, int] = {}
    shared: Holders = {}
    for position, values in enumerate(lists):
        for value in values:
            if (seen := first.setdefault(value, position)) != position:
                _add_holder(shared, value, seen, position)
    return shared


def _add_holder(shared: Holders, value: str, first: int, position: int) -> None:
    holders_so_far = shared.get(value)
    if holders_so_far is None:
        shared[value] = [first, position]
    else:
        holders_so_far.append(position)


def unique_pairs(providers: Sequence[str], holders: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions that a value joins uniquely: of two providers each of which has the value once."""
    for positions in holders:
        if len(positions) == 2:  # the common case
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
