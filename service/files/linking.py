"""
A gathered fleet -> which records are one device, and the questions that are left, component by component.

Components know nothing of each other, so that each process takes some of them.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from matching.fleet import Fleet, Positions
from matching.model import Claim, Key, Review
from matching.review import reviews
from service.files.forking import forked

CHUNKS = 32
"""
Pieces a job. A process that looks at a record gets pages of its own, and records lie scattered: small pieces, each in a
new process, keep the memory of all of them down; and none waits long for another one's large component.
"""

Plain = tuple[Any, ...]


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


def link(fleet: Fleet, jobs: int, *, with_reviews: bool) -> Linked:
    """Resolve every component; without reviews it is quicker. Raises: WorkerFailed."""
    linker = _Linker(fleet, with_reviews)
    first = array("l", range(len(fleet.identities)))
    members: dict[int, Sequence[int]] = {}
    found: list[Plain] = []
    pieces = list(chunks(len(fleet.components), jobs))
    for piece, (torn, asked) in zip(pieces, forked(linker.link, pieces, jobs), strict=True):
        found += asked
        for place in piece:
            component = fleet.components[place]
            for positions in torn.get(place, (component,)):
                if len(positions) > 1:
                    members[positions[0]] = positions
                    for position in positions:
                        first[position] = positions[0]
    found.sort(key=lambda review: review[:-2])
    return Linked(first, members, [review[-2:] for review in found])


def chunks(count: int, jobs: int) -> Iterator[range]:
    """Yield the positions of `count` things in pieces for that many jobs."""
    pieces = CHUNKS * jobs if jobs > 1 else 1
    size = max(1, -(-count // pieces))
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


class _Linker:
    def __init__(self, fleet: Fleet, with_reviews: bool) -> None:
        self._fleet = fleet
        self._with_reviews = with_reviews

    def link(self, piece: range) -> tuple[dict[int, list[list[int]]], list[Plain]]:
        """Return the devices of each component that is not simply one, and the reviews of all."""
        torn: dict[int, list[list[int]]] = {}
        asked: list[Plain] = []
        for place in piece:
            component = self._fleet.components[place]
            if not self._fleet.is_peaceful(component):
                torn[place], questions = self._resolved(component)
                asked += map(_packed, questions)
        return torn, asked

    def _resolved(self, component: Positions) -> tuple[list[list[int]], list[Review]]:
        fleet = self._fleet
        position = {fleet.identities[place].key: place for place in component}
        groups = fleet.outcome(component).groups
        devices = [sorted(position[key] for key in group.keys) for group in groups]
        if len(groups) == 1 or not self._with_reviews:
            return devices, []
        singles = {key: fleet.single(place) for key, place in position.items()}
        return devices, reviews(groups, fleet.rule, singles)


def _packed(review: Review) -> Plain:
    """What reviews are ordered by, then the reason and the line."""
    keys = [tuple(map(tuple, side)) for side in (review.left, review.right)]
    line = {
        "reason": review.reason,
        "sentence": review.sentence,
        "worth": review.worth,
        "left": _texts(review.left),
        "right": _texts(review.right),
        "evidence_for": [_claim(claim) for claim in review.evidence_for],
        "evidence_against": [_claim(claim) for claim in review.evidence_against],
    }
    return -review.worth, *keys, review.reason, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _claim(claim: Claim) -> dict[str, str]:
    said = {"kind": str(claim.kind), "outcome": claim.outcome, "value": claim.value}
    note = {"note": claim.note} if claim.note else {}
    return {**said, "left": str(claim.left), "right": str(claim.right), **note}


def _texts(keys: Sequence[Key]) -> list[str]:
    return [str(key) for key in keys]
