"""
List the devices that came lately: since a time, or since the last batch of reports of a name.

A device came when the first of its records did; records that leave a device for one of their own make none that is new.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from service.reports.context import ReportContext
from service.reports.definition import DEVICE_FILTERS, Made, Report, ReportFilter
from service.reports.device_columns import (
    CustomerColumn,
    DeviceColumn,
    HostnameColumn,
    NameColumn,
    SerialColumn,
    TypeColumn,
)
from service.reports.devices import ReportedDevice, devices
from service.reports.rules import FeedRole
from service.store.resolved import changes, report_runs
from service.store.resolved.device_records import MadeSince

DEFAULT_DAYS = 31
"""Days that are looked back where nobody says since when: a month, as invoices go."""

BATCH = "batch"
"""Option of a request: count from the last batch of reports of this name."""


@dataclass(slots=True)
class NewRow:
    """One device that came lately."""

    company: CustomerColumn
    hostname: HostnameColumn
    name: NameColumn
    type: TypeColumn
    serial: SerialColumn
    first_seen: Annotated[
        datetime,
        Field(title="First seen", description="When its first record came.", examples=["2026-11-20T08:00:00Z"]),
    ]
    first_record: Annotated[
        str, Field(title="First record", description="That record, as `provider:id`.", examples=["cw_rmm:A-17"])
    ]
    missing: Annotated[
        str | None,
        Field(
            title="Not in",
            description="Who does not list it as in use yet: the PSA, so that it is not billed, or any agent.",
            examples=["the PSA"],
        ),
    ]
    records: Annotated[
        str,
        Field(
            title="Records", description="All its records, as `provider:id`.", examples=["cw_manage:4711, cw_rmm:A-17"]
        ),
    ]
    last_seen: Annotated[
        datetime | None,
        Field(title="Last seen", description="When it was last seen.", examples=["2026-11-23T08:00:00Z"]),
    ]
    device_id: DeviceColumn


@dataclass
class NewTotals:
    """The devices that came, and since when."""

    since: Annotated[datetime, Field(description="Since when they came.", examples=["2026-11-01T02:00:00Z"])]
    batch: Annotated[
        str | None,
        Field(
            description="Name of the batch of reports that saw the store then; null: a time was asked for.",
            examples=["all"],
        ),
    ]
    new: Annotated[int, Field(description="Devices that came since then.", examples=[17])]
    not_in_psa: Annotated[int, Field(description="Of these, those that the PSA does not list in use.", examples=[5])]
    without_agent: Annotated[int, Field(description="Of these, those that no agent lists in use.", examples=[2])]


def new(context: ReportContext) -> Made[NewRow, NewTotals]:
    """Return the devices that came lately, in the order in which they were stored: none of them is held."""
    made, batch = _since(context)
    totals = NewTotals(made.at, batch, 0, 0, 0)
    return Made(_rows(context, made, totals), lambda: totals)


def _since(context: ReportContext) -> tuple[MadeSince, str | None]:
    """
    What a sync stored while the last batch was made may bear a time before it; its place in the feed does not.

    Where the feed has forgotten what came after, the time has to do.
    """
    if context.wanted.since is not None:
        return MadeSince(context.wanted.since), None
    name = context.wanted.options.get(BATCH)
    run = report_runs.find(context.connection, name) if name else None
    if run is None:
        today = context.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return MadeSince(today - timedelta(days=DEFAULT_DAYS)), None
    is_kept = changes.first(context.connection) <= run.position + 1
    return MadeSince(run.as_of, run.position if is_kept else None), run.name


def _rows(context: ReportContext, made: MadeSince, totals: NewTotals) -> Iterator[NewRow]:
    for device in devices(context, made=made):
        first = min(device.records, key=lambda each: (each.row.first_seen_at, each.name))
        if made.position is None and first.row.first_seen_at < made.at:
            continue
        missing = list(_missing(device, context))
        totals.new += 1
        totals.not_in_psa += FeedRole.PSA in missing
        totals.without_agent += FeedRole.RMM in missing
        yield NewRow(
            **{field: device.text(field) for field in ("company", "hostname", "name", "type", "serial")},
            first_seen=first.row.first_seen_at,
            first_record=first.name,
            missing=", ".join(_named(role, context) for role in missing) or None,
            records=", ".join(each.name for each in device.records),
            last_seen=device.face.last_seen_at,
            device_id=device.id,
        )


def _missing(device: ReportedDevice, context: ReportContext) -> Iterator[FeedRole]:
    """The PSA, and any agent for all of them, whatever their role."""
    sides = {context.rules.role(each.provider) is FeedRole.PSA for each in device.live(context)}
    if True not in sides:
        yield FeedRole.PSA
    if False not in sides:
        yield FeedRole.RMM


def _named(role: FeedRole, context: ReportContext) -> str:
    """A side with a feed that cannot be relied on may list the device all the same."""
    is_psa = role is FeedRole.PSA
    feeds = [
        each for each in context.sources.values() if (each.role is FeedRole.PSA) is is_psa and not each.is_reliable
    ]
    doubt = ", ".join(f"{each.provider} is {each.state.label}" for each in feeds)
    return f"{'the PSA' if is_psa else 'any agent'}{f' ({doubt})' if doubt else ''}"


NEW = Report(
    name="new",
    title="New devices",
    description="Devices that came since a date, or since the last `report all`.",
    explanation=(
        "Each row is a device of which nothing was known before. Where the column Not in names the PSA, it is not"
        " billed yet. Without a time, the report counts from the last `samebox report all` that ended; where there was"
        " none, and over REST, from 31 days ago."
    ),
    row=NewRow,
    totals=NewTotals,
    make=new,
    main_columns=("hostname", "company", "first_seen", "missing", "records"),
    filters=DEVICE_FILTERS | {ReportFilter.SINCE},
    options=frozenset({BATCH}),
)
