"""
Resolve a component: its records -> devices.

Kind by kind, the strongest first, groups that share a value join unless a veto speaks against it. The result does not
depend on the order of the records: each pass reads only sets, and the sets of groups that it joins are disjoint,
so that the order of the joins does not matter.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.clustering.rule import MOST_COMPARED, has_conflict, veto_between
from matching.clustering.vetoes import Premises
from matching.disjoint_sets import DisjointSets
from matching.evidence.groups import Group, merged
from matching.model import Key, Kind
from matching.values.placeholders import is_generic_hostname

PASSES = [
    (kind, supported) for kind in Kind for supported in (True, False) if kind is not Kind.HOSTNAME or not supported
]
"""The strongest kind first; within a kind, first the values beside which a weaker kind agrees too, then all values."""


WEAKER = {kind: list(Kind)[rank + 1 :] for rank, kind in enumerate(Kind)}
"""Kind -> the kinds that it outweighs."""

MOST_WORK = 5_000_000
"""The largest number of comparisons in one component; where more are needed, nobody joins there on that kind."""


@dataclass(frozen=True, slots=True)
class Join:
    """Groups of records that became one, and the values that they share. `kind` is None for a decision."""

    kind: Kind | None
    values: tuple[str, ...]
    parts: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The devices of one component as groups in order of first key, and the joins that built them, in order."""

    groups: tuple[Group, ...]
    joins: tuple[Join, ...]


Bucket = tuple[int, ...]
"""Positions of the groups that hold one value."""


def resolve(singles: Sequence[Group], same: Iterable[tuple[Key, Key]], premises: Premises) -> Resolved:
    """Join the groups of single records of one component; `same` are the decisions that bind some of them."""
    ordered = sorted(singles, key=_first_key)
    groups, joins = _contract(ordered, same)
    for kind, supported in PASSES:
        if len(groups) == 1:
            break
        groups, made = _run_pass(groups, kind, supported, premises)
        joins += made
    return Resolved(tuple(groups), tuple(joins))


def _contract(groups: list[Group], same: Iterable[tuple[Key, Key]]) -> tuple[list[Group], list[Join]]:
    position = {key: i for i, group in enumerate(groups) for key in group.keys}
    sets = DisjointSets(len(groups))
    for left, right in same:
        if left in position and right in position:
            sets.union((position[left], position[right]))
    return _join(groups, sets.sets(), None, {})


def _run_pass(groups: list[Group], kind: Kind, supported: bool, premises: Premises) -> tuple[list[Group], list[Join]]:
    joinable: dict[Bucket, list[str]] = {}
    for bucket, values in _buckets(groups, kind, supported).items():
        for part in _agreeing(groups, bucket, kind, premises):
            joinable.setdefault(part, []).extend(values)
    if not joinable:
        return groups, []
    unions: list[list[int]] = []
    for component in _components(len(groups), joinable):
        # a component that is one bucket has been compared by `_agreeing`
        if tuple(component) in joinable or not has_conflict([groups[i] for i in component], kind, premises):
            unions.append(component)
        else:
            unions += _without_ambiguous(groups, component, joinable, kind, premises)
    return _join(groups, unions, kind, joinable)


def _agreeing(groups: Sequence[Group], bucket: Bucket, kind: Kind, premises: Premises) -> list[Bucket]:
    """
    Return the subsets of a bucket that may join.

    Without a conflict that is all of it. Where two members conflict, a member that fits both is ambiguous: which of
    them it belongs to would be chance, so it joins neither. Among the others those that fit each other still join.
    """
    if not has_conflict([groups[i] for i in bucket], kind, premises):
        return [bucket]
    if len(bucket) > MOST_COMPARED:
        return []
    fits: dict[int, set[int]] = {position: set() for position in bucket}
    for one, other in combinations(bucket, 2):
        if veto_between(groups[one], groups[other], kind, premises) is None:
            fits[one].add(other)
            fits[other].add(one)
    unambiguous = {one for one, others in fits.items() if all(others - {other} <= fits[other] for other in others)}
    parts = {tuple(sorted({one, *(fits[one] & unambiguous)})) for one in unambiguous}
    return [part for part in parts if len(part) > 1]


def _buckets(groups: Sequence[Group], kind: Kind, supported: bool) -> dict[Bucket, list[str]]:
    """The sets of two or more groups that hold a value in common, each with the values."""
    values_of = [_values_that_count(group, kind, supported) for group in groups]
    shared = _repeated(values_of)
    if not shared:  # the common case
        return {}
    holders: dict[str, list[int]] = {}
    for position, values in enumerate(values_of):
        for value in shared.intersection(values):
            holders.setdefault(value, []).append(position)
    buckets: dict[Bucket, list[str]] = {}
    for value, positions in holders.items():
        if supported or not _is_ambiguous_generic_hostname(value, groups, positions):
            buckets.setdefault(tuple(positions), []).append(value)
    return _supported_buckets(groups, kind, buckets) if supported else buckets


def _supported_buckets(
    groups: Sequence[Group], kind: Kind, buckets: dict[Bucket, list[str]]
) -> dict[Bucket, list[str]]:
    """
    The parts of some buckets of which the groups hold a value of a weaker kind in common as well.

    Values that the same groups hold are looked at once, so that the cost does not grow with the product of what two
    groups say of two kinds.
    """
    found: dict[Bucket, list[str]] = {}
    for bucket, values in buckets.items():
        usable = groups[bucket[0]].values(kind)
        strong = [value for value in values if value in usable]
        parts = {
            part for weaker in WEAKER[kind] for part in _sharing([groups[at].values(weaker) for at in bucket], bucket)
        }
        for part in parts:
            found.setdefault(part, []).extend(values)
        if strong and any(groups[at].truncated for at in bucket):
            # a truncated hostname supports values that may join by themselves, and not the weak ones
            names = [groups[at].hostnames | groups[at].truncated for at in bucket]
            for part in _sharing(names, bucket):
                found.setdefault(part, []).extend(strong)
    return found


def _sharing(sets: Sequence[frozenset[str]], bucket: Bucket) -> set[Bucket]:
    """The sets of groups of a bucket that hold a value in common; `sets` has the values of each."""
    if len(sets) == 2:
        return {bucket} if not sets[0].isdisjoint(sets[1]) else set()
    again = _repeated(sorted(sets, key=len))
    holders: dict[str, list[int]] = {}
    for at, values in zip(bucket, sets, strict=True) if again else ():
        for value in again.intersection(values):
            holders.setdefault(value, []).append(at)
    return set(map(tuple, holders.values()))


def _repeated(sets: Iterable[Collection[str]]) -> set[str]:
    """The values that are in more than one of the sets. Quickest where the largest set comes last."""
    once, again = set[str](), set[str]()
    for values in sets:
        if values:
            again |= once.intersection(values)
            once.update(values)
    return again


def _is_ambiguous_generic_hostname(value: str, groups: Sequence[Group], positions: Sequence[int]) -> bool:
    """Whether a value is a generic hostname of several boxes: a provider lists two, or their adapters differ."""
    if not is_generic_hostname(value):
        return False
    holders = [groups[position] for position in positions]
    providers = [provider for group in holders for provider in {key.provider for key in group.keys}]
    lists = [group.macs for group in holders if group.macs]
    return len(set(providers)) < len(providers) or any(one.isdisjoint(other) for one, other in combinations(lists, 2))


def _values_that_count(group: Group, kind: Kind, supported: bool) -> Collection[str]:
    """The values of a kind that count in a pass: in a supported one the weak values too."""
    if not (supported and group.weak):
        return group.values(kind)
    return {*group.values(kind), *(value for of, value in group.weak if of is kind)}


def _components(size: int, buckets: Iterable[Bucket]) -> list[list[int]]:
    sets = DisjointSets(size)
    for bucket in buckets:
        sets.union(bucket)
    return sets.sets()


def _without_ambiguous(
    groups: Sequence[Group], component: Sequence[int], joinable: Iterable[Bucket], kind: Kind, premises: Premises
) -> list[list[int]]:
    """
    Return the sets of groups that still join in a component with a conflict.

    A group that shares values with two groups in conflict is ambiguous: which of them it belongs to would be chance, so
    it joins neither.
    """
    inside = set(component)
    mine = [bucket for bucket in joinable if bucket[0] in inside]
    neighbours: dict[int, set[int]] = {position: set() for position in component}
    for bucket in mine:
        for position in bucket:
            neighbours[position].update(bucket)
    if sum(len(near) ** 2 for near in neighbours.values()) > MOST_WORK:
        return []
    conflicts: dict[frozenset[int], bool] = {}
    ambiguous = set()
    for position, near in neighbours.items():
        around = frozenset(near)
        if around not in conflicts:
            conflicts[around] = has_conflict([groups[other] for other in sorted(around)], kind, premises)
        if conflicts[around]:
            ambiguous.add(position)
    kept = [bucket for bucket in mine if ambiguous.isdisjoint(bucket)]
    rest = _components(len(groups), kept)
    return [part for part in rest if not has_conflict([groups[i] for i in part], kind, premises)]


def _join(
    groups: list[Group], unions: Iterable[list[int]], kind: Kind | None, buckets: dict[Bucket, list[str]]
) -> tuple[list[Group], list[Join]]:
    """Return the groups with those of each union joined, in order of first key, and the joins."""
    joins = []
    parts = [union for union in unions if len(union) > 1]
    gone = {position for part in parts for position in part}
    result = [group for position, group in enumerate(groups) if position not in gone]
    for part in parts:
        inside = set(part)
        values = sorted({value for bucket, held in buckets.items() if inside.issuperset(bucket) for value in held})
        joins.append(Join(kind, tuple(values), tuple(tuple(sorted(groups[i].keys)) for i in part)))
        result.append(merged(groups[i] for i in part))
    return sorted(result, key=_first_key), joins


def _first_key(group: Group) -> Key:
    return min(group.keys)
