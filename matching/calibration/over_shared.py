"""Over-shared values: values that are on no list of placeholders but occur on several boxes."""

from collections.abc import Sequence
from itertools import chain

from matching.calibration.index import Index
from matching.disjoint_sets import DisjointSets
from matching.evidence.identity import Identity
from matching.model import Kind, SharedValue
from matching.policy import Policy


def over_shared(index: Index, policy: Policy) -> tuple[SharedValue, ...]:
    """
    Return the values that sit on several boxes although no list names them.

    Only the live holders' own values count. Inside one provider, whose agents list each box once, holders that agree on
    another value of weight form an island. A hostname is such a value, unless an agent reads from each holder what it
    reads from no other: a GUID or serial, and adapters. A value is over-shared if `Policy.islands` islands are shown by
    a name or a stronger value to be different boxes, or if it has more holders than one box can have records.
    """
    found = []
    for kind in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC):
        allowed = policy.allow.get(kind, frozenset())
        for value, positions in chain(index.shared[kind].items(), index.weak.get(kind, {}).items()):
            if len(positions) >= policy.islands and _may_be_over_shared(index.providers, positions, policy):
                holders = [index.identities[position] for position in positions]
                live = [identity for identity in holders if identity.live]
                reason = None if value in allowed else over_shared_reason(kind, live, policy)
                if reason:
                    found.append(SharedValue(kind, value, reason, tuple(identity.key for identity in holders)))
    return tuple(sorted(found, key=lambda shared: (shared.kind, shared.value)))


def _may_be_over_shared(providers: Sequence[str], positions: Sequence[int], policy: Policy) -> bool:
    """Whether a value may be over-shared; a quick test by counts that never says no wrongly."""
    distinct = len({providers[position] for position in positions})
    return len(positions) - distinct >= policy.islands - 1 or len(positions) > policy.max_holders


def over_shared_reason(kind: Kind, live: Sequence[Identity], policy: Policy) -> str | None:
    """Return why a value of some live holders is on several boxes; None where nothing shows it."""
    if reason := reason_of_count(len(live), policy):
        return reason
    providers = [identity.key.provider for identity in live]
    for provider in sorted(set(providers)) if len(set(providers)) < len(providers) else ():
        rows = [identity for identity in live if identity.key.provider == provider]
        if len(rows) < policy.islands:
            continue
        if (count := _islands(kind, rows, is_agent=provider not in policy.psa_providers)) >= policy.islands:
            return f"on {count} boxes of {provider} with nothing else in common"
    return None


def reason_of_count(live: int, policy: Policy) -> str | None:
    """Return why a value of so many live holders is on several boxes; None where their number does not show it."""
    return f"on {live} live records, more than {policy.max_holders}" if live > policy.max_holders else None


def _islands(kind: Kind, rows: Sequence[Identity], *, is_agent: bool) -> int:
    """Count the sets of rows without a value in common between them, of which one shows that it is a box of its own."""
    hardware = [_own_hardware(kind, identity) if is_agent else () for identity in rows]
    shown_names = {identity.hostname for identity, own in zip(rows, hardware, strict=True) if own}
    sets = DisjointSets(len(rows))
    first: dict[tuple[str, ...], int] = {}
    for position, identity in enumerate(rows):
        for value in _corroborating_values(kind, identity, hardware[position]):
            sets.union((first.setdefault(value, position), position))
    islands: dict[int, bool] = {}
    for position, identity in enumerate(rows):
        # A row that shows no hardware may be any of the boxes of its name, and so no further one.
        is_shown = bool(hardware[position]) or (
            identity.hostname not in shown_names if identity.hostname else _has_stronger_value(kind, identity)
        )
        root = sets.find(position)
        islands[root] = islands.get(root, False) or is_shown
    return sum(islands.values())


def _own_hardware(kind: Kind, identity: Identity) -> Sequence[str]:
    """
    What an agent reads from a box, besides adapters, to tell it from others that hold the value; empty if it cannot.

    Beside a GUID these are the serials, and beside a serial the GUID. A MAC that is on both is no adapter of their own.
    """
    if kind is Kind.MAC or not identity.adapters():
        return ()
    if kind is Kind.BIOS_GUID:
        return identity.serials
    return (identity.guid,) if identity.guid else ()


def _corroborating_values(kind: Kind, identity: Identity, hardware: Sequence[str]) -> list[tuple[str, ...]]:
    """The values that show two holders to be one box. Not a GUID beside a serial: the two are copied together."""
    name: list[tuple[str, ...]] = []
    if identity.hostname:
        name = [("name", identity.hostname, own) for own in hardware] or [("name", identity.hostname)]
    if kind is Kind.MAC:
        guid = [("guid", identity.guid)] if identity.guid else []
        return [*name, *guid, *(("serial", serial) for serial in identity.serials)]
    macs = identity.adapters() if hardware else identity.macs  # own hardware tells boxes without an adapter in common
    return [*name, *(("mac", mac) for mac in macs)]


def _has_stronger_value(kind: Kind, identity: Identity) -> bool:
    match kind:
        case Kind.SERIAL:
            return bool(identity.guid)
        case Kind.MAC:
            return bool(identity.guid or identity.serials)
        case _:
            return False
