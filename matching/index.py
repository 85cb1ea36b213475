"""
Identifier -> records: who holds a value, which values sit on too many boxes, which records hang together.

Everything global that is not learnt (`calibrate`) is in here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from operator import itemgetter

from matching.evidence import NETBIOS_LENGTH
from matching.identity import Identity
from matching.model import Key, Kind, SharedValue
from matching.policy import Policy

Holders = dict[str, list[int]]
"""Value -> positions of the records that hold it, in order; only values that two or more hold."""


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

    def holders(self, kind: Kind, screen: "Screen") -> Iterator[list[int]]:
        """Yield the holders of each strong value of a kind, where the screen lets two or more of them speak."""
        return self._speaking(kind, self.shared[kind], screen)

    def weak_holders(self, screen: "Screen") -> Iterator[list[int]]:
        """Yield the holders of each weak value, where the screen lets two or more of them speak."""
        return chain.from_iterable(self._speaking(kind, values, screen) for kind, values in self.weak.items())

    def _speaking(self, kind: Kind, values: Holders, screen: "Screen") -> Iterator[list[int]]:
        void, silent = screen.void_values(kind), screen.silent(kind)
        held = (positions for value, positions in values.items() if value not in void) if void else values.values()
        if not silent:
            yield from held
            return
        for positions in held:
            speaking = [position for position in positions if self.providers[position] not in silent]
            if len(speaking) > 1:
                yield speaking


@dataclass(frozen=True)
class Screen:
    """What is no evidence although it is well formed: values on several boxes, and whole fields of a provider."""

    void: frozenset[tuple[Kind, str]] = frozenset()
    set_aside: frozenset[tuple[str, Kind]] = frozenset()

    def void_values(self, kind: Kind) -> frozenset[str]:
        """Return the values of this kind that sit on several boxes."""
        return self._void_by_kind.get(kind, frozenset())

    @cached_property
    def _void_by_kind(self) -> Mapping[Kind, frozenset[str]]:
        """Sorted once: a service asks the same screen for every change of a record."""
        return {kind: frozenset(value for of, value in self.void if of is kind) for kind in Kind}

    def silent(self, kind: Kind) -> frozenset[str]:
        """Return the providers whose field of this kind is set aside."""
        return self._silent_by_kind.get(kind, frozenset())

    @cached_property
    def _silent_by_kind(self) -> Mapping[Kind, frozenset[str]]:
        return {kind: frozenset(provider for provider, of in self.set_aside if of is kind) for kind in Kind}


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
        parent = self.parent
        first = positions[0]
        while parent[first] != first:  # `find`, written out: this is the inmost loop of a fleet
            parent[first] = first = parent[parent[first]]
        for position in positions:
            other = position
            while parent[other] != other:
                parent[other] = other = parent[parent[other]]
            if other < first:
                parent[first] = first = other
            elif other > first:
                parent[other] = first

    def sets(self) -> list[list[int]]:
        """Return the sets of two or more, each sorted, in order of their smallest member."""
        members: dict[int, list[int]] = {}
        for position, parent in enumerate(self.parent):
            if parent != position:
                root = self.find(position)
                members.setdefault(root, [root]).append(position)
        return [members[root] for root in sorted(members)]


def build(identities: Iterable[Identity]) -> Index:
    """Return the index of records with distinct keys, in any order."""
    ordered = sorted(identities, key=itemgetter(0))
    shared = {
        Kind.BIOS_GUID: _shared_values(identity.guid for identity in ordered),
        Kind.SERIAL: _shared_lists(identity.serials for identity in ordered),
        Kind.MAC: _shared_lists(identity.macs for identity in ordered),
        Kind.HOSTNAME: _shared_values(identity.name for identity in ordered),
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
        for value, positions in chain(index.shared[kind].items(), index.weak.get(kind, {}).items()):
            if len(positions) >= policy.islands and _may_be_over_shared(index.providers, positions, policy):
                holders = [index.identities[position] for position in positions]
                reason = None if value in allowed else _sharing(kind, holders, policy)
                if reason:
                    found.append(SharedValue(kind, value, reason, tuple(identity.key for identity in holders)))
    return tuple(sorted(found, key=lambda shared: (shared.kind, shared.value)))


def _may_be_over_shared(providers: Sequence[str], positions: Sequence[int], policy: Policy) -> bool:
    """Whether some provider may hold a value as often as there are islands: quick, and never wrong when it says no."""
    kinds = len({providers[position] for position in positions})
    return len(positions) - kinds >= policy.islands - 1 or len(positions) > policy.max_holders


MOST_PROVIDERS = 32
"""Holders beyond which a value says nothing about pairs: nobody runs that many tools."""


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


def components(
    index: Index,
    names: Sequence[str | None],
    screen: Screen,
    customers: Sequence[str | None],
    others: Iterable[Sequence[int]],
) -> list[list[int]]:
    """
    Return the sets of two or more positions that could be joined at all, directly or through others.

    An edge is a value that two records share and the rule may act upon: a strong value, a hostname inside one
    customer, a weak value beside an equal hostname, a link.

    Args:
        names: Of each position, the hostname that is evidence, once cut ones have been looked at.
        customers: Of each position, the customer; None where it is unknown.
        others: More edges: names that were cut, decisions `same`.
    """
    forest = Forest(len(index.identities))
    for kind in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC):
        for positions in index.holders(kind, screen):
            forest.join(positions)
    for positions in index.weak_holders(screen):
        for group in _grouped((names[position], position) for position in positions):
            forest.join(group)
    for edge in (*_linked(index.identities), *others):
        forest.join(edge)
    belongs = _customers_by_hardware(forest, customers)
    for name, positions in index.shared[Kind.HOSTNAME].items():
        called = [place for place in positions if names[place]] if len(name) == NETBIOS_LENGTH else positions
        for namesakes in _namesakes(called, belongs) if called else ():
            forest.join(namesakes)
    return forest.sets()


def _customers_by_hardware(forest: Forest, customers: Sequence[str | None]) -> list[Collection[str]]:
    """
    Return each record's customers: its own, and those of the records that hardware joins it with.

    A row in a catch-all is its customer's as soon as a serial ties it to another row of that customer.
    """
    several: dict[int, dict[str, None]] = {}
    homes = [forest.find(position) for position in range(len(customers))]
    for position, home in enumerate(homes):
        if customers[position] != customers[home]:
            found = several.setdefault(home, {})
            found.update((customer, None) for customer in (customers[home], customers[position]) if customer)
    alone: dict[str, Collection[str]] = {}
    return [
        several.get(home) or (alone.setdefault(customer, (customer,)) if customer else ())
        for home, customer in zip(homes, customers, strict=True)
    ]


def _namesakes(positions: Sequence[int], belongs: Sequence[Collection[str]]) -> Iterable[Sequence[int]]:
    """Positions of one name by customer."""
    customers = belongs[positions[0]]
    if len(customers) == 1 and all(belongs[position] is customers for position in positions):  # as most names are
        return (positions,)
    return _grouped((customer, position) for position in positions for customer in belongs[position])


def _grouped(pairs: Iterable[tuple[str | None, int]]) -> Iterable[list[int]]:
    """Positions by label; those without one stay out."""
    groups: dict[str, list[int]] = {}
    for label, position in pairs:
        if label is not None:
            groups.setdefault(label, []).append(position)
    return groups.values()


def _linked(identities: Sequence[Identity]) -> list[list[int]]:
    """Positions of the records that link to one record, and of that record."""
    linking: dict[Key, list[int]] = {}
    for position, identity in enumerate(identities):
        for link in identity.links:
            linking.setdefault(link, []).append(position)
    if linking:
        for position, identity in enumerate(identities):
            if identity.key in linking:
                linking[identity.key].append(position)
    return list(linking.values())


def _sharing(kind: Kind, holders: Sequence[Identity], policy: Policy) -> str | None:
    providers = [identity.key.provider for identity in holders if identity.live]
    if len(providers) > policy.max_holders:
        return f"on {len(providers)} live records, more than {policy.max_holders}"
    for provider in sorted(set(providers)) if len(set(providers)) < len(providers) else ():
        rows = [identity for identity in holders if identity.live and identity.key.provider == provider]
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
    islands: dict[int, bool] = {}
    for position, identity in enumerate(rows):
        home = forest.find(position)
        islands[home] = islands.get(home, False) or _tells_apart(kind, identity)
    return sum(islands.values())


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
