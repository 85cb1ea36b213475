"""
Everything by which a record may meet another one, as numbers that a table can hold.

Records of one component share joints, directly or through others, so whoever follows joints misses no edge. Where a
record hangs together with more than it must, a component is resolved beside another one: never wrong, only slower.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from matching.checksums import Checksum, checksum
from matching.cutnames import Beginning, beginning
from matching.evidence import NETBIOS_LENGTH
from matching.fleet import Fleet, Positions
from matching.identity import Identity
from matching.index import Forest
from matching.model import Key, Kind

Joint = Checksum
"""Of a kind and a value."""


def joints(fleet: Fleet) -> Iterator[tuple[Key, frozenset[Joint]]]:
    """
    Yield the joints of each record; decisions are none, for they are found by the record they name.

    They follow from a record's component and the calibration, and from nothing else.
    """
    alone = bytearray(b"\1") * len(fleet.identities)
    for component in fleet.components:
        for position in component:
            alone[position] = 0
        yield from _of_component(fleet, component)
    for position, flag in enumerate(alone):
        if flag:
            yield from _of_component(fleet, [position])


def sought(key: Key) -> Joint:
    """Return the joint at which records that link to this one are found."""
    return checksum(("link", *key))


def _of_component(fleet: Fleet, component: Positions) -> Iterator[tuple[Key, frozenset[Joint]]]:
    identities = [fleet.identities[position] for position in component]
    linked = {link for identity in identities for link in identity.links}
    stated = [list(_stated(identity, linked)) for identity in identities]
    customers = [fleet.customers[position] for position in component]
    crowds = fleet.calibration.crowded
    belongs = _belongs(identities, stated, customers, fleet.same, crowds)
    known = _Checksums()
    for identity, own, theirs in zip(identities, stated, belongs, strict=True):
        named = [_named(customer, identity.name, crowds) for customer in theirs] if identity.name else []
        yield identity.key, frozenset(map(known.__getitem__, chain(own, named)))


class _Checksums(dict[tuple[str, ...], Joint]):
    """Those of one component, each worked out once: its records have most of what they say in common."""

    def __missing__(self, said: tuple[str, ...]) -> Joint:
        self[said] = number = checksum(said)
        return number


def _stated(identity: Identity, linked: Collection[Key]) -> Iterator[tuple[str, ...]]:
    """What a record may join on whatever its customer; its own key counts where another one links to it."""
    for kind, value in identity.values():
        if kind is not Kind.HOSTNAME:
            yield kind, value
    for kind, value in identity.weak if identity.name else ():
        yield "weak", kind, value, _cut(identity.name)
    for link in identity.links:
        yield ("link", *link)
    if identity.key in linked:
        yield ("link", *identity.key)


def _belongs(
    identities: Sequence[Identity],
    stated: Sequence[Sequence[tuple[str, ...]]],
    customers: Sequence[str | None],
    same: Sequence[tuple[Key, Key]],
    crowds: Collection[Beginning],
) -> list[Collection[str]]:
    """The customers of each record: its own, and those of the records that anything but a short name ties it to."""
    if len(set(customers)) == 1:  # as mostly
        return [[customer] if customer else [] for customer in customers]
    forest, first = Forest(len(identities)), dict[tuple[str, ...], int]()
    position = {identity.key: place for place, identity in enumerate(identities)} if same else {}
    for place, (identity, own, customer) in enumerate(zip(identities, stated, customers, strict=True)):
        for tie in chain(own, _long(identity.name, customer, crowds)):
            forest.join((first.setdefault(tie, place), place))
    for left, right in same if position else ():
        if left in position and right in position:
            forest.join((position[left], position[right]))
    found: dict[int, dict[str, None]] = {}
    for place, customer in enumerate(customers):
        if customer:
            found.setdefault(forest.find(place), {})[customer] = None
    return [found.get(forest.find(place), {}) for place in range(len(identities))]


def _long(name: str | None, customer: str | None, crowds: Collection[Beginning]) -> Iterator[tuple[str, ...]]:
    """A name that may have been cut, or may be what another one was cut from, with its customer."""
    if name and customer and len(name) >= NETBIOS_LENGTH:
        yield _named(customer, name, crowds)


def _named(customer: str, name: str, crowds: Collection[Beginning]) -> tuple[str, str, str]:
    """A hostname of a customer: a cut one and that which it may stand for meet, unless it may stand for several."""
    start = beginning(customer, name)
    return ("name", customer, name) if start in crowds else ("name", *start)


def _cut(name: str | None) -> str:
    """A hostname as NetBIOS keeps it: a cut one and those that it may stand for meet."""
    return (name or "")[:NETBIOS_LENGTH]
