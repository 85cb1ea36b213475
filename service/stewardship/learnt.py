"""What the calibration in force has learnt, for people who ask why evidence counts or does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matching.calibration.trust import UntrustedField
from service.store.resolved import calibrations
from service.store.resolved.rules import RULES, policy_digest
from service.store.world import World


@dataclass(frozen=True)
class Learnt:
    """
    What a calibration has learnt, and from how many records.

    `complete` are providers that list every network adapter of a box, `catch_alls` companies whose boxes belong to many
    customers, each as `provider:id` with its name where it has one. `is_current` says that it was learnt under the
    policy and the rules that are in force now.
    """

    version: int
    at: datetime
    records: int
    untrusted: Sequence[UntrustedField]
    complete: Sequence[str]
    catch_alls: Sequence[tuple[str, str]]
    is_current: bool


def learnt_in_force(world: World) -> Learnt | None:
    """Return what devices follow from; None before the first calibration. Raises: StoreError."""
    with world.store.reading() as connection:
        found = calibrations.in_force(connection)
        policy = policy_digest(world.policy_in(connection))
    if found is None:
        return None
    version, calibration = found
    companies = calibration.companies
    return Learnt(
        version=version.version,
        at=version.at,
        records=version.report.get("records", 0),
        untrusted=calibration.untrusted,
        complete=sorted(calibration.complete),
        catch_alls=[(company, companies.names.get(company, "")) for company in sorted(companies.catch_alls)],
        is_current=(version.policy, version.rules) == (policy, RULES),
    )
