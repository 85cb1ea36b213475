"""Evaluation: how well devices agree with the truth, by pairs and by records. No pair is enumerated."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.model import Key


@dataclass(frozen=True, slots=True)
class Scores:
    """
    How well records were resolved: shares between 0 and 1, and counts of devices.

    `precision` and `recall` are over pairs of records. `over_merged` counts resolved devices with records of more than
    one true device, `split` true devices whose records are in more than one resolved device. Reference for B-cubed:
    Bagga and Baldwin, 1998.
    """

    records: int
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    over_merged: int
    split: int


def score(truth: Mapping[Key, str], clusters: Mapping[Key, str]) -> Scores:
    """
    Score the records that are in both. Precision is 1 where no pair was resolved, recall where there is none to find.

    Complexity: linear in the records.
    """
    both = [(truth[key], clusters[key]) for key in truth.keys() & clusters.keys()]
    overlaps = Counter(both)  # true device and cluster -> the records in both
    device_sizes, cluster_sizes = Counter(device for device, _ in both), Counter(cluster for _, cluster in both)
    true_positives = _pairs(overlaps.values())
    precision = _ratio(true_positives, _pairs(cluster_sizes.values()))
    recall = _ratio(true_positives, _pairs(device_sizes.values()))
    bcubed_precision = _ratio(sum(n * n / cluster_sizes[cluster] for (_, cluster), n in overlaps.items()), len(both))
    bcubed_recall = _ratio(sum(n * n / device_sizes[device] for (device, _), n in overlaps.items()), len(both))
    return Scores(
        records=len(both),
        precision=precision,
        recall=recall,
        f1=_harmonic_mean(precision, recall),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        bcubed_f1=_harmonic_mean(bcubed_precision, bcubed_recall),
        over_merged=sum(count > 1 for count in Counter(cluster for _, cluster in overlaps).values()),
        split=sum(count > 1 for count in Counter(device for device, _ in overlaps).values()),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else 1.0


def _harmonic_mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
