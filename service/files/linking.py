"""
Resolve a partition, component by component, into devices and the questions that are left.

Components do not depend on each other, so each process can take some of them.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from matching.clustering.partition import Partition
from matching.clustering.resolve import resolve
from matching.clustering.reviews import reviews
from matching.clustering.vetoes import Premises
from matching.evidence.groups import group_of
from matching.evidence.identity import Identity
from matching.model import Claim, Key, Review
from service.core.packing import Plain, packed, unpacked
from service.core.workers import WorkerPool

PIECE = 4_000
"""Records a task: enough that handing it over costs little, and few enough that no process is idle for long."""


@dataclass(frozen=True)
class Linked:
    """
    The first position of each record's device, the positions of the devices of several records, by the first one, and
    the reviews, the most worthwhile first, as (reason, line).
    """

    first: "array[int]"
    members: dict[int, Sequence[int]]
    reviews: list[tuple[str, bytes]]

    @property
    def devices(self) -> int:
        """How many devices there are."""
        return len(self.first) - sum(len(positions) - 1 for positions in self.members.values())


def link(partition: Partition, pool: WorkerPool, *, with_reviews: bool) -> Linked:
    """Resolve every component; without reviews it is quicker. Raises: WorkerFailed."""
    first = array("l", range(len(partition.identities)))
    members: dict[int, Sequence[int]] = {}
    found: list[Plain] = []

    def unite(positions: Sequence[int]) -> None:
        members[positions[0]] = positions
        for position in positions:
            first[position] = positions[0]

    contested = []
    for component in partition.components:
        if partition.has_no_conflict(component):
            unite(component)
        else:
            contested.append(component)
    pieces = list(_pieces(contested))
    linker = Linker(partition.premises, partition.calibration.complete, with_reviews)
    tasks = ([_task(partition, component) for component in piece] for piece in pieces)
    for piece, results in zip(pieces, pool.work(linker.link, tasks), strict=True):
        for component, (devices, asked) in zip(piece, results, strict=True):
            for places in devices:
                unite([component[place] for place in places])
            found += asked
    found.sort(key=worth_first)
    return Linked(first, members, [review[-2:] for review in found])


def _pieces(components: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Yield components in pieces of about `PIECE` records."""
    piece: list[Sequence[int]] = []
    size = 0
    for component in components:
        piece.append(component)
        size += len(component)
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _task(partition: Partition, component: Sequence[int]) -> Plain:
    """A component as plain values: its identities, the customer of each, the decisions *same*."""
    return (
        [packed(partition.identities[position]) for position in component],
        [partition.customers[position] for position in component],
        [(tuple(left), tuple(right)) for left, right in partition.same_among(component)],
    )


@dataclass(frozen=True)
class Linker:
    """What resolves a component, in any process; `complete` are the providers that list every adapter of a box."""

    rule: Premises
    complete: frozenset[str]
    with_reviews: bool

    def link(self, tasks: Sequence[Plain]) -> list[Plain]:
        """Return, for each component, the devices of several records by place in it, and the reviews."""
        return [self._resolved(*task) for task in tasks]

    def resolved(
        self, identities: Sequence[Identity], customers: Sequence[str | None], same: Sequence[tuple[Key, Key]]
    ) -> tuple[list[list[int]], list[Plain]]:
        """Return the devices of several records by place in the component, and its reviews as plain values."""
        singles = {
            identity.key: group_of(identity, customer, self.complete)
            for identity, customer in zip(identities, customers, strict=True)
        }
        place = {key: place for place, key in enumerate(singles)}
        groups = resolve(list(singles.values()), same, self.rule).groups
        devices = [sorted(place[key] for key in group.keys) for group in groups if len(group.keys) > 1]
        asked = reviews(groups, self.rule, singles) if self.with_reviews and len(groups) > 1 else []
        return devices, [_packed(review) for review in asked]

    def _resolved(self, plain: Sequence[bytes], customers: Sequence[str | None], same: Sequence[Plain]) -> Plain:
        joined = [(Key(*left), Key(*right)) for left, right in same]
        return self.resolved(list(map(unpacked, plain)), customers, joined)


def worth_first(review: Plain) -> Plain:
    """Return what a packed review is ordered by: the most worthwhile first, then by the keys of its sides."""
    return review[:-2]


def _packed(review: Review) -> Plain:
    """A review as plain values: what it is ordered by, then the reason and the line."""
    keys = [tuple(map(tuple, side)) for side in (review.left, review.right)]
    line = {
        "reason": review.reason,
        "grounds": review.grounds,
        "sentence": review.sentence,
        "worth": review.worth,
        "left": _texts(review.left),
        "right": _texts(review.right),
        "evidence_for": [_claim(claim) for claim in review.evidence_for],
        "evidence_against": [_claim(claim) for claim in review.evidence_against],
        "waiting": _texts(review.waiting),
        "proposal": review.proposal,
    }
    return -review.worth, *keys, str(review.reason), orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _claim(claim: Claim) -> dict[str, str]:
    said = {"kind": str(claim.kind), "outcome": str(claim.outcome), "value": claim.value}
    note = {"note": claim.note} if claim.note else {}
    return {**said, "left": str(claim.left), "right": str(claim.right), **note}


def _texts(keys: Sequence[Key]) -> list[str]:
    return [str(key) for key in keys]
