"""
Try a policy: tell what it would do to the devices, before anybody puts it in force. Nothing is written.

Like is compared with like: the devices that the policy in force makes of the stored records, with the calibration that
these records teach under it now, and those that the other policy makes of the same records, with what they teach under
that one. So a calibration that is out of date is no effect of the policy that is tried; it is reported by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from matching.policy import Policy
from matching.results.resolution import Resolution
from service.core.garbage import uncollected
from service.core.policy_settings import PolicyDifference, policy_differences
from service.core.progress import Progress, silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution import whole_store
from service.resolution.impact import differences, effect
from service.resolution.regrouping import Regrouping, regrouping
from service.stewardship.trial_rows import DeviceMerge, DeviceSplit, DeviceValues, TrialRows
from service.store.resolved import calibrations
from service.store.resolved.calibrations import digest_of
from service.store.resolved.rules import RULES, policy_digest
from service.store.world import World

SHOWN = 10
"""Rows of each kind that a trial holds where nobody asks for more."""

STEPS = 8
"""Steps of a trial, for those who wait for it: four for each policy."""


@dataclass(frozen=True)
class TrialCounts:
    """How many devices there are, and how many reviews wait for a person."""

    devices: int
    reviews: int


@dataclass(frozen=True)
class PolicyTrial:
    """
    What a policy would do, compared with the one in force.

    `settings` are those that differ. `learnt` is what the calibration would learn differently, by kind: how many, and
    the first lines. `merges`, `splits` and `changes` are the first rows of each, the largest devices first, and the
    counts beside them are of all; `merging` counts the devices that would go into others. `changed` counts devices that
    keep their records and would have other golden values.

    `is_calibrated` says that the calibration in force is what the records teach under the policy in force; where it is
    not, `behind` devices will have other records without any change of the policy.
    """

    settings: Sequence[PolicyDifference]
    learnt: Mapping[str, Any]
    records: int
    now: TrialCounts
    then: TrialCounts
    merged: int
    merging: int
    split: int
    changed: int
    merges: Sequence[DeviceMerge]
    splits: Sequence[DeviceSplit]
    changes: Sequence[DeviceValues]
    is_calibrated: bool
    behind: int

    @property
    def changes_nothing(self) -> bool:
        """Whether no device and no review would be another one."""
        return not (self.merged or self.split or self.changed) and self.now == self.then


def try_policy(
    world: World,
    policy: Policy,
    *,
    shown: int | None = SHOWN,
    pool: WorkerPool = NO_WORKERS,
    progress: Progress = silent,
) -> PolicyTrial:
    """
    Tell what a policy would do to the stored devices; nothing is written.

    It reads and resolves all records twice, in one reading of the store.

    Args:
        shown: Rows of each kind that are wanted; None: all.
        pool: Processes that help to read the records.

    Raises:
        BadDecision: Two decisions contradict each other.
        StoreError: The database failed.
    """
    with world.store.reading() as connection, uncollected():
        steps = _Steps(progress)
        now = _resolve(connection, world.policy_in(connection), pool, steps)
        then = _resolve(connection, policy, pool, steps)
        found = regrouping(now.positions_of_devices, then.positions_of_devices)
        rows = TrialRows(connection, now.partition, then.partition)
        changes = rows.changes(found.kept)
        first = list(islice(changes, shown))
        behind = effect(connection, now.partition)["devices_changed"]
        return PolicyTrial(
            settings=policy_differences(world.policy_in(connection), policy),
            learnt=differences(now.calibration, then.calibration),
            records=len(now.partition.identities),
            now=_counts(now),
            then=_counts(then),
            merged=len(found.merging),
            merging=_merging(found),
            split=len(found.splitting),
            changed=len(first) + sum(1 for _ in changes),
            merges=list(rows.merges(found.merging[:shown])),
            splits=list(rows.splits(found.splitting[:shown])),
            changes=first,
            is_calibrated=_is_calibrated(connection, now, world.policy_in(connection)),
            behind=behind,
        )


class _Steps:
    """Tells how far a trial is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0

    def next(self) -> None:
        self._done += 1
        self._progress("trying the policy", self._done, STEPS)


def _resolve(connection: Connection, policy: Policy, pool: WorkerPool, steps: _Steps) -> Resolution:
    """All records under a policy and what they teach under it; without the records themselves."""
    identities = whole_store.identify_all(connection, policy, pool)
    steps.next()
    calibration = whole_store.calibrate_all(identities, policy)
    steps.next()
    resolution = Resolution({}, whole_store.partition_all(connection, identities, policy, calibration))
    steps.next()
    _ = resolution.reviews  # resolves what may hold a conflict
    steps.next()
    return resolution


def _counts(resolution: Resolution) -> TrialCounts:
    return TrialCounts(len(resolution.positions_of_devices), len(resolution.reviews))


def _merging(found: Regrouping) -> int:
    return len({tuple(former) for each in found.merging for former in each.formers})


def _is_calibrated(connection: Connection, now: Resolution, policy: Policy) -> bool:
    """Whether the calibration in force is what the records teach; where there is none, there are no records."""
    known = calibrations.in_force(connection)
    if known is None:
        return not now.partition.identities
    version, _ = known
    return (version.policy, version.rules, version.digest) == (policy_digest(policy), RULES, digest_of(now.calibration))
