"""The rows of the report `coverage`: one for each device with a gap, most worth first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.reports.catalogue.coverage.gaps import Coverage, CoverageGap, CoverageSide
from service.reports.catalogue.suggestions import Suggestion
from service.reports.context import ReportContext
from service.reports.definition import WebAddress
from service.reports.devices import ReportedDevice, ReportedRecord
from service.reports.rules import FeedRole


@dataclass(slots=True)
class CoverageRow:
    """One device in use, and what is missing of it."""

    company: Annotated[str | None, Field(title="Customer", description="Name of the customer.", examples=["Acme Inc."])]
    type: Annotated[str | None, Field(title="Type", description="What the device is.", examples=["Laptop"])]
    hostname: Annotated[
        str | None, Field(title="Hostname", description="The device's hostname.", examples=["acme-lt-0421"])
    ]
    name: Annotated[str | None, Field(title="Name", description="Its display name.", examples=["ACME-LT-0421"])]
    gap: Annotated[
        CoverageGap | None,
        Field(
            title="Gap",
            description=(
                "The weightiest gap. `unbilled`: in a feed of agents, not in the PSA. `unmanaged`: in the PSA, in no"
                " RMM. The others name the feed that lacks it."
            ),
        ),
    ]
    finding: Annotated[
        str, Field(title="Finding", description="All gaps in words.", examples=["managed, not billed: in use in rmm:7"])
    ]
    missing: Annotated[
        CoverageSide | None,
        Field(title="Missing side", description="The side that does not list it as in use; of several the first."),
    ]
    missing_roles: Annotated[
        str | None,
        Field(title="Missing in", description="All sides that should list it and do not.", examples=["psa, edr"]),
    ]
    active: Annotated[
        bool,
        Field(
            title="Active",
            description="Whether a provider that counts (`Reports:ActiveProviders`) saw it in `Reports:ActiveDays`.",
            examples=[True],
        ),
    ]
    agent_last_seen: Annotated[
        datetime | None,
        Field(
            title="Agent last seen",
            description="When an agent last saw the device, by what its provider says.",
            examples=["2026-11-20T08:00:00Z"],
        ),
    ]
    feed_last_returned: Annotated[
        datetime | None,
        Field(
            title="Feed last returned",
            description="When a feed last returned a record of it.",
            examples=["2026-11-23T11:58:00Z"],
        ),
    ]
    since: Annotated[
        datetime | None,
        Field(
            title="Since",
            description="Since when these feeds list it: when the newest of its records was first returned.",
            examples=["2026-10-02T09:00:00Z"],
        ),
    ]
    caution: Annotated[
        str | None,
        Field(
            title="Caution",
            description="Why there may be no gap: the feeds that should list it are late, held, failing or empty.",
            examples=["cw_rmm is held"],
        ),
    ]
    providers: Annotated[
        str, Field(title="Listed by", description="Who lists it as in use.", examples=["cw_manage, cw_rmm"])
    ]
    psa_records: Annotated[
        str | None,
        Field(
            title="PSA records",
            description="Its records in use in the PSA, as `provider:id`.",
            examples=["cw_manage:4711"],
        ),
    ]
    rmm_records: Annotated[
        str | None,
        Field(
            title="Agents' records",
            description="Its records in use in the feeds of agents (RMM, EDR, backup, MDM), as `provider:id`.",
            examples=["cw_rmm:A-17"],
        ),
    ]
    link: Annotated[
        WebAddress | None,
        Field(
            title="Open in the PSA",
            description="The first of its configurations in the PSA, also one that is not in use.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711"],
        ),
    ]
    serial: Annotated[
        str | None, Field(title="Serial", description="The device's serial number.", examples=["5CG1234ABC"])
    ]
    last_seen: Annotated[
        str | None,
        Field(
            title="Last seen as written",
            description="When it was last seen, as its provider writes it.",
            examples=["2026-11-20T08:00:00Z"],
        ),
    ]
    rank: Annotated[
        int | None,
        Field(
            title="Suggestion no.",
            description="1 for the likeliest device that the PSA's row may be, up to 5; empty where none is suggested.",
            examples=[1],
        ),
    ]
    suggestion: Annotated[
        str | None,
        Field(
            title="May be",
            description="A device of this customer without a row in the PSA that this row may be about, and a record.",
            examples=["ACME-RECEPTION-01 (cw_rmm:A-17)"],
        ),
    ]
    why: Annotated[
        str | None,
        Field(
            title="Why that one",
            description="The reasons, the weightiest first. They are for a person to judge, and join nothing.",
            examples=["same last user anna; a name like ACME-RECEPTION-01; same kind of OS Windows"],
        ),
    ]
    decide: Annotated[
        str | None,
        Field(
            title="If it is",
            description="The command that says that both are one box.",
            examples=["samebox decide same cw_manage:4711 cw_rmm:A-17"],
        ),
    ]
    device_id: Annotated[
        str, Field(title="Device", description="The device.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    ]


def coverage_row(
    device: ReportedDevice, live: list[ReportedRecord], coverage: Coverage, context: ReportContext
) -> CoverageRow:
    """Return the row of a device. `live`: its records in use."""
    rules = context.rules
    psa = [each for each in live if rules.role(each.provider) is FeedRole.PSA]
    agents = [each for each in live if rules.role(each.provider) is not FeedRole.PSA]
    return CoverageRow(
        **{field: device.text(field) for field in ("company", "type", "hostname", "name", "serial", "last_seen")},
        device_id=device.id,
        gap=coverage.gaps[0] if coverage.gaps else None,
        finding=_finding(device, live, psa + agents, coverage.verdict),
        missing=CoverageSide(coverage.missing[0]) if coverage.missing else None,
        missing_roles=", ".join(coverage.missing) or None,
        active=device.is_active(context),
        agent_last_seen=max((each.row.seen_at for each in agents if each.row.seen_at), default=None),
        feed_last_returned=max((each.row.returned_at for each in live), default=None),
        since=max((each.row.first_seen_at for each in live), default=None),
        caution=coverage.caution,
        providers=", ".join(dict.fromkeys(each.provider for each in psa + agents)),
        psa_records=_names(psa),
        rmm_records=_names(agents),
        rank=None,
        suggestion=None,
        why=None,
        decide=None,
        link=next((link for each in (*psa, *device.records) if (link := _link(each, context))), None),
    )


def rows_with_suggestions(row: CoverageRow, found: Sequence[Suggestion]) -> list[CoverageRow]:
    """Return a row once for each suggestion, the likeliest first; as it is where there is none."""
    return [
        replace(row, rank=rank, suggestion=f"{each.name} ({each.record})", why=each.why, decide=each.command)
        for rank, each in enumerate(found, start=1)
    ] or [row]


def _finding(device: ReportedDevice, live: list[ReportedRecord], ordered: list[ReportedRecord], verdict: str) -> str:
    """`ordered`: the records in use, those of the PSA first."""
    idle = [each for each in device.records if each not in live]
    rest = f"; not in use: {_names(idle)}" if idle else ""
    return f"{verdict}: in use in {_names(ordered)}{rest}"


def _link(record: ReportedRecord, context: ReportContext) -> str | None:
    return context.rules.link(record.provider, record.row.record_id)


def _names(records: Iterable[ReportedRecord]) -> str | None:
    return ", ".join(each.name for each in records) or None


GAP_PLACES = {gap: place for place, gap in enumerate(CoverageGap)}


def place_of(row: CoverageRow, context: ReportContext) -> tuple[object, ...]:
    """
    Return the place of a row with a gap: active ones first, then by gap, by what the type weighs, the last seen first.

    The records make the order total.
    """
    seen = row.agent_last_seen
    return (
        not row.active,
        GAP_PLACES[row.gap] if row.gap else len(GAP_PLACES),
        -context.rules.weight(row.type),
        -seen.timestamp() if seen else 0.0,
        *((row.company or "").casefold(), (row.hostname or row.name or "").casefold()),
        *(row.psa_records or "", row.rmm_records or ""),
    )
