"""
The runs of syncs: how they begin, go on and end. A provider has one at a time, across processes and machines.

A run holds a lease on its provider and renews it while it works. A process that died loses it: at once where it is
known to be gone (`service.core.processes`), else after `LEASE`. Every write first checks that the lease is still held,
so that a run whose lease was taken over stores nothing more.
"""

import logging
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.core.errors import Busy, TurnLost
from service.core.processes import ProcessTable
from service.core.settings import SyncSettings
from service.ingest.protocol import Adapter
from service.resolution.recalibration import MAX_CHANGE
from service.store.access.actors import Actor
from service.store.ingested import arrivals, leases, syncs
from service.store.ingested.arrivals import Arrival
from service.store.ingested.leases import Lease
from service.store.ingested.syncs import SYNCS, Run, SyncMode, SyncStatus
from service.store.world import World

LEASE = timedelta(minutes=2)
"""How long a provider stays with a holder that gives no sign of life."""

RESUMABLE = timedelta(hours=6)
"""Rows of a sync that was interrupted longer ago are too old to be gone on with."""

ENDED = (SyncStatus.SUCCEEDED, SyncStatus.FAILED, SyncStatus.HELD, SyncStatus.INTERRUPTED)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyncOptions:
    """
    What is asked of a sync.

    Without a mode it is full or incremental, whichever is due. `max_change` is the share of the devices that a
    calibration after it may change before it is held.
    """

    mode: SyncMode | None = None
    accept_shrink: bool = False
    rules: SyncSettings = field(default_factory=SyncSettings)
    max_change: float = MAX_CHANGE


def begin(world: World, adapters: Sequence[Adapter], options: SyncOptions) -> list[Run]:
    """
    Take the providers and note a run for each, or for none of them.

    A run whose holder died is noted as interrupted; what it has read is gone on with where that can be.

    Raises:
        Busy: One of them is being synced; says by whom and since when.
        StoreError: The database failed.
    """
    with world.store.writing() as connection:
        at = world.now()
        for adapter in adapters:
            require_free(connection, adapter.name, at, world.processes)
        given = [lease_of(adapter.name, world.new_id(), at, world.processes) for adapter in adapters]
        return [
            _begin(connection, adapter, options, lease, at, world.actor)
            for adapter, lease in zip(adapters, given, strict=True)
        ]


def keep(world: World, run: Run, arrived: Sequence[Arrival]) -> None:
    """Store what a run has read since, and how far it is. Raises: TurnLost; StoreError."""
    with world.store.writing() as connection:
        require_turn(connection, run, world.now())
        arrivals.add(connection, run.id, arrived)
        syncs.update(connection, run)


def stay(world: World, run: Run) -> None:
    """Give a sign of life. Raises: TurnLost; StoreError."""
    with world.store.writing() as connection:
        require_turn(connection, run, world.now())


def stop(world: World, run: Run, status: SyncStatus, error: str) -> Run:
    """
    End a run that stored no records; what it has read stays where its cursor says that it can be gone on with.

    A run that has ended already, or lost its turn, is left as it is noted. Raises: StoreError.
    """
    with world.store.writing() as connection:
        if not leases.release(connection, run.id):
            return syncs.find(connection, run.id) or run
        if run.cursor is None:
            arrivals.drop(connection, run.provider)
        ended = replace(run, status=status, error=error, finished_at=world.now())
        syncs.update(connection, ended)
        return ended


def lease_of(name: str, run_id: str, at: datetime, processes: ProcessTable) -> Lease:
    """Return the lease that this process gives a run."""
    holder = f"{socket.gethostname()}, process {os.getpid()}"
    return Lease(name, run_id, holder, at + LEASE, processes.own())


def require_turn(connection: Connection, run: Run, at: datetime) -> None:
    """Renew the right to the provider. Raises: TurnLost."""
    if not leases.renew(connection, run.id, at + LEASE):
        taker = leases.find(connection, run.provider)
        by = f" by {taker.holder}" if taker else ""
        raise TurnLost(f"{run.provider}: this sync was taken for dead and its place was taken{by}; it stored nothing")


def require_free(connection: Connection, provider: str, at: datetime, processes: ProcessTable) -> None:
    """
    Require that nobody syncs a provider now.

    A lease that ends later than any could have been given says that the clock was set back, and counts for nothing:
    nobody waits for a dead holder longer than twice its time. A living one notices at its next write.

    Raises:
        Busy: Somebody syncs it; says who and since when.
    """
    lease = leases.find(connection, provider)
    if lease is None or not at < lease.expires_at <= at + 2 * LEASE:
        return
    if lease.process and processes.is_gone(lease.process):
        return
    run = syncs.find(connection, lease.sync_id)
    since = f" since {run.started_at:%Y-%m-%d %H:%M:%S} UTC" if run else ""
    raise Busy(f"{provider}: is being synced by {lease.holder}{since}; wait for its end")


def _begin(  # noqa: PLR0913, PLR0917 - a run is all of these
    connection: Connection,
    adapter: Adapter,
    options: SyncOptions,
    lease: Lease,
    at: datetime,
    actor: Actor | None,
) -> Run:
    provider, run_id = adapter.name, lease.sync_id
    for dead in syncs.running(connection, provider):
        error = f"{provider}: ended without a word; the next sync found it so"
        syncs.update(connection, replace(dead, status=SyncStatus.INTERRUPTED, error=error, finished_at=at))
    former = _former(connection, adapter, at)
    mode = _mode(connection, adapter, options, former, at)
    since = _since(connection, provider, mode, options.rules)
    by, key_id = actor or (None, None)
    run = Run(run_id, provider, mode, SyncStatus.RUNNING, at, since=since, by=by, key_id=key_id)
    leases.put(connection, lease)
    syncs.forget_cursors(connection, provider)
    if former is None or former.mode != mode:
        arrivals.drop(connection, provider)
        syncs.add(connection, run)
        return run
    taken_over = {name: getattr(former, name) for name in ("since", "as_of", "cursor", "read")}
    run = replace(run, resumes=former.id, **taken_over)
    syncs.add(connection, run)
    arrivals.hand_over(connection, former.id, run_id)
    logger.warning(
        "%s: goes on after the %s rows that the sync of %s had read", provider, f"{run.read:,}", _start_of(former)
    )
    return run


def _former(connection: Connection, adapter: Adapter, at: datetime) -> Run | None:
    """The last run, if it did not come to its end and can be gone on with; rows of any earlier one are out of date."""
    last = syncs.latest(connection, adapter.name, ENDED, SYNCS)
    if last is None or last.status in {SyncStatus.SUCCEEDED, SyncStatus.HELD}:
        return None
    if last.cursor and adapter.goes_on_from(last.cursor) and abs(at - (last.as_of or last.started_at)) <= RESUMABLE:
        return last
    if last.status == SyncStatus.INTERRUPTED:
        logger.warning("%s: the sync of %s was interrupted; this one starts anew", adapter.name, _start_of(last))
    return None


def _mode(connection: Connection, adapter: Adapter, options: SyncOptions, former: Run | None, at: datetime) -> SyncMode:
    if not adapter.live or options.accept_shrink or options.mode == SyncMode.FULL:
        return SyncMode.FULL
    full = syncs.latest(connection, adapter.name, (SyncStatus.SUCCEEDED,), (SyncMode.FULL,))
    if full is None:
        return SyncMode.FULL  # there is nothing that changes could be added to
    if options.mode:
        return options.mode
    if former:
        return former.mode
    return (
        SyncMode.INCREMENTAL
        if abs(at - full.started_at) < timedelta(hours=options.rules.full_every_hours)
        else SyncMode.FULL
    )


def _since(connection: Connection, provider: str, mode: SyncMode, rules: SyncSettings) -> datetime | None:
    """When the last complete sync began to read, less the overlap: a change takes a moment to show."""
    last = syncs.latest(connection, provider, (SyncStatus.SUCCEEDED,), SYNCS)
    if mode == SyncMode.FULL or last is None:
        return None
    return (last.as_of or last.started_at) - timedelta(minutes=rules.overlap_minutes)


def _start_of(run: Run) -> str:
    return f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"
