"""
Find the surplus records: one row for each, with the record that stands in its place, and why.

The report is for people who retire configurations. That another provider lists a device as well is no work: such
records are counted, and listed only where all are wanted. Records minus surplus ones, of both kinds, is devices.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from pydantic import Field

from matching.codes import Code
from matching.evidence.identity import is_live
from matching.model import Record, key_of
from matching.policy import Policy
from matching.records import seen_at
from matching.results.golden import survivor
from service.reports.context import ReportContext
from service.reports.definition import Made, Report
from service.reports.devices import ReportedDevice, as_text, devices
from service.reports.evidence import Evidence


class DuplicateScope(Code):
    """Who lists a device more than once."""

    INSIDE = "inside", "inside", "Its provider lists the device more than once."
    ACROSS = "across", "across", "Another provider lists the device as well."


class DuplicateAction(Code):
    """What to do with a surplus record."""

    RETIRE = "retire", "retire", "Retire it: another row of its provider stands for the device."
    COUNT_ONCE = "count_once", "count once", "Keep it, and count the device once."


@dataclass(slots=True)
class DuplicateRow:
    """One surplus record."""

    device_id: Annotated[
        str,
        Field(
            title="Device",
            description="The device that it is a record of.",
            examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"],
        ),
    ]
    company: Annotated[str | None, Field(title="Customer", description="Name of the customer.", examples=["Acme Inc."])]
    type: Annotated[str | None, Field(title="Type", description="What the device is.", examples=["Laptop"])]
    hostname: Annotated[
        str | None, Field(title="Hostname", description="The device's hostname.", examples=["acme-lt-0421"])
    ]
    serial: Annotated[
        str | None, Field(title="Serial", description="Serial number of the device.", examples=["5CG1234ABC"])
    ]
    provider: Annotated[
        str, Field(title="Provider", description="Who lists the surplus record.", examples=["cw_manage"])
    ]
    record_id: Annotated[
        str, Field(title="Retire", description="The id of the surplus record there.", examples=["4712"])
    ]
    name: Annotated[str | None, Field(title="Name", description="Its display name.", examples=["ACME-LT-0421"])]
    status: Annotated[
        str | None,
        Field(title="Status", description="The record's status in its provider's words.", examples=["Active"]),
    ]
    last_seen: Annotated[
        str | None,
        Field(
            title="Last seen",
            description="When it was last seen, as its provider writes it.",
            examples=["2026-11-20T08:00:00Z"],
        ),
    ]
    scope: Annotated[
        DuplicateScope,
        Field(
            title="Scope",
            description=(
                "`inside`: its provider lists the device more than once. `across`: another provider lists it too."
            ),
        ),
    ]
    action: Annotated[DuplicateAction, Field(title="What to do", description="What to do with it.")]
    keep: Annotated[
        str,
        Field(
            title="Keep",
            description="The record proposed to stand for the device, as `provider:id`.",
            examples=["cw_manage:4711"],
        ),
    ]
    reason: Annotated[
        str, Field(title="Why that one", description="Why that one.", examples=["the kept one reported last"])
    ]
    evidence: Annotated[
        str, Field(title="Evidence", description="Why the two are one device.", examples=["serial 5CG1234ABC"])
    ]


BOTH_STAY = "another provider lists the same device: both records stay, the device counts once"


@dataclass
class DuplicateTotals:
    """Records minus surplus is devices."""

    records: Annotated[int, Field(description="Records of all providers.", examples=[1500])]
    surplus: Annotated[int, Field(description="Records beyond one a device.", examples=[300])]
    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    inside: Annotated[
        int, Field(description="Surplus records that their own provider lists more than once.", examples=[120])
    ]
    across: Annotated[int, Field(description="Surplus records that another provider lists as well.", examples=[180])]


def duplicates(context: ReportContext) -> Made[DuplicateRow, DuplicateTotals]:
    """Return the surplus records, by device."""
    totals = DuplicateTotals(0, 0, 0, 0, 0)
    return Made(_rows(context, totals), lambda: totals)


def _rows(context: ReportContext, totals: DuplicateTotals) -> Iterator[DuplicateRow]:
    for device in devices(context):
        totals.devices += 1
        totals.records += len(device.records)
        for row in _of_device(device, context.policy):
            is_inside = row.scope is DuplicateScope.INSIDE
            totals.inside += is_inside
            totals.across += not is_inside
            totals.surplus += 1
            if is_inside or context.wanted.all:
                yield row


DUPLICATES = Report(
    name="duplicates",
    title="Duplicates",
    description="Records that are surplus, and which one to keep.",
    explanation=(
        "Each row is a record that its own provider lists beside another of the same device. Keep the record in the"
        " column Keep, and retire the one in the row."
    ),
    row=DuplicateRow,
    totals=DuplicateTotals,
    make=duplicates,
    has_more="also the records of devices that another provider lists as well, which ask for nothing",
)


def _of_device(device: ReportedDevice, policy: Policy) -> Iterator[DuplicateRow]:
    if len(device.records) == 1:
        return
    evidence = Evidence(device, policy)
    anchors: list[Record] = []
    for is_psa, records in _by_provider(device, policy):
        kept = survivor(records, policy) if is_psa else _last_reporting(records, policy)
        anchors.append(kept)
        for record in records:
            if record is not kept:
                yield _row(device, record, kept, _reason(record, kept, is_psa, policy), evidence)
    for other in anchors[1:]:
        yield _row(device, other, anchors[0], BOTH_STAY, evidence)


def _by_provider(device: ReportedDevice, policy: Policy) -> Iterator[tuple[bool, list[Record]]]:
    """The device's records, a provider at a time: the PSA first, because that is what is billed."""

    def place(record: Record) -> tuple[bool, str]:
        return record["provider"] not in policy.psa_providers, record["provider"]

    for (is_agent, _), records in groupby(
        sorted((each.record for each in device.records), key=lambda record: (place(record), record["id"])), place
    ):
        yield not is_agent, list(records)


def _last_reporting(records: list[Record], policy: Policy) -> Record:
    """Of several agents on one box the one that reports is alive; the others are what a re-installation left."""
    live = [record for record in records if is_live(record, policy)] or records
    last = max((moment for record in live if (moment := seen_at(record))), default=None)
    return survivor([record for record in live if seen_at(record) == last] if last else live, policy)


def _reason(record: Record, kept: Record, is_psa: bool, policy: Policy) -> str:
    if is_live(kept, policy) and not is_live(record, policy):
        return f"the kept one is in use, this one is not ({record.get('status') or 'inactive'})"
    if not is_psa and seen_at(kept) != seen_at(record):
        return "the kept one reported last"
    if len(kept) != len(record):
        return f"the kept one has more fields filled ({len(kept)} against {len(record)})"
    return "the kept one is the older entry"


def _row(device: ReportedDevice, record: Record, kept: Record, reason: str, evidence: Evidence) -> DuplicateRow:
    inside = record["provider"] == kept["provider"]
    return DuplicateRow(
        device_id=device.id,
        company=device.text("company"),
        type=device.text("type"),
        hostname=device.text("hostname"),
        serial=device.text("serial"),
        provider=record["provider"],
        record_id=record["id"],
        name=as_text(record.get("name")),
        status=as_text(record.get("status")),
        last_seen=as_text(record.get("last_seen")),
        scope=DuplicateScope.INSIDE if inside else DuplicateScope.ACROSS,
        action=DuplicateAction.RETIRE if inside else DuplicateAction.COUNT_ONCE,
        keep=str(key_of(kept)),
        reason=reason,
        evidence=evidence.between(key_of(record), key_of(kept)),
    )
