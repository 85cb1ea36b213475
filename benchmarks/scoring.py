"""Score a linkage of a fleet: over all records, and device by device for each pathology."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.fleet import Fleet
from matching.model import Key
from matching.results.evaluation import Scores, score

Clusters = Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Struck:
    """
    The devices of one pathology: how many, how many came out whole and alone, too big, in pieces.

    `mixed` of their `records` share a resolved device with a record of another true device.
    """

    devices: int
    exact: int
    merged: int
    split: int
    records: int
    mixed: int

    @property
    def mixed_share(self) -> float:
        """The share (0 to 1) of the records that share a resolved device with another true device's."""
        return self.mixed / self.records


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender made of a fleet. `reviews` is None for one that asks nobody; `seconds` is wall time."""

    contender: str
    scores: Scores
    devices: int
    found: int
    seconds: float
    reviews: int | None
    pathologies: Mapping[str, Struck]

    @property
    def over_merged(self) -> float:
        """Resolved devices that hold more than one true device, per 10,000 true devices."""
        return 10_000 * self.scores.over_merged / self.devices

    @property
    def split(self) -> float:
        """True devices in more than one piece, per 10,000."""
        return 10_000 * self.scores.split / self.devices

    @property
    def reviews_per_100(self) -> float | None:
        """Open reviews per 100 true devices."""
        return None if self.reviews is None else 100 * self.reviews / self.devices

    def as_json(self) -> dict[str, Any]:
        """Return everything, for a program."""
        rates = {
            "over_merged_per_10000": self.over_merged,
            "split_per_10000": self.split,
            "reviews_per_100": self.reviews_per_100,
        }
        return asdict(self) | rates


def result(contender: str, fleet: Fleet, clusters: Clusters, seconds: float, reviews: int | None = None) -> Result:
    """Score a contender's clusters against the fleet's truth."""
    truth = {Key(*key): label for key, label in fleet.truth.items()}
    merged, split = wrong(truth, clusters)
    records, mixed = Counter(truth.values()), _mixed(truth, clusters)
    return Result(
        contender,
        score(truth, clusters),
        fleet.devices,
        len(set(clusters.values())),
        seconds,
        reviews,
        {
            name: Struck(
                devices=len(labels),
                exact=len(labels - merged - split),
                merged=len(labels & merged),
                split=len(labels & split),
                records=sum(records[label] for label in labels),
                mixed=sum(mixed[label] for label in labels),
            )
            for name, labels in fleet.pathologies.items()
            if labels
        },
    )


def read_clusters(path: Path) -> Clusters:
    """Read a CSV with the columns provider, id and device_id, as `samebox match` and the other contenders write it."""
    with path.open(newline="", encoding="utf-8") as file:
        return {Key(row["provider"], row["id"]): row["device_id"] for row in csv.DictReader(file)}


def wrong(truth: Mapping[Key, str], clusters: Clusters) -> tuple[set[str], set[str]]:
    """Return the true devices that share a cluster with another one, and those in more than one cluster."""
    labels_of: defaultdict[str, set[str]] = defaultdict(set)
    clusters_of: defaultdict[str, set[str]] = defaultdict(set)
    for key, label in truth.items():
        labels_of[clusters[key]].add(label)
        clusters_of[label].add(clusters[key])
    merged = {label for labels in labels_of.values() if len(labels) > 1 for label in labels}
    return merged, {label for label, found in clusters_of.items() if len(found) > 1}


def _mixed(truth: Mapping[Key, str], clusters: Clusters) -> Counter[str]:
    """Return, for each true device, how many of its records are in a cluster that holds another one's as well."""
    labels_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, label in truth.items():
        labels_of[clusters[key]][label] += 1
    mixed: Counter[str] = Counter()
    for labels in labels_of.values():
        if len(labels) > 1:
            mixed.update(labels)
    return mixed
