"""
Identifier -> records: who holds a value, which values sit on too many boxes, which records hang together.

Everything global that is not learnt (`calibrate`) is in here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.identity import Identity
from matching.model import Key, Kind, SharedValue
from matching.policy import Policy

Holders = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Index:
    """
    Records by what they say. Positions count through `identities`, which are sorted by key.

    `holders` has every value that may join by itself, `weak` every one that may not.
    """

    identities: tuple[Identity, ...]
    position: Mapping[Key, int]
    holders: Mapping[Kind, Holders]
    weak: Mapping[tuple[Kind, str], list[int]]


class Forest:
    """Disjoint sets of positions, by union with path halving: near linear. Reference: Tarjan and van Leeuwen, 1984."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, position: int) -> int:
        """Return the smallest position of the set."""
        parent = self.parent
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    def join(self, positions: Sequence[int]) -> None:
        """Make one set of all of them."""
        first = self.find(positions[0])
        for position in positions[1:]:
            other = self.find(position)
            if other != first:
                first, other = min(first, other), max(first, other)
                self.parent[other] = first

    def sets(self) -> list[list[int]]:
        """Return the sets, each sorted, in order of their smallest member."""
        members: dict[int, list[int]] = {}
        for position in range(len(self.parent)):
            members.setdefault(self.find(position), []).append(position)
        return list(members.values())


def build(identities: Iterable[Identity]) -> Index:
    """Return the index of records with distinct keys, in any order."""
    ordered = tuple(sorted(identities, key=lambda identity: identity.key))
    holders: dict[Kind, Holders] = {kind: {} for kind in Kind}
    weak: dict[tuple[Kind, str], list[int]] = {}
    for position, identity in enumerate(ordered):
        for kind, value in identity.values():
            holders[kind].setdefault(value, []).append(position)
        for pair in identity.weak:
            weak.setdefault(pair, []).append(position)
    return Index(ordered, {identity.key: i for i, identity in enumerate(ordered)}, holders, weak)


def over_shared(index: Index, policy: Policy) -> tuple[SharedValue, ...]:
    """
    Return the values that sit on several boxes although no list names them.

    Judged from the live holders' own values alone. Inside one provider, whose agents count each box once, holders
    that agree on anything else of weight are one island; enough islands that show by a name or a stronger value
    that they are different boxes, or more holders than a box can have rows, and the value is no evidence.
    """
    found = []
    for kind in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC):
        allowed = policy.allow.get(kind, frozenset())
        candidates = [*index.holders[kind].items(), *((v, held) for (k, v), held in index.weak.items() if k is kind)]
        for value, positions in candidates:
            if len(positions) >= policy.islands and value not in allowed:
                reason = _sharing(kind, [index.identities[p] for p in positions], policy)
                if reason:
                    holders = tuple(index.identities[p].key for p in positions)
                    found.append(SharedValue(kind, value, reason, holders))
    return tuple(sorted(found, key=lambda shared: (shared.kind, shared.value)))


def unique_pairs(identities: Sequence[Identity], holders: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions across providers that a value joins uniquely: no provider has it twice."""
    for positions in holders:
        if len(positions) > 1:
            providers = [identities[position].key.provider for position in positions]
            alone = [p for p, provider in zip(positions, providers, strict=True) if providers.count(provider) == 1]
            if len(providers) <= MOST_PROVIDERS:
                yield from combinations(alone, 2)


MOST_PROVIDERS = 32
"""Holders beyond which a value says nothing about pairs: nobody runs that many tools."""


def components(
    index: Index, company: Callable[[str | None], str | None], same: Iterable[tuple[Key, Key]]
) -> list[list[int]]:
    """
    Return the sets of positions that could be joined at all, directly or through others.

    An edge is a value that two records share and the rule may act upon: a strong value, a hostname inside one
    company, a weak value beside an equal hostname, a link, a decision `same`.
    """
    forest = Forest(len(index.identities))
    buckets: dict[tuple[str, ...], int] = {}
    for position, identity in enumerate(index.identities):
        for edge in _edges(identity, company(identity.company)):
            first = buckets.setdefault(edge, position)
            if first != position:
                forest.join((first, position))
    for left, right in same:
        if left in index.position and right in index.position:
            forest.join((index.position[left], index.position[right]))
    return forest.sets()


def _edges(identity: Identity, company: str | None) -> Iterator[tuple[str, ...]]:
    for kind, value in identity.values():
        if kind is not Kind.HOSTNAME:
            yield kind, value
        elif company is not None:
            yield kind, value, company
    if identity.name:
        for kind, value in identity.weak:
            yield kind, value, identity.name, ""
    yield Kind.LINK, *identity.key
    for link in identity.links:
        yield Kind.LINK, *link


def _sharing(kind: Kind, holders: Sequence[Identity], policy: Policy) -> str | None:
    live = [identity for identity in holders if identity.live]
    if len(live) > policy.max_holders:
        return f"on {len(live)} live records, more than {policy.max_holders}"
    by_provider: dict[str, list[Identity]] = {}
    for identity in live:
        by_provider.setdefault(identity.key.provider, []).append(identity)
    for provider, rows in sorted(by_provider.items()):
        if len(rows) >= policy.islands and (count := _islands(kind, rows)) >= policy.islands:
            return f"on {count} boxes of {provider} with nothing else in common"
    return None


def _islands(kind: Kind, rows: Sequence[Identity]) -> int:
    """Count the sets of records that agree on nothing else and show by a name or a stronger value that they differ."""
    forest = Forest(len(rows))
    first: dict[tuple[str, str], int] = {}
    for position, identity in enumerate(rows):
        for other in _of_weight(kind, identity):
            forest.join((first.setdefault(other, position), position))
    return sum(any(_tells_apart(kind, rows[position]) for position in island) for island in forest.sets())


def _of_weight(kind: Kind, identity: Identity) -> list[tuple[str, str]]:
    """What else of a record may show that two holders are one box: a GUID and its serial are copied together."""
    name = [("name", identity.name)] if identity.name else []
    if kind is Kind.MAC:
        guid = [("guid", identity.guid)] if identity.guid else []
        return [*name, *guid, *(("serial", serial) for serial in identity.serials)]
    return [*name, *(("mac", mac) for mac in identity.macs)]


def _tells_apart(kind: Kind, identity: Identity) -> bool:
    stronger = {
        Kind.BIOS_GUID: False,
        Kind.SERIAL: bool(identity.guid),
        Kind.MAC: bool(identity.guid or identity.serials),
    }
    return bool(identity.name) or stronger[kind]
