"""
Correct the policy: people add entries to what the settings say of matching, and take them back.

An entry stands until it is revoked, and none is ever deleted. It takes effect at once: what all records teach is
measured anew, and the devices follow, in the same transaction. The settings outweigh: an entry against them is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from matching.errors import UnusableValue
from matching.policy import Policy, PolicyEntry, PolicyEntryKind
from matching.values.normalise import NORMALISERS
from service.core.errors import NotFound, Unprocessable
from service.resolution.recalibration import Measured, RecalibrationOutcome, recalibrate
from service.stewardship.deciding import name, text
from service.stewardship.entry_contradictions import refuse_contradiction, spelled
from service.stewardship.recalibrating import Recalibrating
from service.store.resolved import calibrations
from service.store.resolved.changes import CauseKind
from service.store.resolved.recalibrations import RecalibrationKind
from service.store.stewardship import policy_entries
from service.store.stewardship.policy_entries import StoredPolicyEntry
from service.store.world import Cause, World


class PolicyEntryView(BaseModel):
    """What a person added to the policy."""

    id: str = Field(description="The entry's id.", examples=["0192f0c3-2b1d-7c55-9a01-6c0e5d7f1b20"])
    kind: PolicyEntryKind = Field(description="What it says.", examples=["different_customers"])
    subject: str = Field(description="A company, as `provider:id`; or the kind of a value.", examples=["cw_manage:250"])
    value: str = Field(description="The other company; or the value, canonical.", examples=["ninjaone:HS"])
    by: str = Field(description="Who made it.", examples=["anna"])
    why: str = Field(description="The reason they gave.", examples=["two firms in one building"])
    at: datetime = Field(description="When it was made, UTC.")
    revoked_at: datetime | None = Field(description="When it was taken back; null while it stands.")
    revoked_by: str | None = Field(description="Who took it back.")
    revoked_why: str | None = Field(description="Why they did.")

    @classmethod
    def of(cls, stored: StoredPolicyEntry) -> Self:
        """Return an entry as it is shown."""
        kind, subject, value = stored.entry
        return cls(
            id=stored.id,
            kind=kind,
            subject=subject,
            value=value,
            by=stored.by,
            why=stored.why,
            at=stored.at,
            revoked_at=stored.revoked_at,
            revoked_by=stored.revoked_by,
            revoked_why=stored.revoked_why,
        )

    @property
    def entry(self) -> PolicyEntry:
        """What it says."""
        return PolicyEntry(self.kind, self.subject, self.value)


@dataclass(frozen=True)
class Corrected:
    """Entries that were made or taken back, and how many devices have other records since."""

    entries: Sequence[PolicyEntryView]
    devices_changed: int


def of_companies(kind: PolicyEntryKind, one: str, other: str) -> PolicyEntry:
    """Return an entry about two companies. Raises: Unprocessable, where both are one."""
    if one == other:
        raise Unprocessable("a customer is corrected by two companies, and both are the same one")
    return PolicyEntry(kind, *sorted((one, other)))


def of_value(kind: PolicyEntryKind, value_kind: str, value: str) -> PolicyEntry:
    """Return an entry about a value, in any notation. Raises: Unprocessable, where it is none of its kind."""
    if value_kind not in NORMALISERS:
        raise Unprocessable(f"there is no kind {value_kind[:100]!r}; there are {', '.join(NORMALISERS)}")
    try:
        return PolicyEntry(kind, value_kind, NORMALISERS[value_kind](value))
    except UnusableValue as error:
        raise Unprocessable(f"that is no {value_kind}: {error}") from None


def list_entries(world: World) -> list[PolicyEntryView]:
    """Return all entries, also those that were revoked, the latest first."""
    with world.store.reading() as connection:
        return [PolicyEntryView.of(each) for each in reversed(policy_entries.every(connection))]


def company_names(world: World) -> Mapping[str, str]:
    """Return the most frequent name of each company that a provider lists."""
    with world.store.reading() as connection:
        found = calibrations.in_force(connection)
    return found[1].companies.names if found else {}


def policy_with(world: World, wanted: Sequence[PolicyEntry]) -> Policy:
    """
    Return the policy in force with further entries, to be tried.

    Raises:
        NotFound, Conflict: As of `correct`.
    """
    with world.store.reading() as connection:
        for entry in wanted:
            _require_sense(connection, world.settings_policy, entry)
        standing = [each.entry for each in policy_entries.standing(connection)]
    return world.settings_policy.with_entries([*standing, *wanted])


def policy_without(world: World, entry_id: str) -> Policy:
    """Return the policy in force without an entry, to be tried. Raises: NotFound."""
    with world.store.reading() as connection:
        _standing(connection, entry_id)
        left = [each.entry for each in policy_entries.standing(connection) if each.id != entry_id]
    return world.settings_policy.with_entries(left)


def correct(
    world: World, wanted: Sequence[PolicyEntry], by: str, why: str, measured: Measured | None = None
) -> Corrected:
    """
    Add entries to the policy, and bring the devices up to date, in one transaction; what stands already is left out.

    Args:
        measured: What the records teach with them, if that was measured before (`policy_with`).

    Raises:
        NotFound: No provider lists such a company.
        Conflict: The settings, or entries that stand, speak against it; all of them are named.
        Unprocessable: A text cannot be stored.
    """
    who, reason = name(by), text("why", why)
    with world.store.writing() as connection:
        within = world.within(connection)
        standing = {each.entry for each in policy_entries.standing(connection)}
        made = []
        for entry in dict.fromkeys(wanted):
            if entry in standing:
                continue
            _require_sense(connection, world.settings_policy, entry)
            new = StoredPolicyEntry(world.new_id(), entry, who, reason, world.now())
            policy_entries.add(connection, new)
            made.append(PolicyEntryView.of(new))
        if not made:
            return Corrected([], 0)
        said = "; ".join(spelled(each.entry) for each in made)
        cause = {CauseKind.CORRECTED.value: made[0].id, "entry": said, "by": who, "why": reason}
        return Corrected(made, _follow(within, cause, measured))


def revoke_entry(world: World, entry_id: str, by: str, why: str, measured: Measured | None = None) -> Corrected:
    """
    Revoke an entry; nothing that rested on it stays. One that is revoked already is returned.

    Args:
        measured: What the records teach without it, if that was measured before (`policy_without`).

    Raises:
        NotFound: No entry has that id.
        Unprocessable: A text cannot be stored.
    """
    who, reason = name(by), text("why", why)
    with world.store.writing() as connection:
        found = policy_entries.by_id(connection, entry_id)
        if found is None:
            raise _no_entry(entry_id)
        if found.revoked_at is not None:
            return Corrected([PolicyEntryView.of(found)], 0)
        at = world.now()
        policy_entries.revoke(connection, found.id, who, reason, at)
        revoked = replace(found, revoked_at=at, revoked_by=who, revoked_why=reason)
        cause = {CauseKind.UNCORRECTED.value: found.id, "entry": spelled(found.entry), "by": who, "why": reason}
        return Corrected([PolicyEntryView.of(revoked)], _follow(world.within(connection), cause, measured))


def correction(world: World, entry: PolicyEntry, by: str, why: str) -> Recalibrating:
    """Return what adds an entry to the policy later (`correct`). Raises: what that does."""
    who, reason = name(by), text("why", why)
    policy = policy_with(world, [entry])

    def carry_out(within: World, measured: Measured | None) -> int:
        return correct(within, [entry], who, reason, measured).devices_changed

    return Recalibrating(RecalibrationKind.CORRECTION, spelled(entry), who, policy, carry_out)


def revocation(world: World, entry_id: str, by: str, why: str) -> Recalibrating:
    """Return what revokes an entry later (`revoke_entry`). Raises: NotFound: it does not stand; Unprocessable."""
    who, reason = name(by), text("why", why)
    with world.store.reading() as connection:
        entry = _standing(connection, entry_id).entry
    policy = policy_without(world, entry_id)

    def carry_out(within: World, measured: Measured | None) -> int:
        return revoke_entry(within, entry_id, who, reason, measured).devices_changed

    return Recalibrating(RecalibrationKind.REVOCATION, spelled(entry), who, policy, carry_out)


def _follow(world: World, cause: Cause, measured: Measured | None) -> int:
    """Put the policy in force; return how many devices have other records. A calibration that was dropped is no bar."""
    done = recalibrate(world, asked=True, measured=measured, cause=cause)
    return int(done.report["devices_changed"]) if done.outcome is RecalibrationOutcome.IN_FORCE else 0


def _standing(connection: Connection, entry_id: str) -> StoredPolicyEntry:
    found = policy_entries.by_id(connection, entry_id)
    if found is None or found.revoked_at is not None:
        raise _no_entry(entry_id)
    return found


def _no_entry(entry_id: str) -> NotFound:
    return NotFound(f"no entry of the policy {entry_id[:100]!r} stands")


def _require_sense(connection: Connection, settings: Policy, entry: PolicyEntry) -> None:
    """Refuse an entry about what nobody lists, or against what the settings or other people say."""
    found = calibrations.in_force(connection)
    names = found[1].companies.names if found else {}
    if entry.kind.is_of_companies:
        for company in sorted(entry.companies - names.keys()):
            raise NotFound(f"no provider lists a company {company[:200]!r}; write it as provider:id")
    refuse_contradiction(settings, policy_entries.standing(connection), names, entry)
