"""Decisions in the form that the rule needs, and the check that no two of them contradict each other."""

from collections.abc import Iterable, Sequence

from matching.disjoint_sets import DisjointSets
from matching.errors import BadDecision
from matching.model import Decision, Key, Verdict


def parted_by(decisions: Iterable[Decision]) -> dict[Key, frozenset[Key]]:
    """Return, for each record, the records that people declared to be different boxes."""
    parted: dict[Key, frozenset[Key]] = {}
    for decision in decisions:
        if decision.verdict is Verdict.DIFFERENT:
            for one, other in ((decision.left, decision.right), (decision.right, decision.left)):
                parted[one] = parted.get(one, frozenset()) | {other}
    return parted


def joined_by(decisions: Iterable[Decision]) -> list[tuple[Key, Key]]:
    """Return the pairs of records that people declared to be one box."""
    return [(decision.left, decision.right) for decision in decisions if decision.verdict is Verdict.SAME]


def check_decisions(decisions: Sequence[Decision]) -> None:
    """
    Refuse decisions that contradict each other.

    Raises:
        BadDecision: A *different* whose two records other decisions make one box; all of these are named.
    """
    keys = sorted({key for decision in decisions for key in (decision.left, decision.right)})
    position = {key: i for i, key in enumerate(keys)}
    sets = DisjointSets(len(keys))
    for left, right in joined_by(decisions):
        sets.union((position[left], position[right]))
    for decision in decisions:
        root = sets.find(position[decision.left])
        if decision.verdict is Verdict.DIFFERENT and root == sets.find(position[decision.right]):
            chain = ", ".join(
                f"{left} = {right}" for left, right in joined_by(decisions) if sets.find(position[left]) == root
            )
            raise BadDecision(
                f"{decision.left} and {decision.right} are decided to differ, yet to be the same: {chain}"
            )
