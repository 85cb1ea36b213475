"""
List the devices whose customer changed, and the records that still name the former one.

A device that is moved in an RMM stays with the old customer in the PSA until somebody moves it there too, and is billed
to whoever had it before.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, cast

import orjson
from pydantic import Field

from matching.calibration.companies import CompanyMap
from matching.calibration.company_names import clean
from matching.codes import Code
from matching.evidence.identity import company_of, is_live
from matching.policy import Policy
from service.reports.context import ReportContext
from service.reports.definition import DEVICE_FILTERS, Made, Report, ReportFilter, WebAddress
from service.reports.device_columns import DeviceColumn, HostnameColumn, NameColumn, SerialColumn, TypeColumn
from service.reports.devices import ReportedRecord, as_text
from service.reports.rules import FeedRole
from service.store.resolved import calibrations, company_moves, device_records
from service.store.resolved import devices as stored_devices
from service.store.resolved.changes import CauseKind
from service.store.resolved.company_moves import CompanyMove

PORTION = 500
"""Devices whose records are asked for at a time."""


class CustomerChange(Code):
    """What became of the customer of a device."""

    MOVED = "moved", "moved", "The device is of another customer."
    RENAMED = "renamed", "renamed?", "No company has the former name any more: it was renamed, or has no device left."
    RESPELT = "respelt", "respelt", "The customer is the same; another of its names is shown."
    UNNAMED = "unnamed", "first or no longer named", "Before or after, no customer is named, or a catch-all is."


WORK = (CustomerChange.MOVED, CustomerChange.RENAMED)
"""What asks for somebody, in this order."""


@dataclass(slots=True)
class MoveRow:
    """One change of a device's customer."""

    hostname: HostnameColumn
    name: NameColumn
    type: TypeColumn
    former_company: Annotated[
        str | None, Field(title="From", description="The customer before.", examples=["Acme Inc."])
    ]
    company: Annotated[str | None, Field(title="To", description="The customer after.", examples=["Beta GmbH"])]
    moved_at: Annotated[
        datetime, Field(title="When", description="When it was stored.", examples=["2026-11-20T08:00:00Z"])
    ]
    what: Annotated[CustomerChange, Field(title="What happened", description="What became of the customer.")]
    left_behind: Annotated[
        str | None,
        Field(
            title="Left behind",
            description="Its records in use that name the former customer, as `provider:id`; the PSA's come first.",
            examples=["cw_manage:4711"],
        ),
    ]
    records: Annotated[
        str | None,
        Field(
            title="Moved records",
            description="Its records that name the customer after, as `provider:id`.",
            examples=["cw_rmm:A-17"],
        ),
    ]
    cause: Annotated[str | None, Field(title="Cause", description="What made the change.", examples=["sync of cw_rmm"])]
    by: Annotated[str | None, Field(title="By", description="Who made the change.", examples=["nightly-import"])]
    link: Annotated[
        WebAddress | None,
        Field(
            title="Open",
            description="The configuration in the PSA that was left behind.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711"],
        ),
    ]
    serial: SerialColumn
    change: Annotated[int, Field(title="Change", description="Its number in the change feed.", examples=[4711])]
    device_id: DeviceColumn


@dataclass
class MoveTotals:
    """All changes of a device's customer that the change feed still has."""

    moved: Annotated[int, Field(description="Devices that went to another customer.", examples=[12])]
    left_behind: Annotated[
        int, Field(description="Of these, those with a record in use that names the former customer.", examples=[5])
    ]
    renamed: Annotated[int, Field(description="Changes from a name that no company has any more.", examples=[3])]
    respelt: Annotated[int, Field(description="Changes between two names of one customer.", examples=[40])]
    unnamed: Annotated[int, Field(description="Changes from or to no customer at all, or a catch-all.", examples=[7])]
    gone: Annotated[int, Field(description="Changes of devices that are no more; they have no row.", examples=[2])]


@dataclass(frozen=True)
class _Move:
    """A change, what the customer was before and after, and the records of all devices that it is about."""

    change: CompanyMove
    before: str | None
    after: str | None
    records: list[ReportedRecord]


def moves(context: ReportContext) -> Made[MoveRow, MoveTotals]:
    """Return the changes of customers: those that left records behind first, then the latest."""
    totals = MoveTotals(0, 0, 0, 0, 0, 0)
    return Made(_sorted(context, totals), lambda: totals)


def _sorted(context: ReportContext, totals: MoveTotals) -> Iterator[MoveRow]:
    yield from sorted(_rows(context, totals), key=_order)


def _rows(context: ReportContext, totals: MoveTotals) -> Iterator[MoveRow]:
    found = calibrations.in_force(context.connection)
    customers = _customers(found[1].companies if found else CompanyMap())
    for move in _moves(context):
        if move.change.home is None:
            totals.gone += 1
            continue
        row = _row(move, customers, context)
        if _is_wanted(row, move.records, context):
            setattr(totals, row.what, getattr(totals, row.what) + 1)
            totals.left_behind += row.what is CustomerChange.MOVED and row.left_behind is not None
            if row.what in WORK or context.wanted.all:
                yield row


def _moves(context: ReportContext) -> Iterator[_Move]:
    """
    The changes with their companies. Where a device came apart, one half is told: the one whose company is new.
    """
    happened = company_moves.since(context.connection, context.wanted.since)
    listed = {(each.device_id, each.at) for each in happened if not each.parents}
    parts: defaultdict[tuple[str, datetime], list[str]] = defaultdict(list)
    for each in happened:
        for parent in each.parents:
            parts[parent, each.at].append(each.device_id)
    wanted = (each for each in happened if not any((parent, each.at) in listed for parent in each.parents))
    while portion := list(islice(wanted, PORTION)):
        yield from _with_records(context, portion, parts)


def _with_records(
    context: ReportContext, portion: list[CompanyMove], parts: Mapping[tuple[str, datetime], list[str]]
) -> Iterator[_Move]:
    about = {each.seq: (each.home, *each.parents, *parts.get((each.device_id, each.at), ())) for each in portion}
    ids = sorted({device_id for several in about.values() for device_id in several if device_id})
    own: defaultdict[str | None, list[ReportedRecord]] = defaultdict(list)
    for found in device_records.of_devices(context.connection, ids):
        own[found.device_id].append(ReportedRecord(found))
    parents = stored_devices.by_ids(context.connection, sorted({parent for each in portion for parent in each.parents}))
    for each in portion:
        records = [record for device_id in dict.fromkeys(about[each.seq]) for record in own[device_id]]
        before, after = each.before, each.after
        if each.parents:
            after = _company(each.golden)
            former = (_company(parents[parent].golden) for parent in each.parents if parent in parents)
            before = next(filter(None, former), None)
            if before is None or after is None or clean(before) == clean(after):
                continue  # two boxes of one customer came apart, or what it was is not known any more
        yield _Move(each, before, after, records)


def _company(golden: str | None) -> str | None:
    return as_text(orjson.loads(golden).get("company")) if golden else None


def _row(move: _Move, customers: Mapping[str, set[str]], context: ReportContext) -> MoveRow:
    golden = cast(dict[str, Any], orjson.loads(move.change.golden or "{}"))
    behind = [each for each in move.records if _names(each, move.before) and is_live(each.record, context.policy)]
    behind.sort(key=lambda each: context.rules.role(each.provider) is not FeedRole.PSA)
    hostname, name, type_, serial = (as_text(golden.get(each)) for each in ("hostname", "name", "type", "serial"))
    return MoveRow(
        hostname=hostname,
        name=name,
        type=type_,
        former_company=move.before,
        company=move.after,
        moved_at=move.change.at,
        what=_what(move, customers, context.policy),
        left_behind=_listed(behind),
        records=_listed([each for each in move.records if _names(each, move.after)]),
        cause=_cause(move.change.cause),
        by=move.change.by,
        link=next((link for each in behind if (link := context.rules.link(each.provider, each.row.record_id))), None),
        serial=serial,
        change=move.change.seq,
        device_id=move.change.home or "",
    )


def _customers(learnt: CompanyMap) -> Mapping[str, set[str]]:
    """The customers that have a company of a name."""
    found: dict[str, set[str]] = {}
    for company, name in learnt.names.items():
        found.setdefault(clean(name), set()).add(learnt.customer.get(company, company))
    return found


def _what(move: _Move, customers: Mapping[str, set[str]], policy: Policy) -> CustomerChange:
    if not (move.before and move.after) or any(_is_catch_all(name, policy) for name in (move.before, move.after)):
        return CustomerChange.UNNAMED
    before, after = clean(move.before), clean(move.after)
    former, present = customers.get(before, set()), customers.get(after, set())
    if before == after or former & present:
        return CustomerChange.RESPELT
    return CustomerChange.MOVED if former else CustomerChange.RENAMED


def _is_catch_all(name: str, policy: Policy) -> bool:
    return company_of({"provider": "any", "id": "any", "company": name}, policy) is None


def _names(each: ReportedRecord, company: str | None) -> bool:
    return company is not None and clean(each.record.get("company", "")) == clean(company)


def _listed(records: list[ReportedRecord]) -> str | None:
    return ", ".join(each.name for each in records) or None


def _cause(cause: Mapping[str, Any]) -> str | None:
    kind = next((kind for kind in CauseKind if kind in cause), None)
    if kind is None:
        return None
    return f"sync of {cause['provider']}" if kind is CauseKind.SYNC and "provider" in cause else kind.label


def _is_wanted(row: MoveRow, records: list[ReportedRecord], context: ReportContext) -> bool:
    """A customer is told of what came and of what went."""
    wanted = context.wanted
    names = {name.casefold() for name in (row.former_company, row.company) if name}
    return (
        (wanted.company is None or wanted.company.casefold() in names)
        and (wanted.type is None or wanted.type.casefold() == (row.type or "").casefold())
        and (wanted.provider is None or any(each.provider == wanted.provider for each in records))
    )


def _order(row: MoveRow) -> tuple[int, bool, int]:
    place = WORK.index(row.what) if row.what in WORK else len(WORK)
    return place, row.left_behind is None, -row.change


MOVES = Report(
    name="moves",
    title="Moves",
    description="Devices whose customer changed, and the records that still name the former customer.",
    explanation=(
        "Each row is a device that went from one customer to another. Where the column Left behind names records, move"
        " these too, or the former customer goes on being billed. What happened longer ago than `Sync:KeepChangesDays`"
        " is not known any more."
    ),
    row=MoveRow,
    totals=MoveTotals,
    make=moves,
    main_columns=("hostname", "former_company", "company", "moved_at", "left_behind"),
    filters=DEVICE_FILTERS | {ReportFilter.SINCE},
    has_more="also changes between two names of one customer, and from or to none",
    answers_bound_keys=False,
)
