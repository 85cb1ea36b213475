"""
List the devices whose records differ on hardware although they are one device: on the BIOS GUID or on the serial.

Where one of the values stands only in records that are out of use, it is what the box was before a repair: that asks
for nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from matching.codes import Code
from matching.evidence.identity import is_live
from matching.model import Kind, Verdict
from matching.policy import Policy
from matching.values.spelling import shown
from service.reports.catalogue.evidence import own_values, usable_identity
from service.reports.context import ReportContext
from service.reports.definition import DEVICE_FILTERS, Made, Report, ReportFilter
from service.reports.device_columns import (
    CustomerColumn,
    DeviceColumn,
    HostnameColumn,
    NameColumn,
    PsaLinkColumn,
    TypeColumn,
)
from service.reports.devices import ReportedDevice, ReportedRecord, devices
from service.reports.ordering import most_worth_first
from service.reports.rules import FeedRole
from service.store.resolved import conflicts as stored_conflicts


class ConflictAction(Code):
    """What to do where records of one device differ on hardware."""

    LOOK = "look", "look at the box", "Agents in use measure different values: one box that was repaired, or two boxes."
    CORRECT = "correct", "correct the PSA", "Agents agree on another value than the one that people keep in the PSA."
    NONE = "none", "nothing", "Only records that are out of use say otherwise."


@dataclass(slots=True)
class ConflictRow:
    """One kind of hardware on which the records of a device differ."""

    company: CustomerColumn
    hostname: HostnameColumn
    name: NameColumn
    type: TypeColumn
    differs_on: Annotated[
        Kind, Field(title="Differs on", description="What its records differ on.", examples=["serial"])
    ]
    in_use: Annotated[
        str,
        Field(
            title="Values in use",
            description="What the records in use say, each value with these.",
            examples=["5CG1234ABC (cw_rmm:A-17); 5CG1234ABD (cw_manage:4711)"],
        ),
    ]
    out_of_use: Annotated[
        str | None,
        Field(
            title="Former values",
            description="Values that only records out of use say.",
            examples=["5CG0000XYZ (cw_rmm:A-3)"],
        ),
    ]
    since: Annotated[
        datetime | None,
        Field(
            title="Since",
            description=(
                "Since when they differ, as far as the change feed goes back; empty for a key that is bound to"
                " customers."
            ),
            examples=["2026-11-02T09:00:00Z"],
        ),
    ]
    action: Annotated[ConflictAction, Field(title="What to do", description="What to do about it.")]
    how: Annotated[
        str,
        Field(
            title="How",
            description="The same in words, with the records.",
            examples=["correct the serial in cw_manage:4711: agents measure 5CG1234ABC"],
        ),
    ]
    if_two_boxes: Annotated[
        str | None,
        Field(
            title="If two boxes",
            description="The command that says so.",
            examples=["samebox decide different cw_rmm:A-17 ninjaone:88"],
        ),
    ]
    link: PsaLinkColumn
    device_id: DeviceColumn


@dataclass
class ConflictTotals:
    """Devices whose records differ, by what is to be done."""

    conflicts: Annotated[
        int, Field(description="Kinds of hardware on which the records of a device differ.", examples=[7])
    ]
    look: Annotated[int, Field(description="Of these, those for which somebody has to look at the box.", examples=[3])]
    correct: Annotated[int, Field(description="Those in which the PSA is to be corrected.", examples=[2])]
    out_of_use: Annotated[int, Field(description="Those in which only records out of use say otherwise.", examples=[2])]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a device, as it is written, and the records that say it."""

    text: str
    records: list[ReportedRecord]

    @property
    def sentence(self) -> str:
        return f"{self.text} ({', '.join(each.name for each in self.records)})"


def conflicts(context: ReportContext) -> Made[ConflictRow, ConflictTotals]:
    """Return the devices whose records differ on hardware: first what agents in use measure, then what is kept."""
    totals = ConflictTotals(0, 0, 0, 0)
    return Made(most_worth_first(_rows(context, totals), _order, context), lambda: totals)


def _rows(context: ReportContext, totals: ConflictTotals) -> Iterator[ConflictRow]:
    began = stored_conflicts.since(context.connection) if context.visibility is None else {}
    wanted = context.wanted
    for device in devices(context, has_conflict=True):
        since = began.get(device.id)
        if wanted.since and (since is None or since < wanted.since):
            continue
        for kind in map(Kind, device.golden["conflicts"]):
            row = _row(context, device, kind, since)
            totals.conflicts += 1
            totals.look += row.action is ConflictAction.LOOK
            totals.correct += row.action is ConflictAction.CORRECT
            totals.out_of_use += row.action is ConflictAction.NONE
            if wanted.all or row.action is not ConflictAction.NONE:
                yield row


def _row(context: ReportContext, device: ReportedDevice, kind: Kind, since: datetime | None) -> ConflictRow:
    in_use, former = _values(device, kind, context.policy)
    psa = [each for each in device.records if context.rules.role(each.provider) is FeedRole.PSA]
    action = _action(context, in_use)
    return ConflictRow(
        company=device.text("company"),
        hostname=device.text("hostname"),
        name=device.text("name"),
        type=device.text("type"),
        differs_on=kind,
        in_use="; ".join(each.sentence for each in in_use),
        out_of_use="; ".join(each.sentence for each in former) or None,
        since=since,
        action=action,
        how=_how(context, kind, action, in_use),
        if_two_boxes=_command(in_use) if action is ConflictAction.LOOK else None,
        link=next((link for each in psa if (link := context.rules.link(each.provider, each.row.record_id))), None),
        device_id=device.id,
    )


def _values(device: ReportedDevice, kind: Kind, policy: Policy) -> tuple[list[_Value], list[_Value]]:
    """The values that records in use say, those of most records first, and those that only others say."""
    found: dict[str, list[ReportedRecord]] = {}
    for each in device.records:
        if values := own_values(usable_identity(each, policy), kind):
            found.setdefault(", ".join(shown(kind, value) for value in values), []).append(each)
    in_use: list[_Value] = []
    former: list[_Value] = []
    for text, records in found.items():
        live = [each for each in records if is_live(each.record, policy)]
        (in_use if live else former).append(_Value(text, live or records))
    return sorted(in_use, key=lambda each: (-len(each.records), each.text)), former


def _action(context: ReportContext, in_use: list[_Value]) -> ConflictAction:
    if len(in_use) < 2:
        return ConflictAction.NONE
    measured = [each for each in in_use if not _is_kept_by_hand(context, each)]
    return ConflictAction.CORRECT if len(measured) == 1 else ConflictAction.LOOK


def _is_kept_by_hand(context: ReportContext, value: _Value) -> bool:
    return all(context.rules.role(each.provider) is FeedRole.PSA for each in value.records)


def _how(context: ReportContext, kind: Kind, action: ConflictAction, in_use: list[_Value]) -> str:
    if action is ConflictAction.NONE:
        return "nothing: only records that are out of use say otherwise"
    if action is ConflictAction.CORRECT:
        wrong = [each for each in in_use if _is_kept_by_hand(context, each)]
        [right] = [each for each in in_use if each not in wrong]
        records = ", ".join(record.name for each in wrong for record in each.records)
        return f"correct the {kind.label} in {records}: agents measure {right.text}"
    return (
        f"look at the box: if it was repaired, have the {kind.label} read anew or retire the old records; if these are"
        " two boxes, say so"
    )


def _command(in_use: list[_Value]) -> str:
    first, second, *_ = in_use
    return f"samebox decide {Verdict.DIFFERENT} {first.records[0].name} {second.records[0].name}"


def _order(row: ConflictRow) -> tuple[bool, str, str, str, str]:
    """What may be two boxes comes first: one of them is missing from every count."""
    names = (row.company or "").casefold(), (row.hostname or row.name or "").casefold()
    return row.action is not ConflictAction.LOOK, *names, row.device_id, row.differs_on


CONFLICTS = Report(
    name="conflicts",
    title="Conflicts",
    description="Devices whose records differ on the serial or on the BIOS GUID.",
    explanation=(
        "Each row is a device whose records say different things about its hardware. Those that two agents measure come"
        " first: either the box was repaired, or two boxes are counted as one. Where people keep another value in the"
        " PSA than agents measure, correct it there."
    ),
    row=ConflictRow,
    totals=ConflictTotals,
    make=conflicts,
    main_columns=("hostname", "name", "company", "in_use", "since", "action"),
    filters=DEVICE_FILTERS | {ReportFilter.SINCE},
    has_more="also the conflicts in which only records that are out of use say otherwise",
)
