"""Compare devices with the truth, pair by pair and record by record, without enumerating a single pair."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.model import Key


@dataclass(frozen=True, slots=True)
class Scores:
    """
    How well records were resolved, between 0 and 1; counts are devices.

    `over_merged` are resolved devices that hold records of more than one true device, `split` are true devices
    whose records lie in more than one. Reference: Bagga and Baldwin, 1998, for B-cubed.
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
    Score the records that both name. Without any pair to find or found, precision and recall are 1.

    Complexity: linear in the records.
    """
    both = [(truth[key], clusters[key]) for key in truth.keys() & clusters.keys()]
    cells = Counter(both)
    true, found = Counter(device for device, _ in both), Counter(cluster for _, cluster in both)
    right = _pairs(cells.values())
    precision, recall = _share(right, _pairs(found.values())), _share(right, _pairs(true.values()))
    bcubed_precision = _share(sum(n * n / found[cluster] for (_, cluster), n in cells.items()), len(both))
    bcubed_recall = _share(sum(n * n / true[device] for (device, _), n in cells.items()), len(both))
    return Scores(
        records=len(both),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        bcubed_f1=_harmonic(bcubed_precision, bcubed_recall),
        over_merged=sum(count > 1 for count in Counter(cluster for _, cluster in cells).values()),
        split=sum(count > 1 for count in Counter(device for device, _ in cells).values()),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
