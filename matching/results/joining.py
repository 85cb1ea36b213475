"""
What joined these records? The strongest evidence that ties each of them to the others.

One answer for explanations, reports and histories. It compares values and no pairs of records, because it is asked for
every device of an import.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from matching.evidence.identity import Identity
from matching.model import Claim, ClaimOutcome, Key, Kind
from matching.values.spelling import shown

Tie = tuple[Kind | None, str]
"""A kind and value on which records meet; None and a record's key for a decision about that record."""

Partners = Mapping[Key, Collection[Key]]
"""Record -> the records that people decided to be the same box."""

RANK = {kind: rank for rank, kind in enumerate((None, *Kind))}
"""A decision outweighs all evidence; then the kinds in their order."""


def partners_of(same: Iterable[tuple[Key, Key]]) -> Partners:
    """Return the records that people decided to be the same as each one."""
    partners: defaultdict[Key, set[Key]] = defaultdict(set)
    for left, right in same:
        partners[left].add(right)
        partners[right].add(left)
    return partners


def joining_evidence(members: Sequence[Identity], start: Collection[Key], partners: Partners) -> Iterator[Claim]:
    """
    Yield, for each member beyond those to start from, the strongest evidence that ties it to one before it.

    The claims form a spanning tree, the strongest ties first (Prim's algorithm); of equal ties the record with the
    smallest key comes first. `left` is the record that is tied, `right` the one that was there. A record that only a
    truncated hostname ties to the others has no such evidence, and is left out.

    Args:
        members: The records of one device, in order of key.
        start: Records that are there already; without any, the first member.
    """
    first = set(start) or {members[0].key}
    holders: dict[Tie, Key] = {}
    waiting = {}
    for identity in members:
        if identity.key in first:
            _hold(holders, identity, partners)
        else:
            waiting[identity.key] = identity
    while found := [
        (RANK[kind], is_weak, key, value, kind)
        for key, identity in waiting.items()
        for kind, value, is_weak in _ties(identity)
        if (kind, value) in holders
    ]:
        *_, key, value, kind = min(found, key=lambda tie: tie[:4])
        told = shown(kind, value) if kind else ""
        yield Claim(kind, ClaimOutcome.AGREE, told, key, holders[kind, value])
        _hold(holders, waiting.pop(key), partners)


def chain(members: Sequence[Identity], left: Key, right: Key, partners: Partners) -> list[Claim]:
    """Return the evidence that leads from one record of a device to another; empty where there is none."""
    before: dict[Key, Claim] = {}
    for claim in joining_evidence(members, {left}, partners):
        before[claim.left] = claim
        if claim.left == right:
            break
    steps: list[Claim] = []
    while right in before:
        claim = before[right]
        steps.append(Claim(claim.kind, claim.outcome, claim.value, claim.right, claim.left))
        right = claim.right
    return steps[::-1]


def _hold(holders: dict[Tie, Key], identity: Identity, partners: Partners) -> None:
    """Note that a record is there, under everything by which another one may be tied to it."""
    for kind, value, _ in _ties(identity):
        if kind is not None:
            holders.setdefault((kind, value), identity.key)
    for partner in sorted(partners.get(identity.key, ())):
        holders.setdefault((None, str(partner)), identity.key)


def _ties(identity: Identity) -> Iterator[tuple[Kind | None, str, bool]]:
    """What ties a record to others: a decision that names it, a link from or to it, its values; and whether weak."""
    yield None, str(identity.key), False
    for link in (identity.key, *identity.links):
        yield Kind.LINK, str(link), False
    for kind, value in identity.values():
        yield kind, value, False
    for kind, value in identity.weak:
        yield kind, value, True
