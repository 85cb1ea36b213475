"""
Find the devices that no agent has seen for `Reports:StaleDays`, and say which records of them to retire.

There are two clocks: when an agent last saw the device, and when the agent's feed last returned the record. A device is
stale by the first; where the second stands still too, it may be the feed that is silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from service.reports.context import ReportContext
from service.reports.definition import Made, Report
from service.reports.device_columns import (
    CustomerColumn,
    DeviceColumn,
    HostnameColumn,
    NameColumn,
    PsaLinkColumn,
    SerialColumn,
    TypeColumn,
)
from service.reports.devices import ReportedDevice, ReportedRecord, devices
from service.reports.ordering import most_worth_first
from service.reports.rules import FeedRole


@dataclass(slots=True)
class StaleRow:
    """One device that no agent has seen lately."""

    company: CustomerColumn
    hostname: HostnameColumn
    name: NameColumn
    type: TypeColumn
    serial: SerialColumn
    is_billed: Annotated[
        bool, Field(title="Billed", description="Whether the PSA still lists it as in use.", examples=[True])
    ]
    last_seen: Annotated[
        datetime,
        Field(title="Last seen", description="When an agent last saw it.", examples=["2026-09-20T08:00:00Z"]),
    ]
    days: Annotated[int, Field(title="Days", description="Whole days since then.", examples=[64])]
    seen_by: Annotated[
        str, Field(title="Seen by", description="That agent's record, as `provider:id`.", examples=["cw_rmm:A-17"])
    ]
    returned_at: Annotated[
        datetime,
        Field(
            title="Last returned",
            description="When the agent's feed last returned that record.",
            examples=["2026-11-23T11:00:00Z"],
        ),
    ]
    retire: Annotated[
        str | None,
        Field(
            title="Retire",
            description="The records in use that nobody has seen lately, as `provider:id`; the PSA's come first.",
            examples=["cw_manage:4711, cw_rmm:A-17"],
        ),
    ]
    doubt: Annotated[
        str | None,
        Field(
            title="Doubt",
            description="Why it may be in use all the same: ask before you retire it.",
            examples=["cw_rmm is late"],
        ),
    ]
    link: PsaLinkColumn
    device_id: DeviceColumn


@dataclass
class StaleTotals:
    """All devices by when an agent last saw them."""

    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    seen_lately: Annotated[int, Field(description="Devices that an agent has seen lately.", examples=[1000])]
    stale: Annotated[
        int, Field(description="Devices that no agent has seen lately, and that are in use.", examples=[40])
    ]
    billed: Annotated[int, Field(description="Of these, those that the PSA still lists as in use.", examples=[25])]
    doubtful: Annotated[int, Field(description="Of these, those that may be in use all the same.", examples=[3])]
    retired: Annotated[
        int, Field(description="Devices that no agent has seen lately, and that nobody lists as in use.", examples=[70])
    ]
    without_time: Annotated[int, Field(description="Devices of which no agent says when it saw them.", examples=[10])]
    without_agent: Annotated[
        int, Field(description="Devices that no agent lists: the report `coverage` has them.", examples=[80])
    ]


def stale(context: ReportContext) -> Made[StaleRow, StaleTotals]:
    """Return the devices that no agent has seen lately: those that are billed first, then the oldest."""
    totals = StaleTotals(0, 0, 0, 0, 0, 0, 0, 0)
    return Made(most_worth_first(_rows(context, totals), _order, context), lambda: totals)


def _rows(context: ReportContext, totals: StaleTotals) -> Iterator[StaleRow]:
    since = context.now - timedelta(days=context.rules.stale_days)
    for device in devices(context):
        totals.devices += 1
        agents = [each for each in device.records if context.rules.counts_for_activity(each.provider)]
        timed = [(each.row.seen_at, each.name, each) for each in agents if each.row.seen_at]
        last, _, seen = max(timed) if timed else (None, "", None)
        if last is None or seen is None:
            totals.without_time += bool(agents)
            totals.without_agent += not agents
        elif last >= since:
            totals.seen_lately += 1
        else:
            row = _row(device, last, seen, since, context)
            is_in_use = row.retire is not None
            totals.stale += is_in_use
            totals.billed += row.is_billed
            totals.doubtful += is_in_use and row.doubt is not None
            totals.retired += not is_in_use
            if is_in_use or context.wanted.all:
                yield row


def _row(
    device: ReportedDevice, last: datetime, seen: ReportedRecord, since: datetime, context: ReportContext
) -> StaleRow:
    live = device.live(context)
    psa = [each for each in live if context.rules.role(each.provider) is FeedRole.PSA]
    elsewhere = [each for each in live if each.row.seen_at is not None and each.row.seen_at >= since]
    silent = [each for each in live if each not in elsewhere and each not in psa]
    return StaleRow(
        **{field: device.text(field) for field in ("company", "hostname", "name", "type", "serial")},
        is_billed=bool(psa),
        last_seen=last,
        days=(context.now - last).days,
        seen_by=seen.name,
        returned_at=seen.row.returned_at,
        retire=", ".join(each.name for each in (*psa, *silent)) or None,
        doubt=_doubt(device, elsewhere, context),
        link=next((link for each in psa if (link := context.rules.link(each.provider, each.row.record_id))), None),
        device_id=device.id,
    )


def _doubt(device: ReportedDevice, elsewhere: list[ReportedRecord], context: ReportContext) -> str | None:
    """A feed that did not come tells nothing of its devices, and what another provider sees is there."""
    agents = dict.fromkeys(each.provider for each in device.records if context.rules.counts_for_activity(each.provider))
    feeds = [source for each in agents if not (source := context.sources[each]).is_reliable]
    said = [f"{each.provider} is {each.state.label}" for each in feeds]
    said += [f"{each.name} was seen {each.row.seen_at:%Y-%m-%d}" for each in elsewhere]
    return "; ".join(said) or None


def _order(row: StaleRow) -> tuple[bool, bool, datetime, str]:
    """What is sure comes before what is doubtful: nobody should begin with a feed that did not come."""
    return row.doubt is not None, not row.is_billed, row.last_seen, row.device_id


STALE = Report(
    name="stale",
    title="Stale devices",
    description="Devices in use that no agent has seen for `Reports:StaleDays`, and which records to retire.",
    explanation=(
        "Each row is a device that somebody lists as in use and that no agent has seen for a long time. Those that are"
        " billed come first. Make sure that it is gone, then retire the records in the column Retire. Where the column"
        " Doubt says something, ask first: the feed may be silent, not the device."
    ),
    row=StaleRow,
    totals=StaleTotals,
    make=stale,
    main_columns=("hostname", "company", "is_billed", "last_seen", "retire", "doubt"),
    has_more="also the devices that nobody lists as in use any more",
)
