"""
What all records together teach, as a step of its own: measured, weighed by what it would change, put in force or held.

Measuring is a function of the records; being in force is an event. In between a person may look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.clustering.partition import Partition
from matching.evidence.identity import Identity
from matching.model import Key, Kind
from matching.policy import Policy
from service.core.errors import Conflict, NotFound
from service.core.workers import ALONE, Team
from service.resolution import whole_store
from service.resolution.impact import differences, effect
from service.resolution.persisting import Occasion, Settled
from service.store import calibrations, state, suppressed_values
from service.store.calibrations import Version, digest_of, policy_digest
from service.store.engine import Store

MAX_CHANGE = 0.01
"""Share of the devices that a calibration may change before it waits for a person."""

GROWN = 2
"""Times the records that taught a calibration, from which on it is a beginner's and a better one is not held."""

Outcome = Literal["unchanged", "in force", "held", "dropped"]


@dataclass(frozen=True)
class Recalibration:
    """
    What came of it: which version is in force, held or dropped now, and its report.

    `unchanged`: the records teach what is in force already, or what a person has dropped.
    """

    outcome: Outcome
    version: int | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


def recalibrate(  # noqa: PLR0913 - a use case, and how much it may change
    store: Store,
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    max_change: float = MAX_CHANGE,
    asked: bool = False,
) -> Recalibration:
    """
    Measure all records; put what they teach in force, or hold it if it would change too many devices.

    It is never held when it is the first, when the policy has changed, when a provider is new, and when there are
    `GROWN` times the records. `asked`: by a person, who may also look again at what was dropped.

    Raises:
        BadDecision: Two decisions contradict each other.
        StoreError: The database failed; nothing was changed.
    """
    with store.reading() as connection:
        if said := _said_before(connection, policy):
            return said
        seen = _See.all(connection, policy)
    with store.writing() as connection:
        if said := _said_before(connection, policy):
            return said
        if seen.of_version != state.version(connection):
            seen = _See.all(connection, policy)
        return _decide(connection, seen, Occasion(now(), new_id), max_change=max_change, asked=asked)


def accept(store: Store, policy: Policy, now: Callable[[], datetime], new_id: Callable[[], str]) -> Recalibration:
    """
    Put the held calibration in force.

    Raises:
        NotFound: None is held.
        Conflict: The policy has changed since it was measured.
        StoreError: The database failed; nothing was changed.
    """
    with store.writing() as connection:
        version, calibration = _held(connection)
        if version.policy != policy_digest(policy):
            raise Conflict("the policy has changed since that calibration was measured; run: samebox calibrate")
        found = whole_store.identities(connection, policy)
        calibrations.move(connection, "in force", "superseded")
        calibrations.move(connection, "held", "in force")
        for _ in _settle(connection, policy, found, calibration, Occasion(now(), new_id)):
            pass
        state.advance(connection)
    return Recalibration("in force", version.version, version.report)


def waiting(store: Store) -> Recalibration | None:
    """Return the calibration that waits for a person, if there is one. Raises: StoreError."""
    with store.reading() as connection:
        found = calibrations.held(connection)
    return Recalibration("held", found[0].version, found[0].report) if found else None


def drop(store: Store) -> Recalibration:
    """Drop the held calibration; it is not held again unless a person asks. Raises: NotFound; StoreError."""
    with store.writing() as connection:
        version, _ = _held(connection)
        calibrations.move(connection, "held", "dropped")
    return Recalibration("dropped", version.version, version.report)


def put_in_force(connection: Connection, policy: Policy, occasion: Occasion, team: Team = ALONE) -> Iterator[Settled]:
    """Measure all records and settle everything under what they teach. Raises: BadDecision."""
    seen = _See.all(connection, policy, team)
    yield from _enforce(connection, seen, occasion, {"why": _why(connection, seen) or "measured anew"}, team)


@dataclass(frozen=True)
class _See:
    """All records as of a version, and what they teach."""

    policy: Policy
    of_version: int
    identities: Sequence[Identity]
    learnt: Calibration

    @classmethod
    def all(cls, connection: Connection, policy: Policy, team: Team = ALONE) -> "_See":
        found = whole_store.identities(connection, policy, team)
        return cls(policy, state.version(connection), found, whole_store.measure(found, policy))

    @property
    def basis(self) -> dict[str, Any]:
        """How much it rests on."""
        providers = sorted({identity.key.provider for identity in self.identities})
        return {"records": len(self.identities), "providers": providers}


def _held(connection: Connection) -> tuple[Version, Calibration]:
    found = calibrations.held(connection)
    if found is None:
        raise NotFound("no calibration is held; `samebox calibrate` measures one")
    return found


def _said_before(connection: Connection, policy: Policy) -> Recalibration | None:
    """The answer, where these very records were measured before."""
    policy_now, version_now = policy_digest(policy), state.version(connection)
    for found, outcome in ((calibrations.held(connection), "held"), (calibrations.in_force(connection), "unchanged")):
        if found and found[0].policy == policy_now and found[0].of_version == version_now:
            return Recalibration("held" if outcome == "held" else "unchanged", found[0].version, found[0].report)
    return None


def _decide(connection: Connection, seen: _See, occasion: Occasion, *, max_change: float, asked: bool) -> Recalibration:
    known = calibrations.in_force(connection)
    policy, decisive = policy_digest(seen.policy), digest_of(seen.learnt)
    if known is None and not seen.identities:
        return Recalibration("unchanged")
    if known and known[0].policy == policy and known[0].digest == decisive:
        calibrations.move(connection, "held", "superseded")
        calibrations.confirm(connection, seen.of_version)
        suppressed_values.mirror(connection, seen.learnt)
        return Recalibration("unchanged", known[0].version, known[0].report)
    if not asked and calibrations.was_dropped(connection, policy, decisive):
        return Recalibration("unchanged", known[0].version if known else None)
    fleet = whole_store.assemble(connection, seen.identities, seen.policy, seen.learnt)
    report = {
        "why": _why(connection, seen),
        **differences(known[1] if known else Calibration(), seen.learnt),
        **effect(connection, fleet),
    }
    if report["why"] or report["devices_changed"] <= max_change * report["devices"]:
        return _put(connection, seen, occasion, report)
    version = calibrations.add(
        connection, seen.learnt, "held", occasion.at, seen.of_version, policy, {**report, **seen.basis}
    )
    return Recalibration("held", version.version, version.report)


def _why(connection: Connection, seen: _See) -> str:
    """Why a calibration is not held, however much it changes; empty where nothing excuses it."""
    known = calibrations.in_force(connection)
    if known is None:
        return "it is the first one"
    if known[0].policy != policy_digest(seen.policy):
        return "the policy has changed"
    if new := sorted({*seen.basis["providers"]} - {*known[0].report.get("providers", ())}):
        return f"new providers: {', '.join(new)}"
    before = known[0].report.get("records", 0)
    return f"{before} records were known before" if len(seen.identities) >= GROWN * before else ""


def _put(connection: Connection, seen: _See, occasion: Occasion, report: Mapping[str, Any]) -> Recalibration:
    state.advance(connection)
    for _ in _enforce(connection, replace(seen, of_version=seen.of_version + 1), occasion, report):
        pass
    known = calibrations.in_force(connection)
    return Recalibration("in force", known[0].version if known else None, report)


def _enforce(
    connection: Connection, seen: _See, occasion: Occasion, report: Mapping[str, Any], team: Team = ALONE
) -> Iterator[Settled]:
    calibrations.move(connection, "held", "superseded")
    policy = policy_digest(seen.policy)
    calibrations.add(
        connection, seen.learnt, "in force", occasion.at, seen.of_version, policy, {**report, **seen.basis}
    )
    yield from _settle(connection, seen.policy, seen.identities, seen.learnt, occasion, team)


def _settle(  # noqa: PLR0913, PLR0917 - the whole fleet, under what, and the world as arguments
    connection: Connection,
    policy: Policy,
    found: Sequence[Identity],
    calibration: Calibration,
    occasion: Occasion,
    team: Team = ALONE,
) -> Iterator[Settled]:
    """Settle everything under a calibration, and show what it holds for no evidence."""
    suppressed_values.mirror(connection, _with_holders(calibration, found))
    fleet: Partition = whole_store.assemble(connection, found, policy, calibration)
    yield from whole_store.settle_all(connection, fleet, occasion, team)


def _with_holders(calibration: Calibration, found: Sequence[Identity]) -> Calibration:
    """The calibration with the records that hold its shared values now: they are not stored with it."""
    holders: dict[tuple[Kind, str], list[Key]] = {pair: [] for pair in calibration.value_reasons}
    for identity in found if holders else ():
        for pair in (*identity.values(), *identity.weak):
            if pair in holders:
                holders[pair].append(identity.key)
    shared = (replace(each, holders=tuple(sorted(holders[each.kind, each.value]))) for each in calibration.shared)
    return replace(calibration, shared=tuple(shared))
