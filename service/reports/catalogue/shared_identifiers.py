"""
List what the data rule out as evidence: values that sit on several boxes, and fields that are not what they are called.

Matching does without them by itself. A person is asked whether it is right: a value that is one box's own after all is
to be allowed, and one that is a placeholder can be denied for good.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated

from pydantic import Field

from matching.calibration.trust import UntrustedField
from matching.codes import Code
from matching.model import Key, Kind, SharedValue
from matching.values.spelling import shown
from service.reports.context import ReportContext
from service.reports.definition import Made, Report, ReportFilter
from service.store.indexes import suppressed_values
from service.store.resolved import counts, devices
from service.store.resolved.devices import DeviceRow

FIRST = 5
"""Holders of a value that are named."""


class SuppressedWhat(Code):
    """What is no evidence."""

    VALUE = "value", "value", "A value that sits on several boxes."
    FIELD = "field", "field", "A field of a provider, whatever it says."


@dataclass(slots=True)
class SharedIdentifierRow:
    """One value, or one field of a provider, that is no evidence."""

    kind: Annotated[Kind, Field(title="Kind", description="What kind of identifier it is.", examples=["serial"])]
    value: Annotated[
        str | None,
        Field(title="Value", description="The value; empty where a whole field is meant.", examples=["SN-0000001"]),
    ]
    provider: Annotated[
        str | None,
        Field(title="Provider", description="Whose field it is, where a whole field is meant.", examples=["ninjaone"]),
    ]
    reason: Annotated[
        str,
        Field(
            title="Why",
            description="Why it is no evidence.",
            examples=["on 5 boxes of cw_rmm with nothing else in common"],
        ),
    ]
    holders: Annotated[
        int,
        Field(
            title="Records",
            description="How many records hold the value; of a field, how many records its provider has.",
            examples=[7],
        ),
    ]
    providers: Annotated[
        str, Field(title="Listed by", description="Who lists these records.", examples=["cw_manage 2, cw_rmm 5"])
    ]
    first_holders: Annotated[
        str | None,
        Field(
            title="Such as",
            description="The first of them, each with the name of its device.",
            examples=["acme-lt-1 (cw_rmm:A-17), acme-lt-2 (cw_rmm:A-18)"],
        ),
    ]
    what_to_do: Annotated[
        str,
        Field(
            title="What to do", description="What to do about it.", examples=["mostly nothing: it is left out already"]
        ),
    ]
    allow: Annotated[
        str,
        Field(
            title="Setting that counts it",
            description="To be added to the settings if it is evidence after all.",
            examples=['{"Policy": {"Allow": {"serial": ["SN-0000001"]}}}'],
        ),
    ]
    deny: Annotated[
        str,
        Field(
            title="Setting that never counts it",
            description="To be added to the settings if it is never to be evidence.",
            examples=['{"Policy": {"Deny": {"serial": ["SN-0000001"]}}}'],
        ),
    ]
    what: Annotated[SuppressedWhat, Field(title="What", description="Whether a value is meant, or a whole field.")]


@dataclass
class SharedIdentifierTotals:
    """How much is no evidence."""

    values: Annotated[int, Field(description="Values that sit on several boxes.", examples=[30])]
    fields: Annotated[int, Field(description="Fields of a provider that are not trusted.", examples=[1])]


def shared_identifiers(context: ReportContext) -> Made[SharedIdentifierRow, SharedIdentifierTotals]:
    """Return the fields first, because they concern most records, then the values by the number of holders."""
    provider = context.wanted.provider
    fields = [
        each for each in suppressed_values.untrusted_fields(context.connection) if provider in {None, each.provider}
    ]
    values = [
        each
        for each in suppressed_values.shared(context.connection)
        if provider is None or any(key.provider == provider for key in each.holders)
    ]
    totals = SharedIdentifierTotals(len(values), len(fields))
    return Made(_rows(context, fields, values), lambda: totals)


def _rows(
    context: ReportContext, fields: list[UntrustedField], values: list[SharedValue]
) -> Iterator[SharedIdentifierRow]:
    listed = {each.provider: each.records for each in counts.listings(context.connection)} if fields else {}
    found = [_of_field(each, listed.get(each.provider, 0)) for each in fields]
    yield from sorted(found, key=attrgetter("holders"), reverse=True)
    named = devices.of_records(context.connection, {key for each in values for key in each.holders[:FIRST]})
    for each in sorted(values, key=lambda each: (-len(each.holders), each.kind, each.value)):
        yield _of_value(each, named)


def _of_field(field: UntrustedField, records: int) -> SharedIdentifierRow:
    return SharedIdentifierRow(
        kind=field.kind,
        value=None,
        provider=field.provider,
        reason=field.sentence,
        holders=records,
        providers=f"{field.provider} {records:,}",
        first_holders=None,
        what_to_do=(
            f"ask whether {field.provider} is set up to report the {field.kind.label} of the box; if it is, trust it"
        ),
        allow=_setting("Trust", field.provider, {field.kind: "always"}),
        deny=_setting("Trust", field.provider, {field.kind: "never"}),
        what=SuppressedWhat.FIELD,
    )


def _of_value(value: SharedValue, named: Mapping[Key, DeviceRow]) -> SharedIdentifierRow:
    text = shown(value.kind, value.value)
    by_provider = Counter(key.provider for key in value.holders)
    return SharedIdentifierRow(
        kind=value.kind,
        value=text,
        provider=None,
        reason=value.reason,
        holders=len(value.holders),
        providers=", ".join(f"{provider} {count:,}" for provider, count in sorted(by_provider.items())),
        first_holders=_first(value, named),
        what_to_do=(
            "mostly nothing: matching leaves it out. If these are one box, allow it; if it is a placeholder or a spare"
            " part that travels, deny it, and it stays out when fewer boxes hold it"
        ),
        allow=_setting("Allow", value.kind, [text]),
        deny=_setting("Deny", value.kind, [text]),
        what=SuppressedWhat.VALUE,
    )


def _first(value: SharedValue, named: Mapping[Key, DeviceRow]) -> str:
    return ", ".join(f"{_name(named[key])} ({key})" if key in named else str(key) for key in value.holders[:FIRST])


def _name(device: DeviceRow) -> str:
    golden = json.loads(device.golden)
    return str(golden.get("hostname") or golden.get("name") or "no name")


def _setting(section: str, key: str, content: object) -> str:
    """The lines of the settings file, as JSON: what a value holds cannot end its text."""
    return json.dumps({"Policy": {section: {key: content}}}, ensure_ascii=False)


SHARED_IDENTIFIERS = Report(
    name="shared-identifiers",
    title="Shared identifiers",
    description="Serials, MACs and GUIDs that sit on several boxes, and fields that are not what they are called.",
    explanation=(
        "Each row is something that looks like an identifier and is none, so that it joins no records: a placeholder, a"
        " dock that travels, an image that was copied with its GUID. Mostly nothing is to be done. If the records of a"
        " row are one box all the same, add the setting that counts it; if it is never to count, add the other one."
    ),
    row=SharedIdentifierRow,
    totals=SharedIdentifierTotals,
    make=shared_identifiers,
    main_columns=("value", "kind", "reason", "holders", "providers", "what_to_do"),
    filters=frozenset({ReportFilter.PROVIDER}),
    answers_bound_keys=False,
)
