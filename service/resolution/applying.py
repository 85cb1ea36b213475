"""
The only code that changes what is stored: it adds and removes records and updates devices, in one transaction.

A change resolves the shard around it, under the calibration in force, and writes the difference. The whole store is
resolved if there is no calibration yet, if the policy has changed, or if so much has changed that this is quicker.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.clustering.blocking import BlockingKey
from matching.model import Key
from service.core.errors import Conflict
from service.core.progress import Progress, silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution import held_rules, whole_store
from service.resolution.composing import compose
from service.resolution.held_rules import Earlier
from service.resolution.persisting import Persisted, persist
from service.resolution.recalibration import put_in_force
from service.resolution.shard import load_shard
from service.store import state
from service.store.database.postings import unpacked
from service.store.database.rows import portions
from service.store.indexes import blocking_keys, identifiers, repair
from service.store.ingested import forgotten_users, records
from service.store.ingested.records import Entry, Upserted
from service.store.resolved import calibrations, devices
from service.store.resolved.calibrations import Ruling
from service.store.resolved.changes import Change
from service.store.resolved.devices import Members
from service.store.resolved.rules import policy_digest
from service.store.world import ChangeContext, World

MANY = 2_000
"""Changed records from which on it is asked whether they are a large share of all."""

LARGE_SHARE = 0.05
"""Share of the records that, when it has changed, is resolved quicker with all others than by itself."""

MOST_RETURNED = 10_000
"""Changes that are returned, at the most, when everything was resolved: the change feed has all of them."""

NOTHING = Upserted({}, {}, {})


@dataclass(frozen=True)
class Applied:
    """
    What became of the records that arrived, and what happened to devices; `rows` counts those that differed.

    When everything was resolved, `changes` are the first of many; else `members` are the memberships of all records
    of the shard.
    """

    upserted: Upserted
    changes: Collection[Change] = ()
    rows: Counter[str] = field(default_factory=Counter)
    members: Members = field(default_factory=dict)


def apply(  # noqa: PLR0913 - records in, records out, and how
    connection: Connection,
    entries: Iterable[Entry],
    context: ChangeContext,
    *,
    gone: Collection[Key] = (),
    decided: Collection[Key] = (),
    pool: WorkerPool = NO_WORKERS,
    progress: Progress = silent,
) -> Applied:
    """
    Store records, one an entry; remove others; bring all that follows from them up to date.

    Entries may come as an iterator: they are not held all at once. Of those with one key the later record stands.

    Args:
        gone: Records to remove.
        decided: Records about which the stored decisions say something else than before.
        progress: Is called with the records resolved so far where everything is resolved.

    Raises:
        BadDecision: Two decisions contradict each other.
        WorkerFailed: A process of the pool failed.
    """
    known = _ruling(connection, context, pool)
    if known and not known.is_current:
        return _apply_held(connection, entries, context, gone, decided, progress)
    upserted = _store(connection, entries, context.at)
    removed = _remove(connection, gone)
    changed = {*upserted.new, *upserted.changed, *gone, *decided}
    if not changed:
        return Applied(upserted)
    state.advance(connection)
    calibration = known.calibration if known and known.policy == policy_digest(context.policy) else None
    if calibration is None or _are_many(connection, changed):
        return _collected(upserted, _resolve_all(connection, calibration, context, pool), progress)
    shard = load_shard(connection, changed, context.policy, calibration, removed)
    key_writer = blocking_keys.writer(connection)
    persisted = persist(connection, shard, compose(shard.resolution), context, key_writer)
    key_writer.flush()
    return Applied(upserted, persisted.changes, persisted.rows, persisted.members)


def _apply_held(  # noqa: PLR0913, PLR0917 - as `apply`
    connection: Connection,
    entries: Iterable[Entry],
    context: ChangeContext,
    gone: Collection[Key],
    decided: Collection[Key],
    progress: Progress,
) -> Applied:
    """The same while the rules of this version wait for a person."""
    earlier = Earlier(context.policy)
    upserted = _store(connection, entries, context.at, earlier)
    persisted = held_rules.resolve_arrived(connection, upserted.new, upserted.changed, earlier.records, context)
    done = _collected(upserted, persisted, progress)
    if gone or decided:
        adopted = held_rules.adopt(connection, gone, context)
        removed = _remove(connection, gone)
        followed = held_rules.resolve_around(connection, {*gone, *decided}, context, removed)
        also = _collected(upserted, [*adopted, followed], progress)
        done = replace(also, changes=[*done.changes, *also.changes], rows=done.rows + also.rows)
    if upserted.new or upserted.changed or gone or decided:
        state.advance(connection)
    return done


def _ruling(connection: Connection, context: ChangeContext, pool: WorkerPool) -> Ruling | None:
    """
    The calibration in force, None before the first one.

    Where an operator has changed the policy while rules wait, everything is resolved first: neither is held any longer.
    """
    known = calibrations.ruling(connection)
    if known is None or known.is_current or known.policy == policy_digest(context.policy):
        return known
    for _ in put_in_force(connection, context, pool):
        pass
    state.advance(connection)
    return calibrations.ruling(connection)


def rebuild(
    world: World, *, dry_run: bool = False, pool: WorkerPool = NO_WORKERS, progress: Progress = silent
) -> Applied:
    """
    Work all devices out anew from the stored records and decisions, under the calibration in force.

    Nothing differs, unless something was wrong. A dry run changes nothing and tells what it would change.

    Raises:
        Conflict: The rules of this version wait for a person: everything would follow them.
        StoreError: The database failed; nothing was changed.
        WorkerFailed: A process of the pool failed; nothing was changed.
    """
    with world.store.writing() as connection:
        if held_rules.calibration_before(connection, world.policy_in(connection)):
            raise Conflict(
                "the rules of this version of Samebox wait for a person; look at them first: samebox calibrate"
            )
        attempt = connection.begin_nested()
        repaired = repair.repair(connection)
        context = world.change(connection)
        persisted = _resolve_all(connection, _calibration(connection, context), context, pool)
        done = _collected(NOTHING, persisted, progress)
        done.rows.update(repaired)
        if done.rows.total():
            state.advance(connection)
        if dry_run:
            attempt.rollback()
    return done


def _calibration(connection: Connection, context: ChangeContext) -> Calibration | None:
    """The calibration in force; None before the first one, and where it was measured under another policy."""
    known = calibrations.ruling(connection)
    return known.calibration if known and known.policy == policy_digest(context.policy) else None


def _resolve_all(
    connection: Connection, calibration: Calibration | None, context: ChangeContext, pool: WorkerPool
) -> Iterable[Persisted]:
    """Resolve every record under a calibration, or under one that is measured now."""
    if calibration is None:
        return put_in_force(connection, context, pool)
    identities = whole_store.identify_all(connection, context.policy, pool)
    whole = whole_store.partition_all(connection, identities, context.policy, calibration)
    return whole_store.persist_all(connection, whole, context, pool)


def _store(connection: Connection, entries: Iterable[Entry], at: datetime, earlier: Earlier | None = None) -> Upserted:
    """Store records; of those that come twice the later one stands."""
    new, changed, same = dict[Key, int](), dict[Key, int](), dict[Key, int]()
    came_again = set[Key]()
    term_writer = identifiers.writer(connection)
    if users := forgotten_users.read(connection):
        entries = (records.without_names(each, users) for each in entries)
    for portion in portions(entries):
        standing = records.standing(portion, at)
        came = {key for key in standing if key in new or key in changed or key in same}
        came_again |= came
        for key, rival in records.read(connection, came).items():
            if not records.is_later(standing[key], rival.written, at):
                del standing[key]
        if earlier:
            earlier.note(connection, standing)
        outcome = records.upsert(connection, standing.values(), at, term_writer)
        new.update(outcome.new)
        changed.update(outcome.changed)
        same.update(outcome.same)
    term_writer.flush()
    for key in came_again:
        if key in new:
            changed.pop(key, None)
        if key in new or key in changed:
            same.pop(key, None)
    return Upserted(new, changed, same)


def _remove(connection: Connection, gone: Collection[Key]) -> set[BlockingKey]:
    """Remove records with all that they can be found by; return the blocking keys that they had."""
    if not gone:
        return set()
    there = records.read(connection, gone)
    met = {key: unpacked(member.blocking_keys) for key, member in devices.members(connection, there).items()}
    blocking_keys.write(connection, [(there[key].number, own, frozenset()) for key, own in met.items()])
    records.remove(connection, there)
    return set().union(*met.values())


def _collected(upserted: Upserted, parts: Iterable[Persisted], progress: Progress) -> Applied:
    changes: list[Change] = []
    rows: Counter[str] = Counter()
    done = 0
    for persisted in parts:
        done += len(persisted.members)
        progress("resolved", done)
        changes += islice(persisted.changes, MOST_RETURNED - len(changes))
        rows += persisted.rows
    return Applied(upserted, changes=changes, rows=rows)


def _are_many(connection: Connection, changed: Collection[Key]) -> bool:
    return len(changed) > MANY and len(changed) > LARGE_SHARE * records.count(connection)
