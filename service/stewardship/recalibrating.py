"""
Put what a person says in force beside the service: all records are measured and resolved anew, which takes a while.

The person is answered at once and follows it. It is one transaction: a process that dies in the middle of it has
changed nothing. One is under way at a time, across processes and machines.
"""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from sqlalchemy import Connection

from matching.codes import Code
from matching.errors import MatchingError
from matching.policy import Policy
from service.core.errors import Busy, Conflict, NotFound, ServiceError
from service.resolution.recalibration import Measured, accept, measure, waiting
from service.store.ingested import leases
from service.store.ingested.leases import Lease
from service.store.resolved import recalibrations
from service.store.resolved.recalibrations import RecalibrationKind, StoredRecalibration
from service.store.world import World

LEASE = "recalibration"
"""What stands for the provider in the lease: a recalibration is about all of them."""

LONGEST = timedelta(hours=1)
"""How long one that gives no sign of its end is taken for one under way, where nobody can see its process."""

DEFECT = "a defect in the service, of which its log has the details, ended it"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recalibrating:
    """
    What a person wants to be in force, before it is.

    Args:
        what: The same in words.
        policy: The policy that will be in force then; None where it stays the same, and nothing is to be measured.
        carry_out: What does it in a transaction, and returns how many devices have other records since; it is given
            what the records teach under the policy.
    """

    kind: RecalibrationKind
    what: str
    by: str
    policy: Policy | None
    carry_out: Callable[[World, Measured | None], int]


class RecalibrationState(Code):
    """How far it is, or how it ended."""

    RUNNING = "running", "under way", "All records are measured and resolved anew."
    SUCCEEDED = "succeeded", "in force", "The devices follow it."
    FAILED = "failed", "failed", "Nothing was changed."
    INTERRUPTED = "interrupted", "interrupted", "Its process ended before it did, so nothing was changed. Do it again."


@dataclass(frozen=True)
class RecalibrationView:
    """One of them, and its state."""

    stored: StoredRecalibration
    state: RecalibrationState


class BackgroundRecalibrations:
    """Carries out what people put in force, each in a thread of its own, in a world whose writers are patient."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin(self, world: World, wanted: Recalibrating) -> str:
        """
        Note it, begin with it, and return its id.

        Raises:
            Busy: Another one is under way.
            StoreError: The database failed.
        """
        with world.store.reading() as connection:
            _require_none(world, connection)  # who writes now may be the other one: nobody should wait for it
        with world.store.writing() as connection:
            _require_none(world, connection)
            at = world.now()
            new = StoredRecalibration(world.new_id(), wanted.kind, wanted.what, wanted.by, at)
            name = f"{socket.gethostname()}, process {os.getpid()}"
            leases.put(connection, Lease(LEASE, new.id, name, at + LONGEST, world.processes.own()))
            recalibrations.add(connection, new)
        # A daemon: the service that is told to end does not wait for it, and what it has not stored counts for nothing.
        arguments = self._world.acting(world.actor), new.id, wanted
        Thread(target=_carry_out, args=arguments, name="recalibration", daemon=True).start()
        return new.id


def acceptance(version: int | None, by: str) -> Recalibrating:
    """Return what puts the held calibration in force later, unless another one is held by then."""

    def carry_out(within: World, _: Measured | None) -> int:
        held = waiting(within)
        if held is None or held.version != version:
            raise Conflict("another calibration waits by now, or none; look at it first")
        return int(accept(within).report["devices_changed"])

    return Recalibrating(RecalibrationKind.ACCEPTANCE, f"Calibration {version}", by, None, carry_out)


def find_recalibration(world: World, recalibration_id: str) -> RecalibrationView:
    """Return how far one is, or how it ended. Raises: NotFound."""
    with world.store.reading() as connection:
        found = recalibrations.find(connection, recalibration_id)
        lease = leases.find(connection, LEASE)
    if found is None:
        raise NotFound(f"nothing that was put in force has the id {recalibration_id[:100]!r}")
    return RecalibrationView(found, _state(world, found, lease))


def latest_recalibrations(world: World, count: int) -> list[RecalibrationView]:
    """Return the latest of them, the last one first."""
    with world.store.reading() as connection:
        found = recalibrations.latest(connection, count)
        lease = leases.find(connection, LEASE)
    return [RecalibrationView(each, _state(world, each, lease)) for each in found]


def _state(world: World, stored: StoredRecalibration, lease: Lease | None) -> RecalibrationState:
    if stored.finished_at is not None:
        return RecalibrationState.FAILED if stored.error else RecalibrationState.SUCCEEDED
    is_held = lease is not None and lease.sync_id == stored.id and _holder(world, lease, world.now())
    return RecalibrationState.RUNNING if is_held else RecalibrationState.INTERRUPTED


def _require_none(world: World, connection: Connection) -> None:
    """Raises: Busy."""
    if holder := _holder(world, leases.find(connection, LEASE), world.now()):
        raise Busy(f"somebody puts something else in force now ({holder}); wait for its end, and do it again")


def _holder(world: World, lease: Lease | None, at: datetime) -> str | None:
    """Who is at work now; None: nobody. A lease that ends later than any that could be given counts for nothing."""
    if lease is None or not at < lease.expires_at <= at + LONGEST:
        return None
    return None if lease.process and world.processes.is_gone(lease.process) else lease.holder


def _carry_out(world: World, recalibration_id: str, wanted: Recalibrating) -> None:
    """Measure while others write, then do it in one transaction, with the note of its end."""
    error: str | None = DEFECT
    try:
        measured = measure(world, wanted.policy) if wanted.policy else None
        with world.store.writing() as connection:
            changed = wanted.carry_out(world.within(connection), measured)
            recalibrations.finish(connection, recalibration_id, world.now(), changed)
            leases.release(connection, recalibration_id)
        error = None
    except (ServiceError, MatchingError) as failure:
        error = str(failure)
    finally:
        if error is not None:
            _note_failure(world, recalibration_id, error)


def _note_failure(world: World, recalibration_id: str, error: str) -> None:
    """Note why nothing was changed; where that fails too, the lease says that it was interrupted."""
    try:
        with world.store.writing() as connection:
            recalibrations.finish(connection, recalibration_id, world.now(), error)
            leases.release(connection, recalibration_id)
    except ServiceError:
        logger.exception("what a person put in force failed (%s), and so did the note of it", error)
