"""
The evidence that joined the records of a device: the strongest that connects each record with the others.

Explanations, reports and histories all use it. It compares values and not pairs of records, because it is called for
every device of an import.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from matching.evidence.identity import Identity
from matching.model import Claim, ClaimOutcome, Key, Kind
from matching.values.spelling import shown

Tie = tuple[Kind | None, str]
"""What connects two records: a kind and a value, or None and a record's key for a decision about that record."""

Partners = Mapping[Key, Collection[Key]]
"""Record -> the records that people decided to be the same box."""

RANK = {kind: rank for rank, kind in enumerate((None, *Kind))}
"""A decision comes before all evidence, then the kinds in their order."""


def partners_of(same: Iterable[tuple[Key, Key]]) -> Partners:
    """Return the records that people decided to be the same as each one."""
    partners: defaultdict[Key, set[Key]] = defaultdict(set)
    for left, right in same:
        partners[left].add(right)
        partners[right].add(left)
    return partners


def joining_evidence(members: Sequence[Identity], start: Collection[Key], partners: Partners) -> Iterator[Claim]:
    """
    Yield, for each member that is not in `start`, the strongest evidence that connects it with a member before it.

    The claims form a spanning tree, built from the strongest ties (Prim's algorithm); of equal ties the record with the
    smallest key comes first. `left` is the record that a claim adds, `right` one that is in the tree already. A record
    that only a truncated hostname connects with the others has no such evidence, and is left out.

    Args:
        members: The records of one device, in order of key.
        start: The records to begin the tree with; if empty, the first member.
    """
    first = set(start) or {members[0].key}
    holders: dict[Tie, Key] = {}
    waiting = {}
    for identity in members:
        if identity.key in first:
            _enter(holders, identity, partners)
        else:
            waiting[identity.key] = identity
    while found := [
        (RANK[kind], is_weak, key, value, kind)
        for key, identity in waiting.items()
        for kind, value, is_weak in _ties(identity)
        if (kind, value) in holders
    ]:
        *_, key, value, kind = min(found, key=lambda tie: tie[:4])
        text = shown(kind, value) if kind else ""
        yield Claim(kind, ClaimOutcome.AGREE, text, key, holders[kind, value])
        _enter(holders, waiting.pop(key), partners)


def chain(members: Sequence[Identity], left: Key, right: Key, partners: Partners) -> list[Claim]:
    """Return the claims that lead from one record of a device to another; empty where no evidence connects them."""
    before: dict[Key, Claim] = {}
    for claim in joining_evidence(members, {left}, partners):
        before[claim.left] = claim
        if claim.left == right:
            break
    claims: list[Claim] = []
    while right in before:
        claim = before[right]
        claims.append(Claim(claim.kind, claim.outcome, claim.value, claim.right, claim.left))
        right = claim.right
    return claims[::-1]


def _enter(holders: dict[Tie, Key], identity: Identity, partners: Partners) -> None:
    """Enter a record of the tree under everything that may connect another record with it."""
    for kind, value, _ in _ties(identity):
        if kind is not None:
            holders.setdefault((kind, value), identity.key)
    for partner in sorted(partners.get(identity.key, ())):
        holders.setdefault((None, str(partner)), identity.key)


def _ties(identity: Identity) -> Iterator[tuple[Kind | None, str, bool]]:
    """What may connect a record with others, and whether it is weak: a decision, a link from or to it, its values."""
    yield None, str(identity.key), False
    for link in (identity.key, *identity.links):
        yield Kind.LINK, str(link), False
    for kind, value in identity.values():
        yield kind, value, False
    for kind, value in identity.weak:
        yield kind, value, True
