"""
Find the surplus records: one row for each, with the record that stands in its place, why, and what speaks against it.

The report is for people who retire configurations. That another provider lists a device as well is no work, and neither
is a configuration that the PSA lists as out of use: such records are counted, and listed only where all are wanted.
Records minus surplus ones is devices.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated

from pydantic import Field

from matching.codes import Code
from matching.evidence.identity import is_live
from service.reports.catalogue.evidence import Evidence
from service.reports.catalogue.objections import AskedByRecord, objections
from service.reports.catalogue.open_reviews import asked_about
from service.reports.catalogue.surplus import Surplus, surplus
from service.reports.context import ReportContext
from service.reports.definition import Made, Report, WebAddress
from service.reports.device_columns import CustomerColumn, DeviceColumn, HostnameColumn, SerialColumn, TypeColumn
from service.reports.devices import ReportedDevice, devices
from service.reports.ordering import most_worth_first
from service.reports.rules import FeedRole
from service.store.resolved import counts
from service.store.resolved.device_filters import Filters


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

    company: CustomerColumn
    hostname: HostnameColumn
    type: TypeColumn
    serial: SerialColumn
    provider: Annotated[
        str, Field(title="Provider", description="Who lists the surplus record.", examples=["cw_manage"])
    ]
    record_id: Annotated[
        str, Field(title="Retire", description="The id of the surplus record there.", examples=["4712"])
    ]
    name: Annotated[str | None, Field(title="Name", description="Its display name there.", examples=["ACME-LT-0421"])]
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
    link: Annotated[
        WebAddress | None,
        Field(
            title="Open it",
            description="Its page in the PSA.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4712"],
        ),
    ]
    keep: Annotated[
        str,
        Field(
            title="Keep",
            description="The record proposed to stand for the device, as `provider:id`.",
            examples=["cw_manage:4711"],
        ),
    ]
    keep_link: Annotated[
        WebAddress | None,
        Field(
            title="Open the kept one",
            description="The page of the record to keep in the PSA.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711"],
        ),
    ]
    reason: Annotated[
        str, Field(title="Why that one", description="Why that one.", examples=["the kept one reported last"])
    ]
    evidence: Annotated[
        str, Field(title="Evidence", description="Why the two are one device.", examples=["serial 5CG1234ABC"])
    ]
    against: Annotated[
        str | None,
        Field(
            title="Look first",
            description="What speaks against retiring it; look at this before.",
            examples=["hostname acme-lt-1 against acme-lt-2; review 17 asks whether both and cw_rmm:A-9 are one box"],
        ),
    ]
    billed_twice: Annotated[
        float,
        Field(
            title="Billed twice",
            description=(
                "How much an invoice that counts configurations counts too much because of this row: the weight of the"
                " type where the PSA lists the record in use, else 0."
            ),
            examples=[1.0],
        ),
    ]
    action: Annotated[DuplicateAction, Field(title="What to do", description="What to do with it.")]
    scope: Annotated[
        DuplicateScope,
        Field(
            title="Scope",
            description=(
                "`inside`: its provider lists the device more than once. `across`: another provider lists it too."
            ),
        ),
    ]
    device_id: DeviceColumn


@dataclass
class DuplicateTotals:
    """Records minus surplus is devices. Narrowed to a provider, only its own records are counted."""

    records: Annotated[int, Field(description="Records of all providers.", examples=[1500])]
    surplus: Annotated[int, Field(description="Records beyond one a device.", examples=[300])]
    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    inside: Annotated[
        int, Field(description="Surplus records that their own provider lists more than once.", examples=[120])
    ]
    across: Annotated[int, Field(description="Surplus records that another provider lists as well.", examples=[180])]
    out_of_use: Annotated[
        int,
        Field(
            description="Those of `inside` that the PSA lists as out of use already: they ask for nothing.",
            examples=[20],
        ),
    ]
    billed_twice: Annotated[
        float,
        Field(description="What an invoice that counts configurations counts too much, by weight.", examples=[75.0]),
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """The surplus records of a device that are wanted, as rows, and how urgent the most urgent is: 0 the most."""

    urgency: int
    rows: list[DuplicateRow]

    @property
    def place(self) -> tuple[int, float, str, str, str]:
        """Where they stand among others, the most worth first."""
        first = self.rows[0]
        names = (first.company or "").casefold(), (first.hostname or "").casefold(), first.device_id
        return self.urgency, -sum(row.billed_twice for row in self.rows), *names


def duplicates(context: ReportContext) -> Made[DuplicateRow, DuplicateTotals]:
    """Return the surplus records: those that are work, by worth; or all, by device."""
    totals = DuplicateTotals(0, 0, 0, 0, 0, 0, 0.0)
    return Made(_rows(context, totals), lambda: totals)


def _rows(context: ReportContext, totals: DuplicateTotals) -> Iterator[DuplicateRow]:
    """The rows of one device stay together."""
    for each in most_worth_first(_found(context, totals), attrgetter("place"), context):
        yield from each.rows


def _found(context: ReportContext, totals: DuplicateTotals) -> Iterator[_Found]:
    if context.visibility is None:
        _count_stored(context, totals)
    asked = asked_about(context)
    for device in devices(context, doubled=not context.wanted.all):
        found = [each for each in surplus(device, context.policy) if _is_wanted(each, context.wanted.provider)]
        if context.visibility is not None:
            _count(device, found, context.wanted.provider, totals)
        totals.billed_twice += sum(_billed_twice(context, device, each) for each in found)
        out_of_use = [each for each in found if _is_out_of_use(context, each)]
        totals.out_of_use += len(out_of_use)
        if not context.wanted.all:
            found = [each for each in found if each.is_inside and each not in out_of_use]
        if found:
            evidence = Evidence(device, context.policy)
            urgency = min(_urgency(context, device, each) for each in found)
            yield _Found(urgency, [_row(context, device, each, evidence, asked) for each in found])


def _is_wanted(found: Surplus, provider: str | None) -> bool:
    """Whether it is about records of the provider alone, where one is wanted."""
    return provider is None or (found.is_inside and found.record.provider == provider)


def _count_stored(context: ReportContext, totals: DuplicateTotals) -> None:
    """Count without a look at any device."""
    wanted = context.wanted
    filters = Filters(company=wanted.company, type=wanted.type)
    listings = counts.listings(context.connection, filters)
    if wanted.provider is None:
        totals.devices = counts.devices(context.connection, filters)
    else:
        listings = [each for each in listings if each.provider == wanted.provider]
        totals.devices = sum(each.devices for each in listings)
    totals.records = sum(each.records for each in listings)
    totals.surplus = totals.records - totals.devices
    totals.inside = sum(each.records - each.devices for each in listings)
    totals.across = totals.surplus - totals.inside


def _count(device: ReportedDevice, found: list[Surplus], provider: str | None, totals: DuplicateTotals) -> None:
    """Count a device as one sees it who may see some records."""
    inside = sum(each.is_inside for each in found)
    totals.devices += 1
    totals.records += sum(provider in {None, each.provider} for each in device.records)
    totals.surplus += len(found)
    totals.inside += inside
    totals.across += len(found) - inside


def _is_billed(context: ReportContext, found: Surplus) -> bool:
    return found.is_inside and context.rules.role(found.record.provider) is FeedRole.PSA


def _is_out_of_use(context: ReportContext, found: Surplus) -> bool:
    """Whether it is a configuration that nobody bills any more, so that nothing is to be done."""
    return _is_billed(context, found) and not is_live(found.record.record, context.policy)


def _billed_twice(context: ReportContext, device: ReportedDevice, found: Surplus) -> float:
    is_billed = _is_billed(context, found) and is_live(found.record.record, context.policy)
    return context.rules.weight(device.text("type")) if is_billed else 0.0


def _urgency(context: ReportContext, device: ReportedDevice, found: Surplus) -> int:
    """What is billed twice comes before agents, and what is in use before what is not."""
    if _is_billed(context, found):
        return 0 if device.is_active(context) else 1
    return 2 if is_live(found.record.record, context.policy) else 3


def _row(
    context: ReportContext, device: ReportedDevice, found: Surplus, evidence: Evidence, asked: AskedByRecord
) -> DuplicateRow:
    record, kept = found.record, found.kept
    against = objections(device, found, evidence, asked, context.policy) if found.is_inside else ()
    return DuplicateRow(
        company=device.text("company"),
        hostname=device.text("hostname"),
        type=device.text("type"),
        serial=device.text("serial"),
        provider=record.provider,
        record_id=record.row.record_id,
        name=record.text("name"),
        status=record.text("status"),
        last_seen=record.text("last_seen"),
        link=context.rules.link(record.provider, record.row.record_id),
        keep=kept.name,
        keep_link=context.rules.link(kept.provider, kept.row.record_id),
        reason=found.reason,
        evidence=evidence.between(record.row.key, kept.row.key),
        against="; ".join(against) or None,
        billed_twice=_billed_twice(context, device, found),
        action=DuplicateAction.RETIRE if found.is_inside else DuplicateAction.COUNT_ONCE,
        scope=DuplicateScope.INSIDE if found.is_inside else DuplicateScope.ACROSS,
        device_id=device.id,
    )


DUPLICATES = Report(
    name="duplicates",
    title="Duplicates",
    description="Records that are surplus, and which one to keep.",
    explanation=(
        "Each row is a record that its own provider lists beside another one of the same device. Keep the record in the"
        " column Keep, and retire the one in the row, unless what stands under Look first says otherwise."
        " Configurations that are billed twice come first. Configurations that the PSA lists as out of use ask for"
        " nothing: they are only counted, and so are devices that several providers list."
    ),
    row=DuplicateRow,
    totals=DuplicateTotals,
    make=duplicates,
    main_columns=("hostname", "company", "provider", "record_id", "keep", "reason", "against"),
    has_more=(
        "also the records of devices that another provider lists as well, and configurations that are out of use, which"
        " ask for nothing"
    ),
)
