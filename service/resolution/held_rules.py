"""
Change what is stored while the rules of a new version wait for a person: the devices follow from the rules before.

A record that says the same evidence as before leaves every device its records. One that says something else, is new or
goes, and a decision, bring the records around them under the present rules: first the records as they were, with the
rules as the cause, then as they are now, with the cause of the change (decision 0070).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.clustering.blocking import BlockingKey
from matching.clustering.partition import partition
from matching.evidence.identity import identify
from matching.model import Key, Record
from matching.policy import Policy
from matching.results.resolution import Resolution
from service.resolution.composing import Composition, compose, compose_kept
from service.resolution.persisting import Persisted, persist
from service.resolution.shard import Shard, load_shard
from service.store.database.rows import portions
from service.store.indexes import blocking_keys
from service.store.ingested import records
from service.store.ingested.records import Entry, StoredRecord
from service.store.resolved import calibrations
from service.store.resolved.changes import CauseKind
from service.store.resolved.devices import Devices
from service.store.resolved.rules import RULES, policy_digest
from service.store.stewardship import decisions, reviews
from service.store.world import ChangeContext


def calibration_before(connection: Connection, policy: Policy) -> Calibration | None:
    """Return the calibration in force while the rules wait for a person; None where they do not."""
    known = calibrations.ruling(connection)
    waits = known and not known.is_current and known.policy == policy_digest(policy)
    return known.calibration if known and waits else None


def because_of_rules(context: ChangeContext) -> ChangeContext:
    """Return the context of a change that only the rules of this version cause."""
    return replace(context, cause={CauseKind.RULES_CHANGED.value: RULES.engine})


def adopt(
    connection: Connection,
    keys: Collection[Key],
    context: ChangeContext,
    *,
    new: Collection[Key] = (),
    earlier: Mapping[Key, StoredRecord] | None = None,
) -> Sequence[Persisted]:
    """
    Bring the records around some under the present rules, with these as the cause; nothing where no rules wait.

    Args:
        new: Records that have only just come, and are left out.
        earlier: Records that have only just changed, as they were before.
    """
    calibration = calibration_before(connection, context.policy) if keys else None
    if calibration is None:
        return []
    shard = load_shard(connection, keys, context.policy, calibration)
    stored = {**shard.stored, **{key: each for key, each in (earlier or {}).items() if key in shard.stored}}
    stored = {key: each for key, each in stored.items() if key not in new}
    resolution = _resolved(connection, stored, context.policy, calibration)
    moved = _moved(shard, resolution, stored)
    if not moved:
        return []
    home = {key: member for key, member in shard.before.memberships.items() if key in moved}
    ids = {member.device_id for member in home.values()}
    before = Devices({own: row for own, row in shard.before.devices.items() if own in ids}, home)
    part = Shard(moved, resolution, {key: stored[key] for key in moved}, before)
    return [_written(connection, part, _only(compose(resolution), moved), because_of_rules(context))]


class Earlier:
    """The records that are replaced by ones that say other evidence, as they were before."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.records: dict[Key, StoredRecord] = {}

    def note(self, connection: Connection, arriving: Mapping[Key, Entry]) -> None:
        """Look at records that are about to be stored."""
        for key, stored in records.read(connection, arriving.keys() - self.records.keys()).items():
            if stored.payload != arriving[key].payload and self._differ(stored.record, arriving[key].record):
                self.records[key] = stored

    def _differ(self, one: Record, other: Record) -> bool:
        before, after = identify(one, self._policy), identify(other, self._policy)
        return before._replace(suppressed=()) != after._replace(suppressed=())


def resolve_arrived(
    connection: Connection,
    new: Collection[Key],
    changed: Collection[Key],
    earlier: Mapping[Key, StoredRecord],
    context: ChangeContext,
) -> Iterator[Persisted]:
    """
    Bring the devices up to date after records have come.

    Args:
        changed: All that have changed.
        earlier: Those of them that say other evidence now, as they were before.
    """
    coming, were = set(new), {key: each for key, each in earlier.items() if key not in new}
    done = set[Key]()
    for portion in portions([*new, *were]):
        wanted = [key for key in portion if key not in done]
        if wanted:
            yield from adopt(connection, wanted, context, new=coming, earlier=were)
            shard = _shard(connection, wanted, context)
            yield _written(connection, shard, compose(shard.resolution), context)
            done |= shard.keys
            coming -= shard.keys
            were = {key: each for key, each in were.items() if key not in shard.keys}
    for portion in portions(changed):
        wanted = [key for key in portion if key not in done]
        if wanted:
            shard = _shard(connection, wanted, context)
            kept = compose_kept(shard.resolution, shard.before.home, reviews.about(connection, shard.keys))
            yield _written(connection, shard, kept, context)
            done |= shard.keys


def resolve_around(
    connection: Connection, keys: Collection[Key], context: ChangeContext, removed: Collection[BlockingKey]
) -> Persisted:
    """Bring the devices up to date around records that are gone or decided about, and were adopted before."""
    shard = _shard(connection, keys, context, removed)
    return _written(connection, shard, compose(shard.resolution), context)


def _shard(
    connection: Connection, keys: Collection[Key], context: ChangeContext, removed: Collection[BlockingKey] = ()
) -> Shard:
    calibration = calibration_before(connection, context.policy)
    assert calibration  # noqa: S101 - the callers have asked
    return load_shard(connection, keys, context.policy, calibration, removed)


def _resolved(
    connection: Connection, stored: Mapping[Key, StoredRecord], policy: Policy, calibration: Calibration
) -> Resolution:
    found = {key: each.record for key, each in stored.items()}
    identities = (identify(record, policy) for record in found.values())
    return Resolution(found, partition(identities, policy, decisions.about(connection, found), calibration))


def _moved(shard: Shard, resolution: Resolution, stored: Collection[Key]) -> frozenset[Key]:
    """The records of devices that the present rules make of other records than the stored ones."""
    formers: dict[str, set[Key]] = {}
    for key, device_id in shard.before.home.items():
        if key in stored:
            formers.setdefault(device_id, set()).add(key)
    standing = {frozenset(keys) for keys in formers.values()}
    identities = resolution.partition.identities
    present = (frozenset(identities[place].key for place in places) for places in resolution.partition.devices())
    return frozenset(key for keys in present if keys not in standing for key in keys)


def _only(composition: Composition, keys: Collection[Key]) -> Composition:
    return composition._replace(
        devices=[device for device in composition.devices if device.keys[0] in keys],
        reviews=[review for review in composition.reviews if Key(review.provider, review.record_id) in keys],
    )


def _written(connection: Connection, shard: Shard, now: Composition, context: ChangeContext) -> Persisted:
    key_writer = blocking_keys.writer(connection)
    persisted = persist(connection, shard, now, context, key_writer)
    key_writer.flush()
    return persisted
