"""
Find the devices that one side lists and the other does not: one row for each device in use.

An agent without a configuration in the PSA is work that nobody bills; a configuration without an agent is
billed and not looked after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pydantic import BaseModel, Field

from matching.codes import Code
from matching.evidence.identity import is_live
from matching.model import Record, key_of
from matching.policy import Policy
from service.devices.lookup import DeviceView
from service.reports.formats import Document, Row
from service.reports.listings import listed, text


class CoverageGap(Code):
    """What follows from that one side does not list a device."""

    UNBILLED = "unbilled", "unbilled", "An RMM lists it in use, and the PSA does not."
    UNMANAGED = "unmanaged", "unmanaged", "The PSA lists it in use, and no RMM does."


VERDICTS = {CoverageGap.UNBILLED: "managed, not billed", CoverageGap.UNMANAGED: "billed, not managed"}
"""What a gap means for the service provider."""


class CoverageSide(Code):
    """A side that may list a device."""

    PSA = "psa", "PSA", "The system whose rows people keep and bill."
    RMM = "rmm", "RMM", "The systems whose agents report what they measure."


class CoverageRow(Row):
    """One device in use."""

    company: str | None = Field(description="Name of the customer.", examples=["Acme Inc."])
    type: str | None = Field(description="What the device is.", examples=["Laptop"])
    hostname: str | None = Field(description="The device's hostname.", examples=["acme-lt-0421"])
    name: str | None = Field(description="Its display name.", examples=["ACME-LT-0421"])
    serial: str | None = Field(description="The device's serial number.", examples=["5CG1234ABC"])
    device_id: str = Field(description="The device.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    gap: CoverageGap | None = Field(
        description="`unbilled`: in an RMM, not in the PSA. `unmanaged`: in the PSA, in no RMM."
    )
    missing: CoverageSide | None = Field(description="The side that does not list it as in use.")
    providers: str = Field(description="Who lists it as in use.", examples=["cw_manage, cw_rmm"])
    psa_records: str | None = Field(
        description="Its records in use in the PSA, as `provider:id`.", examples=["cw_manage:4711"]
    )
    rmm_records: str | None = Field(
        description="Its records in use in RMMs, as `provider:id`.", examples=["cw_rmm:A-17"]
    )
    last_seen: str | None = Field(
        description="When it was last seen, as its provider writes it.", examples=["2026-11-20T08:00:00Z"]
    )
    finding: str = Field(description="The same in words.", examples=["in cw_rmm, not in the PSA"])


class CoverageGroup(BaseModel):
    """The devices of one company and type."""

    company: str | None = Field(description="Name of the customer.", examples=["Acme Inc."])
    type: str | None = Field(description="What the device is.", examples=["Laptop"])
    devices: int = Field(description="Devices.", examples=[1200])
    covered: int = Field(description="Devices that both sides list.", examples=[1100])
    unbilled: int = Field(description="Devices in an RMM and not in the PSA.", examples=[60])
    unmanaged: int = Field(description="Devices in the PSA and in no RMM.", examples=[40])


class CoverageTotals(BaseModel):
    """Devices in use by what is missing; those out of use are only counted."""

    devices: int = Field(description="Devices.", examples=[1200])
    covered: int = Field(description="Devices that both sides list.", examples=[1100])
    unbilled: int = Field(description="Devices in an RMM and not in the PSA.", examples=[60])
    unmanaged: int = Field(description="Devices in the PSA and in no RMM.", examples=[40])
    out_of_use: int = Field(description="Devices that no provider lists as in use; they have no row.", examples=[35])
    note: str | None = Field(
        description="Set when one side lists nothing at all, so that gaps cannot be known.",
        examples=["no RMM lists anything"],
    )
    groups: list[CoverageGroup] = Field(description="The same for each company and type.")


class CoverageReport(Document[CoverageRow, CoverageTotals]):
    """The coverage report as JSON."""


@dataclass(frozen=True)
class _Box:
    """A device, and its records in use and out of use on each side."""

    device: DeviceView
    psa: list[Record]
    rmm: list[Record]
    idle: list[Record]


def coverage(devices: Iterable[DeviceView], policy: Policy) -> tuple[list[CoverageRow], CoverageTotals]:
    """Return the devices in use by company, type and hostname, and what they add up to."""
    boxes = [_box(device, policy) for device in devices]
    note = _note(boxes, policy)
    rows = sorted((_row(box, is_known=note is None) for box in boxes if box.psa or box.rmm), key=_order)
    groups = [
        CoverageGroup(company=company, type=type_, **_counts(list(group)))
        for (company, type_), group in groupby(rows, lambda row: (row.company, row.type))
    ]
    totals = CoverageTotals(**_counts(rows), out_of_use=len(boxes) - len(rows), note=note, groups=groups)
    return rows, totals


def _box(device: DeviceView, policy: Policy) -> _Box:
    records = sorted(listed(device), key=key_of)
    live = [record for record in records if is_live(record, policy)]
    return _Box(
        device,
        psa=[record for record in live if record["provider"] in policy.psa_providers],
        rmm=[record for record in live if record["provider"] not in policy.psa_providers],
        idle=[record for record in records if record not in live],
    )


def _note(boxes: Iterable[_Box], policy: Policy) -> str | None:
    """A side without a single record is a feed that did not come, not a fleet that is gone."""
    providers = {view.provider for box in boxes for view in box.device.records}
    if providers and not providers & policy.psa_providers:
        return "the PSA lists nothing at all: was it synced? What is unbilled cannot be told"
    if providers and providers <= policy.psa_providers:
        return "no RMM lists anything at all: was one synced? What is unmanaged cannot be told"
    return None


def _row(box: _Box, *, is_known: bool) -> CoverageRow:
    missing = None if box.psa and box.rmm else CoverageSide.RMM if box.psa else CoverageSide.PSA
    gap = None
    if is_known and missing:
        gap = CoverageGap.UNBILLED if missing is CoverageSide.PSA else CoverageGap.UNMANAGED
    values = box.device.values
    return CoverageRow(
        device_id=box.device.id,
        **{field: text(values.get(field)) for field in ("company", "type", "hostname", "name", "serial", "last_seen")},
        gap=gap,
        missing=missing,
        providers=", ".join(dict.fromkeys(record["provider"] for record in (*box.psa, *box.rmm))),
        psa_records=_keys(box.psa),
        rmm_records=_keys(box.rmm),
        finding=_finding(box, gap),
    )


def _finding(box: _Box, gap: CoverageGap | None) -> str:
    verdict = VERDICTS[gap] if gap else "covered" if box.psa and box.rmm else "listed"
    idle = f"; not in use: {_keys(box.idle)}" if box.idle else ""
    return f"{verdict}: in use in {_keys((*box.psa, *box.rmm))}{idle}"


def _keys(records: Iterable[Record]) -> str | None:
    return ", ".join(str(key_of(record)) for record in records) or None


def _counts(rows: Sequence[CoverageRow]) -> dict[str, int]:
    return {
        "devices": len(rows),
        "covered": sum(row.missing is None for row in rows),
        "unbilled": sum(row.gap is CoverageGap.UNBILLED for row in rows),
        "unmanaged": sum(row.gap is CoverageGap.UNMANAGED for row in rows),
    }


def _order(row: CoverageRow) -> tuple[str, ...]:
    """Devices of one company and type stand together; the records make the order total."""
    return (
        *((row.company or "").casefold(), row.company or "", (row.type or "").casefold(), row.type or ""),
        *((row.hostname or row.name or "").casefold(), row.psa_records or row.rmm_records or ""),
    )
