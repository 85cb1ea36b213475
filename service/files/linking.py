"""
Resolve a component into devices and the questions that are left: first the quick test, then the rule.

Components do not depend on each other, so each process can take some of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson

from matching.calibration.calibrate import Calibration
from matching.clustering.conflict_free import is_conflict_free
from matching.clustering.decisions import joined_by, parted_by
from matching.clustering.resolve import resolve
from matching.clustering.reviews import reviews
from matching.clustering.vetoes import Premises
from matching.evidence.groups import group_of
from matching.evidence.identity import Identity
from matching.model import Claim, Decision, Key, Review
from matching.policy import Policy
from service.core.packing import Plain


@dataclass(frozen=True)
class Linker:
    """What resolves a component, in any process; without reviews it is quicker."""

    policy: Policy
    calibration: Calibration
    decisions: Sequence[Decision]
    with_reviews: bool

    def resolved(self, identities: Sequence[Identity]) -> tuple[Sequence[Sequence[int]], list[Plain]]:
        """
        Return the devices of several records, by place in the component, and the reviews as plain values.

        Args:
            identities: What is usable of the component's records, in order of key.
        """
        customers = [self.calibration.companies.of(identity.company) for identity in identities]
        decided = self._decisions_about({identity.key for identity in identities})
        if not decided and is_conflict_free(identities, customers, self.calibration.complete):
            return [range(len(identities))], []
        return self._by_the_rule(identities, customers, joined_by(decided))

    def _by_the_rule(
        self, identities: Sequence[Identity], customers: Sequence[str | None], same: Sequence[tuple[Key, Key]]
    ) -> tuple[Sequence[Sequence[int]], list[Plain]]:
        singles = {
            identity.key: group_of(identity, customer, self.calibration.complete)
            for identity, customer in zip(identities, customers, strict=True)
        }
        place = {key: place for place, key in enumerate(singles)}
        groups = resolve(list(singles.values()), same, self._premises).groups
        devices = [sorted(place[key] for key in group.keys) for group in groups if len(group.keys) > 1]
        asked = reviews(groups, self._premises, singles) if self.with_reviews and len(groups) > 1 else []
        return devices, [_packed(review) for review in asked]

    def _decisions_about(self, keys: set[Key]) -> list[Decision]:
        """The decisions that name a record of a component, in their order."""
        if not self.decisions or keys.isdisjoint(self._decided):
            return []
        places = {place for key in keys for place in self._decided.get(key, ())}
        return [self.decisions[place] for place in sorted(places)]

    @cached_property
    def _premises(self) -> Premises:
        return Premises(self.policy, self.calibration.companies, parted_by(self.decisions))

    @cached_property
    def _decided(self) -> Mapping[Key, Sequence[int]]:
        """The records that decisions name, with the places of these."""
        found: dict[Key, list[int]] = {}
        for place, decision in enumerate(self.decisions):
            for key in (decision.left, decision.right):
                found.setdefault(key, []).append(place)
        return found


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
