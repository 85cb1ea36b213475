"""
What is billed by agreements is read after a provider's records, when these are stored already.

A reading has a lease of its own, so that two processes do not share the rate of one key. It is kept whole or not at
all; one that fails leaves what was read before, and reports say how old that is.
"""

from datetime import timedelta

from service.core.errors import Busy
from service.core.settings import SyncSettings
from service.ingest.protocol import Agreements
from service.store.ingested import agreements, leases
from service.store.ingested.agreements import AgreementRead, BilledAddition
from service.store.ingested.syncs import Run, SyncMode
from service.store.world import World
from service.syncs.runs import lease_of, require_free, require_turn


def begin_reading(world: World, run: Run, rules: SyncSettings) -> bool:
    """
    Note that a reading begins, and return whether there is one.

    It is due after each full sync, and after any other where the last reading failed or is as old as a full sync may
    be. There is none where another process reads. Raises: StoreError.
    """
    with world.store.writing() as connection:
        at = world.now()
        read = agreements.find(connection, run.provider)
        if run.mode != SyncMode.FULL and read and not _is_over(read, rules, world):
            return False
        name = lease_name(run.provider)
        try:
            require_free(connection, name, at, world.processes)
        except Busy:
            return False
        leases.put(connection, lease_of(name, run.id, at, world.processes))
        agreements.begin(connection, run.provider, at)
        return True


def keep_reading(world: World, run: Run, found: Agreements) -> None:
    """Put what was read in the place of what was read before. Raises: TurnLost; StoreError."""
    with world.store.writing() as connection:
        at = world.now()
        require_turn(connection, run, at)
        rows = [BilledAddition(run.provider, *addition) for addition in found.additions]
        agreements.replace(connection, run.provider, at, found.active, rows)
        leases.release(connection, run.id)


def fail_reading(world: World, run: Run, error: str) -> None:
    """Note why a reading failed; one whose turn was lost notes nothing. Raises: StoreError."""
    with world.store.writing() as connection:
        if leases.release(connection, run.id):
            agreements.fail(connection, run.provider, error)


def forget_reading(world: World, provider: str) -> None:
    """Delete what was read, because the settings do not have it read any more. Raises: StoreError."""
    with world.store.reading() as connection:
        if agreements.find(connection, provider) is None:
            return
    with world.store.writing() as connection:
        agreements.forget(connection, provider)


def lease_name(provider: str) -> str:
    """Return what a reading's lease is named by; no provider is named so."""
    return f"{provider}/agreements"


def _is_over(read: AgreementRead, rules: SyncSettings, world: World) -> bool:
    """Whether it is time for another reading."""
    if read.error or read.read_at is None or read.read_at < read.begun_at:
        return True
    return abs(world.now() - read.read_at) >= timedelta(hours=rules.full_every_hours)
