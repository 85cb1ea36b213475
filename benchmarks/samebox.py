"""Samebox as a contender: the rules alone, and with every open review answered, by the truth or as it proposes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from time import perf_counter
from typing import cast

from benchmarks.fleet import Fleet
from benchmarks.scoring import Clusters, Result, result
from matching.model import Decision, Key, Record, Review, Verdict
from matching.policy import OnConflict, Policy
from matching.results.resolution import Resolution, resolve_records

Answers = Callable[[Sequence[Review]], Iterable[Decision]]
"""Who answers reviews: gives a decision for each."""

SURE = 0.95
"""How sure a proposed *same* is from which on it joins more than it costs: a wrong one merges two boxes."""

ROUNDS = 4
"""Rounds of answers: a question that waits for another one is asked in the next round."""

POLICIES = {
    "default": Policy(),
    "BoardReplacement=review": Policy(board_replacement=OnConflict.REVIEW),
    "MacAgainstName=join": Policy(mac_against_name=OnConflict.JOIN),
}


def resolve(fleet: Fleet, policy: Policy, decisions: Sequence[Decision] = ()) -> Resolution:
    """Resolve the fleet's records."""
    return resolve_records(cast("Sequence[Record]", fleet.records), policy, decisions)


def clusters(resolution: Resolution) -> Clusters:
    """Return each record's device, named by its first record."""
    return {key: str(device.keys[0]) for device in resolution.devices for key in device.keys}


def alone(name: str, fleet: Fleet, policy: Policy) -> tuple[Result, Resolution]:
    """Score what the rules join by themselves."""
    start = perf_counter()
    resolution = resolve(fleet, policy)
    found = clusters(resolution)
    seconds = perf_counter() - start
    return result(f"Samebox, {name}", fleet, found, seconds, len(resolution.reviews)), resolution


def answered(name: str, fleet: Fleet, policy: Policy, resolution: Resolution, answers: Answers) -> Result:
    """Score what comes out when every review is answered, and then those that the answers open, in some rounds."""
    start = perf_counter()
    decisions: list[Decision] = []
    for _ in range(ROUNDS):
        made = list(without_contradictions([*decisions, *answers(resolution.reviews)]))
        if len(made) == len(decisions):
            break
        decisions = made
        resolution = resolve(fleet, policy, decisions)
    seconds = perf_counter() - start
    return result(f"Samebox, {name}", fleet, clusters(resolution), seconds, len(resolution.reviews))


def answered_by_proposals(fleet: Fleet, policy: Policy, resolution: Resolution) -> Iterator[Result]:
    """Score what comes out when the engine's own proposals are the answers: the sure ones, then all of them."""
    sure = by_proposal(same_from=SURE)
    yield answered(f"default, same if {SURE:.0%} sure", fleet, policy, resolution, sure)
    yield answered("default, as proposed", fleet, policy, resolution, by_proposal())


def by_truth(truth: Mapping[Key, str]) -> Answers:
    """Return who answers each review by the devices that most records of either side belong to."""

    def answers(reviews: Sequence[Review]) -> Iterator[Decision]:
        for review in reviews:
            left, right = most(review.left, truth), most(review.right, truth)
            verdict = Verdict.SAME if truth[left] == truth[right] else Verdict.DIFFERENT
            yield Decision(verdict, left, right, by="truth")

    return answers


def by_proposal(same_from: float = 0.0) -> Answers:
    """
    Return who answers reviews as the engine proposes, the surest first.

    Args:
        same_from: How sure a *same* has to be; one that is less sure stays open. A *different* joins nothing.
    """

    def answers(reviews: Sequence[Review]) -> Iterator[Decision]:
        for review in sorted(reviews, key=lambda review: -review.proposal.certainty):
            proposal = review.proposal
            if proposal.verdict is Verdict.DIFFERENT or proposal.certainty >= same_from:
                yield Decision(proposal.verdict, review.left[0], review.right[0], by="proposal")

    return answers


def without_contradictions(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Yield decisions in turn but for those that are made already or contradict the ones before them."""
    boxes: dict[Key, set[Key]] = {}
    parted = set[tuple[Key, Key]]()
    for decision in decisions:
        left, right = decision.left, decision.right
        mine, theirs = boxes.setdefault(left, {left}), boxes.setdefault(right, {right})
        if mine is theirs or not parted.isdisjoint(product(mine, theirs)):
            continue
        if decision.verdict is Verdict.SAME:
            mine |= theirs
            boxes.update(dict.fromkeys(theirs, mine))
        else:
            parted |= {(left, right), (right, left)}
        yield decision


def most(keys: Sequence[Key], truth: Mapping[Key, str]) -> Key:
    """Return the first record of the device that most of the records belong to."""
    counts = Counter(truth[key] for key in keys)
    commonest = max(counts, key=lambda label: (counts[label], label))
    return next(key for key in keys if truth[key] == commonest)
