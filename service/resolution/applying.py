"""
The one way in which what is stored changes: records come and go, and the devices follow, in one transaction.

A change resolves what hangs together with it, under the calibration in force; what is written is the difference. All
is resolved before the first calibration, under another policy, and when so much has changed that it is quicker.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from matching.clustering.blocking import BlockingKey
from matching.model import Key
from matching.policy import Policy
from service.core.workers import ALONE, Team
from service.resolution import whole_store
from service.resolution.composing import compose
from service.resolution.persisting import Because, Occasion, Settled, settle
from service.resolution.recalibration import put_in_force, recalibrate
from service.resolution.shard import load
from service.store import blocking_keys, calibrations, devices, identifiers, records, repair, state
from service.store.calibrations import policy_digest
from service.store.changes import Change
from service.store.devices import Members
from service.store.engine import Store
from service.store.postings import unpacked
from service.store.records import Entry, Upserted
from service.store.rows import portions

__all__ = ["Applied", "apply", "rebuild", "recalibrate"]

MANY = 2_000
"""Changed records from which on it is asked whether they are a large share of all."""

LARGE_SHARE = 0.05
"""Share of the records that, when it has changed, is resolved quicker with all others than by itself."""

NOTHING = Upserted({}, {}, {})

Told = Callable[[int], None]
"""Told how many records have been resolved so far."""

MOST_TOLD = 10_000
"""Changes that are told to the caller, at the most, when everything was resolved: the feed has all of them."""


@dataclass(frozen=True)
class Applied:
    """
    What became of the records that arrived, and what happened to devices; `rows` counts those that differed.

    When everything was resolved, `changes` are the first of many; else `members` are the memberships of all records
    that were looked at.
    """

    upserted: Upserted
    changes: Collection[Change] = ()
    rows: Counter[str] = field(default_factory=Counter)
    members: Members = field(default_factory=dict)


def apply(  # noqa: PLR0913 - records in, records out, and all that a resolution depends on
    connection: Connection,
    entries: Iterable[Entry],
    policy: Policy,
    at: datetime,
    new_id: Callable[[], str],
    *,
    gone: Collection[Key] = (),
    decided: Collection[Key] = (),
    because: Because | None = None,
    team: Team = ALONE,
    told: Told | None = None,
) -> Applied:
    """
    Store records, one an entry; remove others; bring all that follows from them up to date.

    Entries may come as an iterator: they are not held all at once. Of those with one key the later record stands.
    `decided` are records about which the stored decisions say something else than before; `because` is told with
    every change. `told` hears how far it is where everything is resolved.

    Raises:
        BadDecision: Two decisions contradict each other.
        WorkerFailed: A process of the team failed.
    """
    upserted = _store(connection, entries, at)
    left = _remove(connection, gone)
    seeds = {*upserted.new, *upserted.changed, *gone, *decided}
    if not seeds:
        return Applied(upserted)
    state.advance(connection)
    occasion = Occasion(at, new_id, because)
    known = calibrations.ruling(connection)
    if known is None or known[0] != policy_digest(policy):
        return _gathered(upserted, put_in_force(connection, policy, occasion, team), told)
    if _are_many(connection, seeds):
        found = whole_store.identities(connection, policy, team)
        fleet = whole_store.assemble(connection, found, policy, known[1])
        return _gathered(upserted, whole_store.settle_all(connection, fleet, occasion, team), told)
    part = load(connection, seeds, policy, known[1], left)
    writer = blocking_keys.writer(connection)
    settled = settle(connection, part, compose(part.resolution), occasion, writer)
    writer.flush()
    return Applied(upserted, settled.changes, settled.rows, settled.members)


def rebuild(  # noqa: PLR0913 - the store, and all that a resolution depends on
    store: Store,
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    dry_run: bool = False,
    team: Team = ALONE,
    told: Told | None = None,
) -> Applied:
    """
    Work all devices out anew from the stored records and decisions, under the calibration in force.

    Nothing differs, unless something was wrong. A dry run changes nothing and tells what it would change.

    Raises:
        StoreError: The database failed; nothing was changed.
        WorkerFailed: A process of the team failed; nothing was changed.
    """
    with store.writing() as connection:
        attempt = connection.begin_nested()
        repaired = repair.repair(connection)
        known = calibrations.ruling(connection)
        if known is None or known[0] != policy_digest(policy):
            done = _gathered(NOTHING, put_in_force(connection, policy, Occasion(now(), new_id), team), told)
        else:
            found = whole_store.identities(connection, policy, team)
            fleet = whole_store.assemble(connection, found, policy, known[1])
            done = _gathered(NOTHING, whole_store.settle_all(connection, fleet, Occasion(now(), new_id), team), told)
        done.rows.update(repaired)
        if done.rows.total():
            state.advance(connection)
        if dry_run:
            attempt.rollback()
    return done


def _store(connection: Connection, entries: Iterable[Entry], at: datetime) -> Upserted:
    """Store records; of those that come twice the later one stands."""
    new, changed, same = dict[Key, int](), dict[Key, int](), dict[Key, int]()
    came_again = set[Key]()
    findable = identifiers.writer(connection)
    for portion in portions(entries):
        standing = records.standing(portion)
        came = {key for key in standing if key in new or key in changed or key in same}
        came_again |= came
        for key, earlier in records.read(connection, came).items():
            if not records.is_later(standing[key], earlier.record):
                del standing[key]
        outcome = records.upsert(connection, standing.values(), at, findable)
        new.update(outcome.new)
        changed.update(outcome.changed)
        same.update(outcome.same)
    findable.flush()
    for key in came_again:
        if key in new:
            changed.pop(key, None)
        if key in new or key in changed:
            same.pop(key, None)
    return Upserted(new, changed, same)


def _remove(connection: Connection, gone: Collection[Key]) -> set[BlockingKey]:
    """Take records out with all that they can be found by; return where they met others."""
    if not gone:
        return set()
    there = records.read(connection, gone)
    met = {key: unpacked(member.blocking_keys) for key, member in devices.members(connection, there).items()}
    blocking_keys.write(connection, [(there[key].number, own, frozenset()) for key, own in met.items()])
    records.remove(connection, there)
    return set().union(*met.values())


def _gathered(upserted: Upserted, parts: Iterable[Settled], told: Told | None = None) -> Applied:
    changes: list[Change] = []
    rows: Counter[str] = Counter()
    done = 0
    for settled in parts:
        done += len(settled.members)
        if told:
            told(done)
        changes += islice(settled.changes, MOST_TOLD - len(changes))
        rows += settled.rows
    return Applied(upserted, changes=changes, rows=rows)


def _are_many(connection: Connection, seeds: Collection[Key]) -> bool:
    return len(seeds) > MANY and len(seeds) > LARGE_SHARE * records.count(connection)
