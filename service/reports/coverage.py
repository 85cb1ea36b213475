"""
Find the devices that one side lists and the other does not: one row for each device in use.

An agent without a configuration in the PSA is work that nobody bills; a configuration without an agent is
billed and not looked after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from pydantic import Field

from matching.codes import Code
from service.reports.context import ReportContext
from service.reports.definition import Made, Report
from service.reports.devices import ReportedDevice, ReportedRecord, devices
from service.reports.rules import FeedRole


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


@dataclass(slots=True)
class CoverageRow:
    """One device in use."""

    company: Annotated[str | None, Field(description="Name of the customer.", examples=["Acme Inc."])]
    type: Annotated[str | None, Field(description="What the device is.", examples=["Laptop"])]
    hostname: Annotated[str | None, Field(description="The device's hostname.", examples=["acme-lt-0421"])]
    name: Annotated[str | None, Field(description="Its display name.", examples=["ACME-LT-0421"])]
    serial: Annotated[str | None, Field(description="The device's serial number.", examples=["5CG1234ABC"])]
    device_id: Annotated[str, Field(description="The device.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])]
    gap: Annotated[
        CoverageGap | None,
        Field(description="`unbilled`: in an RMM, not in the PSA. `unmanaged`: in the PSA, in no RMM."),
    ]
    missing: Annotated[CoverageSide | None, Field(description="The side that does not list it as in use.")]
    providers: Annotated[str, Field(description="Who lists it as in use.", examples=["cw_manage, cw_rmm"])]
    psa_records: Annotated[
        str | None, Field(description="Its records in use in the PSA, as `provider:id`.", examples=["cw_manage:4711"])
    ]
    rmm_records: Annotated[
        str | None, Field(description="Its records in use in RMMs, as `provider:id`.", examples=["cw_rmm:A-17"])
    ]
    last_seen: Annotated[
        str | None,
        Field(description="When it was last seen, as its provider writes it.", examples=["2026-11-20T08:00:00Z"]),
    ]
    finding: Annotated[str, Field(description="The same in words.", examples=["in cw_rmm, not in the PSA"])]


@dataclass
class CoverageGroup:
    """The devices of one company and type."""

    company: Annotated[str | None, Field(description="Name of the customer.", examples=["Acme Inc."])]
    type: Annotated[str | None, Field(description="What the device is.", examples=["Laptop"])]
    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    covered: Annotated[int, Field(description="Devices that both sides list.", examples=[1100])]
    unbilled: Annotated[int, Field(description="Devices in an RMM and not in the PSA.", examples=[60])]
    unmanaged: Annotated[int, Field(description="Devices in the PSA and in no RMM.", examples=[40])]


@dataclass
class CoverageTotals:
    """Devices in use by what is missing; those out of use are only counted."""

    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    covered: Annotated[int, Field(description="Devices that both sides list.", examples=[1100])]
    unbilled: Annotated[int, Field(description="Devices in an RMM and not in the PSA.", examples=[60])]
    unmanaged: Annotated[int, Field(description="Devices in the PSA and in no RMM.", examples=[40])]
    out_of_use: Annotated[
        int, Field(description="Devices that no provider lists as in use; they have no row.", examples=[35])
    ]
    note: Annotated[
        str | None,
        Field(
            description="Set when one side lists nothing at all, so that gaps cannot be known.",
            examples=["no RMM lists anything"],
        ),
    ]
    groups: Annotated[list[CoverageGroup], Field(description="The same for each company and type.")]


@dataclass(frozen=True)
class _Box:
    """A device, and its records in use and out of use on each side."""

    device: ReportedDevice
    psa: list[ReportedRecord]
    rmm: list[ReportedRecord]
    idle: list[ReportedRecord]


def coverage(context: ReportContext) -> Made[CoverageRow, CoverageTotals]:
    """Return the devices that one side does not list, by company, type and hostname."""
    boxes = [_box(device, context) for device in devices(context)]
    note = _note(boxes, context)
    rows = sorted((_row(box, is_known=note is None) for box in boxes if box.psa or box.rmm), key=_order)
    groups = [
        CoverageGroup(company=company, type=type_, **_counts(list(group)))
        for (company, type_), group in groupby(rows, lambda row: (row.company, row.type))
    ]
    totals = CoverageTotals(**_counts(rows), out_of_use=len(boxes) - len(rows), note=note, groups=groups)
    return Made((row for row in rows if row.gap or context.wanted.all), lambda: totals)


def _box(device: ReportedDevice, context: ReportContext) -> _Box:
    live = device.live(context)
    return _Box(
        device,
        psa=[each for each in live if context.rules.role(each.provider) is FeedRole.PSA],
        rmm=[each for each in live if context.rules.role(each.provider) is not FeedRole.PSA],
        idle=[each for each in device.records if each not in live],
    )


def _note(boxes: Iterable[_Box], context: ReportContext) -> str | None:
    """A side without a single record is a feed that did not come, not a fleet that is gone."""
    roles = {context.rules.role(each.provider) for box in boxes for each in box.device.records}
    if roles and FeedRole.PSA not in roles:
        return "the PSA lists nothing at all: was it synced? What is unbilled cannot be told"
    if roles == {FeedRole.PSA}:
        return "no RMM lists anything at all: was one synced? What is unmanaged cannot be told"
    return None


def _row(box: _Box, *, is_known: bool) -> CoverageRow:
    missing = None if box.psa and box.rmm else CoverageSide.RMM if box.psa else CoverageSide.PSA
    gap = None
    if is_known and missing:
        gap = CoverageGap.UNBILLED if missing is CoverageSide.PSA else CoverageGap.UNMANAGED
    return CoverageRow(
        device_id=box.device.id,
        **{field: box.device.text(field) for field in ("company", "type", "hostname", "name", "serial", "last_seen")},
        gap=gap,
        missing=missing,
        providers=", ".join(dict.fromkeys(each.provider for each in (*box.psa, *box.rmm))),
        psa_records=_keys(box.psa),
        rmm_records=_keys(box.rmm),
        finding=_finding(box, gap),
    )


def _finding(box: _Box, gap: CoverageGap | None) -> str:
    verdict = VERDICTS[gap] if gap else "covered" if box.psa and box.rmm else "listed"
    idle = f"; not in use: {_keys(box.idle)}" if box.idle else ""
    return f"{verdict}: in use in {_keys((*box.psa, *box.rmm))}{idle}"


def _keys(records: Iterable[ReportedRecord]) -> str | None:
    return ", ".join(each.name for each in records) or None


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


COVERAGE = Report(
    name="coverage",
    title="Coverage",
    description="Devices in the RMM and not in the PSA (unbilled), and the other way round (unmanaged).",
    explanation=(
        "Each row is a device in use that one side does not list. One in an RMM alone is managed and not billed; one in"
        " the PSA alone is billed and not managed."
    ),
    row=CoverageRow,
    totals=CoverageTotals,
    make=coverage,
    has_more="also the devices that both sides list",
)
