"""
Two groups of records, one kind of identifier -> they agree, disagree, or are silent.

A single record is a group of one, so records and half-built devices are compared by the same functions.
Absent is not different: a group without a usable value of a kind neither agrees nor disagrees.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, TypeVar

from matching.evidence.identity import Identity
from matching.model import Key, Kind

T = TypeVar("T")

NETBIOS_LENGTH = 15
"""Characters that a NetBIOS name keeps; agents that ask for it truncate longer hostnames."""


class Group(NamedTuple):
    """
    What a set of records says together, a kind. A tuple, because there are a million of them.

    `hostnames` agree: those of hostname fields, and display names that stand in. `field_hostnames` come from hostname
    fields alone, and also contradict. `truncated` ones may be any of several names and agree with none. `customers`
    leaves out unknown ones. `complete` is whether a member lists every adapter of its box. `adapters` are all MACs, the
    weak ones too: they join nobody, and still show that two boxes have none in common.
    """

    keys: frozenset[Key]
    guids: frozenset[str]
    serials: frozenset[str]
    links: frozenset[str]
    macs: frozenset[str]
    weak: frozenset[tuple[Kind, str]]
    field_hostnames: frozenset[str]
    hostnames: frozenset[str]
    truncated: frozenset[str]
    customers: frozenset[str]
    live: bool
    complete: bool
    adapters: frozenset[str]

    def values(self, kind: Kind) -> frozenset[str]:
        """Return the usable values of a kind."""
        return _VALUES[kind](self)

    def stated(self, kind: Kind) -> frozenset[str]:
        """Return the values of a kind with the weak and the truncated ones: all that the records say of it."""
        match kind:
            case Kind.MAC:
                return self.adapters
            case Kind.HOSTNAME:
                return self.hostnames | self.truncated
            case _:
                return self.values(kind)


_VALUES: Mapping[Kind, Callable[[Group], frozenset[str]]] = {
    Kind.BIOS_GUID: attrgetter("guids"),
    Kind.SERIAL: attrgetter("serials"),
    Kind.LINK: attrgetter("links"),
    Kind.MAC: attrgetter("macs"),
    Kind.HOSTNAME: attrgetter("hostnames"),
}


def group_of(identity: Identity, customer: str | None, complete: frozenset[str]) -> Group:
    """Return the group of one record; `customer` is its company's customer, `complete` the providers that list all."""
    hostname = frozenset((identity.hostname,)) if identity.hostname else frozenset()
    truncated = frozenset((identity.truncated,)) if identity.truncated else frozenset()
    adapters = frozenset(identity.adapters())
    return Group(
        keys=frozenset((identity.key,)),
        guids=frozenset((identity.guid,)) if identity.guid else frozenset(),
        serials=frozenset(identity.serials),
        # A record answers to its own key: a link agrees with the record that it names.
        links=frozenset(map(str, (identity.key, *identity.links))),
        macs=frozenset(identity.macs),
        weak=frozenset(identity.weak),
        field_hostnames=hostname | truncated if identity.has_hostname_field else frozenset(),
        hostnames=hostname,
        truncated=truncated,
        customers=frozenset((customer,)) if customer else frozenset(),
        live=identity.live,
        complete=bool(adapters) and identity.key.provider in complete,
        adapters=adapters,
    )


def merged(groups: Iterable[Group]) -> Group:
    """Return what all the groups say together."""
    parts = tuple(groups)
    return Group(
        keys=_union(part.keys for part in parts),
        guids=_union(part.guids for part in parts),
        serials=_union(part.serials for part in parts),
        links=_union(part.links for part in parts),
        macs=_union(part.macs for part in parts),
        weak=_union(part.weak for part in parts),
        field_hostnames=_union(part.field_hostnames for part in parts),
        hostnames=_union(part.hostnames for part in parts),
        truncated=_union(part.truncated for part in parts),
        customers=_union(part.customers for part in parts),
        live=any(part.live for part in parts),
        complete=any(part.complete for part in parts),
        adapters=_union(part.adapters for part in parts),
    )


def agree(left: Group, right: Group, kind: Kind) -> bool:
    """Whether the groups share a usable value of the kind."""
    return not left.values(kind).isdisjoint(right.values(kind))


def disagree(left: Group, right: Group, kind: Kind) -> bool:
    """
    Whether both speak of the kind and cannot mean one box.

    Adapters disagree only where both sides list every one of them; a link never does; nor does a display name.
    """
    match kind:
        case Kind.BIOS_GUID | Kind.SERIAL:
            mine, theirs = left.values(kind), right.values(kind)
            return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)
        case Kind.MAC:
            complete = left.complete and right.complete and bool(left.macs and right.macs)
            return complete and left.adapters.isdisjoint(right.adapters)
        case Kind.HOSTNAME:
            return hostnames_differ(left.field_hostnames, right.field_hostnames)
        case Kind.LINK:
            return False


def hostnames_differ(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether both have hostnames and none fits: one of 15 characters fits every name that begins so (NetBIOS)."""
    if not (left and right) or not left.isdisjoint(right):
        return False
    return not any(_is_truncation(one, other) or _is_truncation(other, one) for one in left for other in right)


def _is_truncation(short: str, name: str) -> bool:
    return len(short) == NETBIOS_LENGTH and name.startswith(short)


def _union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset(chain.from_iterable(sets))
