"""
Groups of records: whether two of them agree, disagree or are silent on a kind of identifier.

A single record is a group of one, so that records and partly built devices are compared by the same functions.
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
    The values of each kind that a set of records holds. A NamedTuple, because there are a million of them.

    `hostnames` may agree: those of hostname fields, and display names that stand in for a missing one.
    `field_hostnames` come from hostname fields alone and may also disagree. `truncated` hostnames may stand for any of
    several longer ones and agree with none. `customers` leaves out unknown ones. `live_guids` are the GUIDs of live
    records, each with the provider that gives it; `doubtful_guids` those of records with a placeholder for a serial,
    as of firmware that its maker left unwritten. `complete` says whether a member lists
    every adapter of its box. `adapters` are all MACs with the weak ones: these join nobody, but show whether two groups
    have an adapter in common. `derived` values join like the others (`values`) and are in none of the other sets, by
    which groups contradict each other.
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
    live_guids: frozenset[tuple[str, str]]
    doubtful_guids: frozenset[str]
    complete: bool
    adapters: frozenset[str]
    derived: frozenset[tuple[Kind, str]] = frozenset()

    def values(self, kind: Kind) -> frozenset[str]:
        """Return the values of a kind that join: the records' own and the derived ones."""
        own = _VALUES[kind](self)
        return own.union(value for of, value in self.derived if of is kind) if self.derived else own

    def own_values(self, kind: Kind) -> frozenset[str]:
        """Return the usable values of a kind that the records give in their own fields."""
        return _VALUES[kind](self)

    def all_values(self, kind: Kind) -> frozenset[str]:
        """Return the values of a kind, weak MACs and truncated hostnames included."""
        match kind:
            case Kind.MAC:
                return self.adapters | self.values(kind) if self.derived else self.adapters
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
    """
    Return the group of one record.

    Args:
        customer: The customer that the record's company is, None where it is unknown.
        complete: The providers that list every adapter of a box.
    """
    hostname = frozenset((identity.hostname,)) if identity.hostname else frozenset()
    truncated = frozenset((identity.truncated,)) if identity.truncated else frozenset()
    adapters = frozenset(identity.adapters())
    guids = frozenset((identity.guid,)) if identity.guid else frozenset()
    return Group(
        keys=frozenset((identity.key,)),
        guids=guids,
        serials=frozenset(identity.serials),
        # A record's own key is among its links, so that a link agrees with the record that it names.
        links=frozenset(map(str, (identity.key, *identity.links))),
        macs=frozenset(identity.macs),
        weak=frozenset(identity.weak),
        field_hostnames=hostname | truncated if identity.has_hostname_field else frozenset(),
        hostnames=hostname,
        truncated=truncated,
        customers=frozenset((customer,)) if customer else frozenset(),
        live=identity.live,
        live_guids=frozenset(((identity.key.provider, identity.guid),) if identity.guid and identity.live else ()),
        doubtful_guids=guids if identity.has_placeholder_serial else frozenset(),
        complete=bool(adapters) and identity.key.provider in complete,
        adapters=adapters,
        derived=frozenset((derived.kind, derived.value) for derived in identity.derived),
    )


def merged(groups: Iterable[Group]) -> Group:
    """Return the union of some groups."""
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
        live_guids=_union(part.live_guids for part in parts),
        doubtful_guids=_union(part.doubtful_guids for part in parts),
        complete=any(part.complete for part in parts),
        adapters=_union(part.adapters for part in parts),
        derived=_union(part.derived for part in parts),
    )


def agree(left: Group, right: Group, kind: Kind) -> bool:
    """Whether the groups share a usable value of the kind."""
    return not left.values(kind).isdisjoint(right.values(kind))


def disagree(left: Group, right: Group, kind: Kind) -> bool:
    """
    Whether both groups have values of the kind that one box cannot have together.

    Adapters disagree only where both sides list all of theirs. Links, display names and derived values never disagree.
    """
    match kind:
        case Kind.BIOS_GUID | Kind.SERIAL:
            mine, theirs = left.own_values(kind), right.own_values(kind)
            return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)
        case Kind.MAC:
            complete = left.complete and right.complete and bool(left.macs and right.macs)
            return complete and left.adapters.isdisjoint(right.adapters)
        case Kind.HOSTNAME:
            return hostnames_differ(left.field_hostnames, right.field_hostnames)
        case Kind.LINK:
            return False


def hostnames_differ(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether both have hostnames of which no two fit; one of 15 characters fits each longer one that begins so."""
    if not (left and right) or not left.isdisjoint(right):
        return False
    return not any(_is_truncation(one, other) or _is_truncation(other, one) for one in left for other in right)


def _is_truncation(short: str, name: str) -> bool:
    return len(short) == NETBIOS_LENGTH and name.startswith(short)


def _union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset(chain.from_iterable(sets))
