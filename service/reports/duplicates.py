"""
Find the surplus records: one row for each, with the record that stands in its place, and why.

The report is for people who retire configurations (rows `inside` one provider) or count devices for an invoice: the
number of devices is the number of records listed minus the number of rows of this report.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pydantic import BaseModel, Field

from matching.codes import Code
from matching.evidence.identity import is_live
from matching.model import Key, Record, key_of
from matching.policy import Policy
from matching.records import seen_at
from matching.results.golden import survivor
from service.devices.lookup import DeviceView
from service.reports.evidence import Evidence
from service.reports.formats import Document, Row
from service.reports.listings import listed, text


class DuplicateScope(Code):
    """Who lists a device more than once."""

    INSIDE = "inside", "inside", "Its provider lists the device more than once."
    ACROSS = "across", "across", "Another provider lists the device as well."


class DuplicateAction(Code):
    """What to do with a surplus record."""

    RETIRE = "retire", "retire", "Retire it: another row of its provider stands for the device."
    COUNT_ONCE = "count_once", "count once", "Keep it, and count the device once."


class DuplicateRow(Row):
    """One surplus record."""

    device_id: str = Field(
        description="The device that it is a record of.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"]
    )
    company: str | None = Field(description="Name of the customer.", examples=["Acme Inc."])
    type: str | None = Field(description="What the device is.", examples=["Laptop"])
    hostname: str | None = Field(description="The device's hostname.", examples=["acme-lt-0421"])
    serial: str | None = Field(description="Serial number of the device.", examples=["5CG1234ABC"])
    provider: str = Field(description="Who lists the surplus record.", examples=["cw_manage"])
    record_id: str = Field(description="The id of the surplus record there.", examples=["4712"])
    name: str | None = Field(description="Its display name.", examples=["ACME-LT-0421"])
    status: str | None = Field(description="The record's status in its provider's words.", examples=["Active"])
    last_seen: str | None = Field(
        description="When it was last seen, as its provider writes it.", examples=["2026-11-20T08:00:00Z"]
    )
    scope: DuplicateScope = Field(
        description="`inside`: its provider lists the device more than once. `across`: another provider lists it too."
    )
    action: DuplicateAction = Field(description="What to do with it.")
    keep: str = Field(
        description="The record proposed to stand for the device, as `provider:id`.", examples=["cw_manage:4711"]
    )
    reason: str = Field(description="Why that one.", examples=["the kept one reported last"])
    evidence: str = Field(description="Why the two are one device.", examples=["serial 5CG1234ABC"])


BOTH_STAY = "another provider lists the same device: both records stay, the device counts once"


class DuplicateTotals(BaseModel):
    """Records minus surplus is devices."""

    records: int = Field(description="Records of all providers.", examples=[1500])
    surplus: int = Field(description="Records beyond one a device.", examples=[300])
    devices: int = Field(description="Devices.", examples=[1200])
    inside: int = Field(description="Surplus records that their own provider lists more than once.", examples=[120])
    across: int = Field(description="Surplus records that another provider lists as well.", examples=[180])


class DuplicatesReport(Document[DuplicateRow, DuplicateTotals]):
    """The duplicates report as JSON."""


def duplicates(devices: Iterable[DeviceView], policy: Policy) -> tuple[list[DuplicateRow], DuplicateTotals]:
    """Return the surplus records, those to retire first, by company, type and hostname."""
    rows: list[DuplicateRow] = []
    records = boxes = 0
    for device in devices:
        boxes += 1
        records += len(device.records)
        rows += _of_device(device, policy)
    rows.sort(key=_order)
    inside = sum(row.scope is DuplicateScope.INSIDE for row in rows)
    return rows, DuplicateTotals(
        records=records, surplus=len(rows), devices=boxes, inside=inside, across=len(rows) - inside
    )


def _of_device(device: DeviceView, policy: Policy) -> Iterator[DuplicateRow]:
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


def _by_provider(device: DeviceView, policy: Policy) -> Iterator[tuple[bool, list[Record]]]:
    """The device's records, a provider at a time: the PSA first, because that is what is billed."""

    def place(record: Record) -> tuple[bool, str]:
        return record["provider"] not in policy.psa_providers, record["provider"]

    for (is_agent, _), records in groupby(
        sorted(listed(device), key=lambda record: (place(record), record["id"])), place
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


def _row(device: DeviceView, record: Record, kept: Record, reason: str, evidence: Evidence) -> DuplicateRow:
    inside = record["provider"] == kept["provider"]
    golden = device.values
    return DuplicateRow(
        device_id=device.id,
        company=text(golden.get("company")),
        type=text(golden.get("type")),
        hostname=text(golden.get("hostname")),
        serial=text(golden.get("serial")),
        provider=record["provider"],
        record_id=record["id"],
        name=text(record.get("name")),
        status=text(record.get("status")),
        last_seen=text(record.get("last_seen")),
        scope=DuplicateScope.INSIDE if inside else DuplicateScope.ACROSS,
        action=DuplicateAction.RETIRE if inside else DuplicateAction.COUNT_ONCE,
        keep=str(key_of(kept)),
        reason=reason,
        evidence=evidence.between(key_of(record), key_of(kept)),
    )


def _order(row: DuplicateRow) -> tuple[object, ...]:
    place = (row.company or "", row.type or "", row.hostname or "")
    return row.scope is DuplicateScope.ACROSS, *(part.casefold() for part in place), Key(row.provider, row.record_id)
