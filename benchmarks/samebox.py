"""Samebox as a contender: the rules alone, and with every open review answered by the truth."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from typing import cast

from benchmarks.fleet import Fleet
from benchmarks.scoring import Clusters, Result, result
from matching.model import Decision, Key, Record, Review, Verdict
from matching.policy import OnConflict, Policy
from matching.results.resolution import Resolution, resolve_records

POLICIES = {
    "default": Policy(),
    "BoardReplacement=join": Policy(board_replacement=OnConflict.JOIN),
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


def answered(name: str, fleet: Fleet, policy: Policy, resolution: Resolution, rounds: int) -> Result:
    """Score what comes out when a person who knows the truth answers every review, up to that many rounds of them."""
    start = perf_counter()
    truth = {Key(*key): label for key, label in fleet.truth.items()}
    decisions: dict[tuple[Key, Key], Decision] = {}
    for _ in range(rounds):
        fresh = [
            answer for answer in answers(resolution.reviews, truth) if (answer.left, answer.right) not in decisions
        ]
        if not fresh:
            break
        decisions |= {(answer.left, answer.right): answer for answer in fresh}
        resolution = resolve(fleet, policy, list(decisions.values()))
    return result(
        f"Samebox, {name}, reviewed", fleet, clusters(resolution), perf_counter() - start, len(resolution.reviews)
    )


def answers(reviews: Sequence[Review], truth: Mapping[Key, str]) -> Iterator[Decision]:
    """Answer each review by the device that most records of either side belong to."""
    for review in reviews:
        left, right = _most(review.left, truth), _most(review.right, truth)
        verdict = Verdict.SAME if truth[left] == truth[right] else Verdict.DIFFERENT
        yield Decision(verdict, left, right, by="truth")


def _most(keys: Sequence[Key], truth: Mapping[Key, str]) -> Key:
    """Return the first record of the device that most of the records belong to."""
    counts = Counter(truth[key] for key in keys)
    most = max(counts, key=lambda label: (counts[label], label))
    return next(key for key in keys if truth[key] == most)
