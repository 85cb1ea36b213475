"""
Bring a store of another version up to this one: its tables, search terms and blocking keys, then its devices.

Tables are one transaction; search terms, blocking keys, and feeds of keys that have none, are another; devices are a
third. An upgrade that was ended goes on with the first of them that is not done; until the second is done, the store is
refused.
"""

from sqlalchemy import Connection

from matching.clustering.blocking import blocking_keys
from service.core.garbage import uncollected
from service.core.progress import Progress, silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution import customer_changes, whole_store
from service.resolution.recalibration import MAX_CHANGE, Recalibration, recalibrate
from service.store import state
from service.store.access import keys
from service.store.database.postings import packed, unpacked
from service.store.database.rows import portions
from service.store.indexes import blocking_keys as stored_keys
from service.store.indexes import identifiers
from service.store.ingested import records
from service.store.resolved import calibrations, devices
from service.store.resolved.rules import RULES, policy_digest
from service.store.world import World


def upgrade(
    world: World,
    *,
    max_change: float = MAX_CHANGE,
    pool: WorkerPool = NO_WORKERS,
    progress: Progress = silent,
) -> Recalibration | None:
    """
    Bring the store up to this version, and measure what its rules change; None where they are no others.

    Devices keep their ids, and decisions stand. What would change more than `max_change` of the devices is held.

    Raises:
        StoreError: The database failed, or is newer than this program; what was done before stays.
        WorkerFailed: A process of the pool failed; what was done before stays.
    """
    world.store.upgrade()
    with uncollected(), world.store.writing() as connection:
        if state.indexed_by(connection) != RULES:
            _remake_search_terms(connection, progress)
            _remake_blocking_keys(connection, world, pool, progress)
            state.mark_indexed(connection)
        for visibility in keys.live_visibilities(connection):
            customer_changes.begin(connection, world.change(connection), visibility)
        known = calibrations.ruling(connection)
    if known is None or known.is_current:
        return None
    return recalibrate(world, max_change=max_change)


def _remake_search_terms(connection: Connection, progress: Progress) -> None:
    count, done = records.count(connection), 0
    writer = identifiers.writer(connection)
    for portion in records.remake_terms(connection, writer):
        done += portion
        progress("search terms", done, count)
    writer.flush()


def _remake_blocking_keys(connection: Connection, world: World, pool: WorkerPool, progress: Progress) -> None:
    """Make the blocking keys under the calibration in force, which stays so until devices follow another."""
    known = calibrations.ruling(connection)
    if known is None:
        return
    policy = world.policy_in(connection)
    identities = whole_store.identify_all(connection, policy, pool)
    whole = whole_store.partition_all(connection, identities, policy, known.calibration)
    keys = blocking_keys(whole.identities, whole.possible_customers, known.calibration.ambiguous_prefixes)
    writer, done = stored_keys.writer(connection), 0
    for portion in portions(keys):
        wanted = {key: packed(own) for key, own in portion}
        before = devices.members(connection, wanted)
        after = {key: member._replace(blocking_keys=wanted[key]) for key, member in before.items()}
        writer.write(
            (member.record, unpacked(member.blocking_keys), unpacked(wanted[key])) for key, member in before.items()
        )
        devices.write_members(connection, before, after)
        done += len(portion)
        progress("blocking keys", done, len(identities))
    writer.flush()
    calibrations.index_under(connection, policy_digest(policy))
