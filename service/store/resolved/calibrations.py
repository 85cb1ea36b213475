"""Calibrations, in versions: the one in force, the one that is held, and those that are superseded or dropped."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import Alignment, CompanyMap, Ground
from matching.calibration.trust import UntrustedField
from matching.codes import Code
from matching.model import Kind, SharedValue
from service.store.database.canonical_json import canonical_json, digest
from service.store.database.interface import KEPT
from service.store.database.tables import calibrations
from service.store.resolved.rules import RULES, Rules


class CalibrationStatus(Code):
    """Whether devices follow from a calibration."""

    IN_FORCE = "in_force", "in force", "Devices follow from it."
    HELD = "held", "held", "It would change many devices, and waits for a person."
    SUPERSEDED = "superseded", "superseded", "A later one took its place."
    DROPPED = "dropped", "dropped", "A person does not want it."


_IN_FORCE = calibrations.c.status == CalibrationStatus.IN_FORCE.value
_NAME = calibrations.c.version, calibrations.c.at, calibrations.c.digest
_RULING = select(*_NAME, calibrations.c.policy, calibrations.c.engine, calibrations.c.defaults).where(_IN_FORCE)

MOST_KEPT = 4
"""Calibrations that an open store keeps: the one in force, one that is held, and those of transactions rolled back."""


@dataclass(frozen=True, slots=True)
class Version:
    """
    A calibration as it was stored.

    `of_version` is the `state.version` of the records that taught it, `policy` and `digest` are those of
    `policy_digest` and `digest_of`, `engine` and `defaults` the `Rules` it was measured under, `report` says what it
    changed or would change.
    """

    version: int
    status: CalibrationStatus
    at: datetime
    of_version: int
    policy: str
    digest: str
    report: Mapping[str, Any]
    engine: int = RULES.engine
    defaults: str = RULES.defaults

    @property
    def rules(self) -> Rules:
        """The rules under which it was measured; devices follow from both."""
        return Rules(self.engine, self.defaults)


class Ruling(NamedTuple):
    """The calibration in force, the digest of its policy, and whether devices follow from the rules of this program."""

    policy: str
    calibration: Calibration
    is_current: bool


def digest_of(calibration: Calibration) -> str:
    """
    Return the SHA-256 of all in a calibration that decides anything.

    Counts and sentences move with every record, and a company that stands alone is what an unknown one is. Its spelling
    is for good: of a calibration that a person dropped nothing else is kept.
    """
    companies = calibration.companies
    decisive = {
        "suppressed_values": sorted(calibration.suppression.values),
        "untrusted_fields": sorted(calibration.suppression.fields),
        "complete": sorted(calibration.complete),
        "ambiguous_prefixes": sorted(calibration.ambiguous_prefixes),
        "customer": {company: customer for company, customer in companies.customer.items() if company != customer},
        "providers": {
            customer: sorted(providers)
            for customer, providers in companies.providers.items()
            if providers != {customer.partition(":")[0]}
        },
        "catch_alls": sorted(companies.catch_alls),
        **({"different": sorted(companies.different)} if companies.different else {}),
        **({"undivided": sorted(companies.undivided)} if companies.undivided else {}),
    }
    return digest(json.dumps(decisive, sort_keys=True, separators=(",", ":")))


def ruling(connection: Connection) -> Ruling | None:
    """Return the calibration in force without its report; None before the first one."""
    row = connection.execute(_RULING).one_or_none()
    if row is None:
        return None
    is_current = Rules(row.engine, row.defaults) == RULES
    return Ruling(row.policy, _calibration(connection, (row.version, row.at, row.digest)), is_current)


def in_force(connection: Connection) -> tuple[Version, Calibration] | None:
    """Return the calibration that devices follow from, None before the first one."""
    return _with_status(connection, CalibrationStatus.IN_FORCE)


def held(connection: Connection) -> tuple[Version, Calibration] | None:
    """Return the calibration that waits for a person."""
    return _with_status(connection, CalibrationStatus.HELD)


def was_dropped(connection: Connection, policy: str, decisive: str) -> bool:
    """Whether a person has dropped such a calibration, measured under the rules of this program."""
    table = calibrations.c
    query = select(table.version).where(
        table.status == CalibrationStatus.DROPPED.value,
        *(table.policy == policy, table.digest == decisive),
        *(table.engine == RULES.engine, table.defaults == RULES.defaults),
    )
    return connection.execute(query.limit(1)).first() is not None


def add(  # noqa: PLR0913, PLR0917 - a column each
    connection: Connection,
    calibration: Calibration,
    status: CalibrationStatus,
    at: datetime,
    of_version: int,
    policy: str,
    report: Mapping[str, Any],
) -> Version:
    """Store a calibration as the next version; what had its status is superseded."""
    move(connection, status, CalibrationStatus.SUPERSEDED)
    last = connection.execute(select(func.max(calibrations.c.version))).scalar_one()
    version = Version((last or 0) + 1, status, at, of_version, policy, digest_of(calibration), report)
    row = {
        **asdict(version),
        "status": str(version.status),
        "report": canonical_json(report),
        "body": canonical_json(_as_json(calibration)),
    }
    connection.execute(insert(calibrations), row)
    return version


def move(
    connection: Connection, status: CalibrationStatus, to: CalibrationStatus, report: Mapping[str, Any] | None = None
) -> None:
    """Give the version of one status, if there is one, another; of one that is over only the report is kept."""
    values: dict[str, Any] = {"status": to.value}
    if to in {CalibrationStatus.SUPERSEDED, CalibrationStatus.DROPPED}:
        values["body"] = "{}"
    if report is not None:
        values["report"] = canonical_json(report)
    connection.execute(update(calibrations).where(calibrations.c.status == status.value).values(values))


def confirm(connection: Connection, of_version: int) -> None:
    """Say that the records of a later version teach the same as the calibration in force, by the present rules."""
    values = {"of_version": of_version, **RULES._asdict()}
    connection.execute(update(calibrations).where(_IN_FORCE).values(values))


def index_under(connection: Connection, policy: str) -> None:
    """Say that blocking keys are made under the calibration in force and a policy, whose digest this is."""
    connection.execute(update(calibrations).where(_IN_FORCE).values(policy=policy))


def _with_status(connection: Connection, status: CalibrationStatus) -> tuple[Version, Calibration] | None:
    columns = [column for column in calibrations.c if column is not calibrations.c.body]
    row = connection.execute(select(*columns).where(calibrations.c.status == status.value)).one_or_none()
    if row is None:
        return None
    named = {name: getattr(row, name) for name in ("version", "at", "of_version", "policy", "digest", *Rules._fields)}
    version = Version(**named, status=status, report=json.loads(row.report))
    return version, _calibration(connection, (version.version, version.at, version.digest))


def _calibration(connection: Connection, name: tuple[int, datetime, str]) -> Calibration:
    """
    Return a calibration by its version, time and digest: a transaction that is rolled back leaves its version free.

    It takes long to read, and every change of a record asks for the one in force, so the store keeps it.
    """
    kept: dict[tuple[int, datetime, str], Calibration] = connection.get_execution_options()[KEPT]
    known = kept.get(name)
    if known is None:
        query = select(calibrations.c.body).where(calibrations.c.version == name[0])
        known = _from_json(json.loads(connection.execute(query).scalar_one()))
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[name] = known
    return known


def _as_json(calibration: Calibration) -> dict[str, Any]:
    """Everything but the holders of shared values: those are not part of what was learnt, and many."""
    companies = calibration.companies
    return {
        "suppressed_values": [[shared.kind, shared.value, shared.reason] for shared in calibration.shared],
        "untrusted_fields": [[each.provider, each.kind, each.pairs, each.agreeing] for each in calibration.untrusted],
        "complete": sorted(calibration.complete),
        "ambiguous_prefixes": sorted(calibration.ambiguous_prefixes),
        "companies": {
            "customer": dict(companies.customer),
            "providers": {customer: sorted(providers) for customer, providers in companies.providers.items()},
            "why": [list(pair) for pair in companies.why],
            "catch_alls": sorted(companies.catch_alls),
            "different": sorted(companies.different),
            "undivided": sorted(companies.undivided),
            "names": dict(companies.names),
        },
    }


def _from_json(body: Mapping[str, Any]) -> Calibration:
    companies = body["companies"]
    return Calibration(
        tuple(SharedValue(Kind(kind), value, reason) for kind, value, reason in body["suppressed_values"]),
        tuple(UntrustedField(provider, Kind(kind), *counts) for provider, kind, *counts in body["untrusted_fields"]),
        CompanyMap(
            companies["customer"],
            {customer: frozenset(providers) for customer, providers in companies["providers"].items()},
            tuple(_alignment(*row) for row in companies["why"]),
            frozenset(companies["catch_alls"]),
            # earlier calibrations had none of these
            frozenset((one, other) for one, other in companies.get("different", ())),
            frozenset((one, other) for one, other in companies.get("undivided", ())),
            companies.get("names", {}),
        ),
        frozenset(body["complete"]),
        frozenset((customer, start) for customer, start in body.get("ambiguous_prefixes", ())),  # earlier ones had none
    )


def _alignment(left: str, right: str, ground: str, boxes: int | None = None) -> Alignment:
    """Read an alignment; earlier ones gave a sentence in place of the ground, and no number."""
    if boxes is not None:
        return Alignment(left, right, Ground(ground), boxes)
    number, _, label = ground.rpartition(" shared boxes, ")
    return Alignment(left, right, next(each for each in Ground if each.label == label), int(number or 0))
