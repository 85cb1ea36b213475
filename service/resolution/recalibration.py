"""
Calibration as a step of its own: measured on all records, weighed by what it would change, put in force or held.

The calibration depends on the records alone. Putting it in force is a separate step, which a person may review first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.codes import Code
from matching.evidence.identity import Identity
from matching.model import Key, Kind
from matching.policy import Policy
from service.core.errors import Conflict, NotFound
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution import whole_store
from service.resolution.held_rules import because_of_rules
from service.resolution.impact import aligned_by_hardware_alone, differences, effect
from service.resolution.persisting import Persisted
from service.store import state
from service.store.indexes import suppressed_values
from service.store.resolved import calibrations
from service.store.resolved.calibrations import CalibrationStatus, Version, digest_of
from service.store.resolved.changes import CauseKind
from service.store.resolved.rules import RULES, policy_digest
from service.store.world import Cause, ChangeContext, World

MAX_CHANGE = 0.01
"""Share of the devices that a calibration may change before it waits for a person."""

GROWN = 2
"""Times as many records as taught the calibration in force: from here on a better one is not held."""


class RecalibrationOutcome(Code):
    """What came of measuring all records."""

    UNCHANGED = "unchanged", "unchanged", "The records teach what is in force already, or what a person has dropped."
    IN_FORCE = "in_force", "in force", "What the records teach is in force now, and the devices follow it."
    HELD = "held", "held", "It would change too many devices, and waits for a person."
    DROPPED = "dropped", "dropped", "A person dropped it; the calibration before it stays in force."


@dataclass(frozen=True)
class Recalibration:
    """What came of it: the outcome, the version that it is about, and the report of what it changes."""

    outcome: RecalibrationOutcome
    version: int | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """All records as of a version of the store, and what they teach under a policy."""

    policy: Policy
    of_version: int
    identities: Sequence[Identity]
    calibration: Calibration

    @property
    def basis(self) -> dict[str, Any]:
        """How much it rests on, and what of it a person should look at, whether it is new or not."""
        providers = sorted({identity.key.provider for identity in self.identities})
        by_hardware = aligned_by_hardware_alone(self.calibration, self.identities)
        return {"records": len(self.identities), "providers": providers, "aligned_by_hardware_alone": by_hardware}


def measure(world: World, policy: Policy) -> Measured:
    """Return what all records teach under a policy, while others write. Raises: StoreError."""
    with world.store.reading() as connection:
        return _measure(connection, policy)


def recalibrate(
    world: World,
    *,
    max_change: float = MAX_CHANGE,
    asked: bool = False,
    measured: Measured | None = None,
    cause: Cause | None = None,
) -> Recalibration:
    """
    Measure all records; put what they teach in force, or hold it if it would change too many devices.

    It is never held when it is the first, and when an operator has changed the policy. Where the rules are those of a
    new version, or defaults of the policy are, nothing else excuses it; otherwise it is not held when a provider is
    new, and when there are `GROWN` times the records.

    Args:
        max_change: Share of the devices, 0 to 1, beyond which it is held.
        asked: Whether a person asks, who may also look again at what was dropped.
        measured: What was measured before; it counts if it is of the policy in force and of all that is stored now.
        cause: What makes the devices change, where it is not the records alone.

    Raises:
        BadDecision: Two decisions contradict each other.
        StoreError: The database failed; nothing was changed.
    """
    with world.store.reading() as connection:
        policy = world.policy_in(connection)
        if known := _measured_before(connection, policy):
            return known
        if measured is None or measured.policy != policy:
            measured = _measure(connection, policy)
    with world.store.writing() as connection:
        policy = world.policy_in(connection)
        if known := _measured_before(connection, policy):
            return known
        if (measured.of_version, measured.policy) != (state.version(connection), policy):
            measured = _measure(connection, policy)
        return _decide(connection, measured, world.change(connection, cause), max_change=max_change, asked=asked)


def follows_policy(world: World) -> bool:
    """Whether the devices follow from the policy of this process; if not, the next change resolves everything anew."""
    with world.store.reading() as connection:
        ruling = calibrations.ruling(connection)
        return ruling is not None and ruling.policy == policy_digest(world.policy_in(connection))


def accept(world: World) -> Recalibration:
    """
    Put the held calibration in force.

    Raises:
        NotFound: None is held.
        Conflict: The policy, or the version of the rules, has changed since it was measured.
        StoreError: The database failed; nothing was changed.
    """
    with world.store.writing() as connection:
        version, calibration = _held(connection)
        if version.policy != policy_digest(world.policy_in(connection)):
            raise Conflict("the policy has changed since that calibration was measured; run: samebox calibrate")
        if version.rules != RULES:
            raise Conflict("another version of samebox measured that calibration; run: samebox calibrate")
        context = _with_cause(connection, world.change(connection))
        identities = whole_store.identify_all(connection, world.policy_in(connection))
        calibrations.move(connection, CalibrationStatus.IN_FORCE, CalibrationStatus.SUPERSEDED)
        calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.IN_FORCE)
        for _ in _persist(connection, identities, calibration, context):
            pass
        state.advance(connection)
    return Recalibration(RecalibrationOutcome.IN_FORCE, version.version, version.report)


def waiting(world: World) -> Recalibration | None:
    """Return the calibration that waits for a person, if there is one. Raises: StoreError."""
    with world.store.reading() as connection:
        found = calibrations.held(connection)
    return Recalibration(RecalibrationOutcome.HELD, found[0].version, found[0].report) if found else None


def drop(world: World) -> Recalibration:
    """Drop the held calibration; it is not held again unless a person asks. Raises: NotFound; StoreError."""
    with world.store.writing() as connection:
        version, _ = _held(connection)
        calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.DROPPED)
    return Recalibration(RecalibrationOutcome.DROPPED, version.version, version.report)


def put_in_force(connection: Connection, context: ChangeContext, pool: WorkerPool = NO_WORKERS) -> Iterator[Persisted]:
    """Measure all records and persist everything under what they teach. Raises: BadDecision."""
    measured = _measure(connection, context.policy, pool)
    why = _why_not_held(connection, measured) or "measured anew"
    yield from _enforce(connection, measured, context, {"why": why}, pool)


def _measure(connection: Connection, policy: Policy, pool: WorkerPool = NO_WORKERS) -> Measured:
    identities = whole_store.identify_all(connection, policy, pool)
    calibration = whole_store.calibrate_all(identities, policy)
    return Measured(policy, state.version(connection), identities, calibration)


def _held(connection: Connection) -> tuple[Version, Calibration]:
    found = calibrations.held(connection)
    if found is None:
        raise NotFound("no calibration is held; `samebox calibrate` measures one")
    return found


def _measured_before(connection: Connection, policy: Policy) -> Recalibration | None:
    """The answer, where these very records were measured under this policy before."""
    version, digest = state.version(connection), policy_digest(policy)
    for found, outcome in (
        (calibrations.held(connection), RecalibrationOutcome.HELD),
        (calibrations.in_force(connection), RecalibrationOutcome.UNCHANGED),
    ):
        if found and (found[0].policy, found[0].rules, found[0].of_version) == (digest, RULES, version):
            return Recalibration(outcome, found[0].version, found[0].report)
    return None


def _decide(
    connection: Connection, measured: Measured, context: ChangeContext, *, max_change: float, asked: bool
) -> Recalibration:
    known = calibrations.in_force(connection)
    policy, digest = policy_digest(measured.policy), digest_of(measured.calibration)
    if known is None and not measured.identities:
        return Recalibration(RecalibrationOutcome.UNCHANGED)
    is_same = known is not None and (known[0].policy, known[0].digest) == (policy, digest)
    if known and is_same and known[0].rules == RULES:
        calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.SUPERSEDED)
        calibrations.confirm(connection, measured.of_version)
        suppressed_values.mirror(connection, measured.calibration)
        return Recalibration(RecalibrationOutcome.UNCHANGED, known[0].version, known[0].report)
    if not asked and calibrations.was_dropped(connection, policy, digest):
        return Recalibration(RecalibrationOutcome.UNCHANGED, known[0].version if known else None)
    report = _report(connection, measured, known[1] if known else Calibration())
    if known and is_same and not report["devices_changed"]:
        return _confirm_rules(connection, measured, context, report)
    if report["why"] or report["devices_changed"] <= max_change * report["devices"]:
        return _put(connection, measured, context, report)
    version = calibrations.add(
        connection,
        measured.calibration,
        CalibrationStatus.HELD,
        context.at,
        measured.of_version,
        policy,
        {**report, **measured.basis},
    )
    return Recalibration(RecalibrationOutcome.HELD, version.version, version.report)


def _report(connection: Connection, measured: Measured, before: Calibration) -> dict[str, Any]:
    """Why it is not held, if anything excuses it, and what it changes."""
    whole = whole_store.partition_all(connection, measured.identities, measured.policy, measured.calibration)
    why = _why_not_held(connection, measured)
    rules = _rules_changed(connection)
    return {"why": why, **rules, **differences(before, measured.calibration), **effect(connection, whole)}


def _rules_changed(connection: Connection) -> dict[str, Any]:
    """The versions of the rules that devices follow from and are to follow from, where they differ."""
    known = calibrations.in_force(connection)
    if known is None or known[0].rules == RULES:
        return {}
    return {CauseKind.RULES_CHANGED.value: {"from": known[0].engine, "to": RULES.engine}}


def _with_cause(connection: Connection, context: ChangeContext) -> ChangeContext:
    """The context of what is put in force now: its cause are the rules, where they are others than before."""
    return because_of_rules(context) if _rules_changed(connection) else context


def _confirm_rules(
    connection: Connection, measured: Measured, context: ChangeContext, report: Mapping[str, Any]
) -> Recalibration:
    """Put other rules in force that teach the same and leave every device its records."""
    caused = _with_cause(connection, context)
    calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.SUPERSEDED)
    calibrations.confirm(connection, measured.of_version)
    persisted = list(_persist(connection, measured.identities, measured.calibration, caused))
    if any(each.rows.total() for each in persisted):
        state.advance(connection)
        calibrations.confirm(connection, measured.of_version + 1)
    known = calibrations.in_force(connection)
    return Recalibration(RecalibrationOutcome.UNCHANGED, known[0].version if known else None, report)


def _why_not_held(connection: Connection, measured: Measured) -> str:
    """Why a calibration is not held, however much it changes; empty where nothing excuses it."""
    known = calibrations.in_force(connection)
    if known is None:
        return "it is the first one"
    if known[0].policy != policy_digest(measured.policy):
        return "the policy has changed"
    if known[0].rules != RULES:
        return ""
    if new := sorted({*measured.basis["providers"]} - {*known[0].report.get("providers", ())}):
        return f"new providers: {', '.join(new)}"
    before = known[0].report.get("records", 0)
    return f"{before} records were known before" if len(measured.identities) >= GROWN * before else ""


def _put(
    connection: Connection, measured: Measured, context: ChangeContext, report: Mapping[str, Any]
) -> Recalibration:
    state.advance(connection)
    for _ in _enforce(connection, replace(measured, of_version=measured.of_version + 1), context, report):
        pass
    known = calibrations.in_force(connection)
    return Recalibration(RecalibrationOutcome.IN_FORCE, *((known[0].version, known[0].report) if known else ()))


def _enforce(
    connection: Connection,
    measured: Measured,
    context: ChangeContext,
    report: Mapping[str, Any],
    pool: WorkerPool = NO_WORKERS,
) -> Iterator[Persisted]:
    caused = _with_cause(connection, context)
    calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.SUPERSEDED)
    calibrations.add(
        connection,
        measured.calibration,
        CalibrationStatus.IN_FORCE,
        context.at,
        measured.of_version,
        policy_digest(measured.policy),
        {**report, **measured.basis},
    )
    yield from _persist(connection, measured.identities, measured.calibration, caused, pool)


def _persist(
    connection: Connection,
    identities: Sequence[Identity],
    calibration: Calibration,
    context: ChangeContext,
    pool: WorkerPool = NO_WORKERS,
) -> Iterator[Persisted]:
    """Persist everything under a calibration, and show what it suppresses."""
    suppressed_values.mirror(connection, _with_holders(calibration, identities))
    whole = whole_store.partition_all(connection, identities, context.policy, calibration)
    yield from whole_store.persist_all(connection, whole, context, pool)


def _with_holders(calibration: Calibration, found: Sequence[Identity]) -> Calibration:
    """The calibration with the records that hold its shared values now: they are not stored with it."""
    holders: dict[tuple[Kind, str], list[Key]] = {pair: [] for pair in calibration.value_reasons}
    for identity in found if holders else ():
        for pair in (*identity.values(), *identity.weak):
            if pair in holders:
                holders[pair].append(identity.key)
    shared = (replace(each, holders=tuple(sorted(holders[each.kind, each.value]))) for each in calibration.shared)
    return replace(calibration, shared=tuple(shared))
