"""A device on a terminal: what matters first, then its records, and what people were asked and decided about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from matching.evidence.identity import is_live
from matching.model import Kind, Record
from matching.policy import Policy
from service.cli.blocks import Labelled, TextBlock
from service.cli.cards import columns
from service.cli.reviews import review_block
from service.cli.terminal import show, show_blocks, show_text, show_title
from service.devices.inspecting import Inspected
from service.devices.lookup import DeviceView, RecordView
from service.devices.naming import day_and_time, device_name
from service.stewardship.deciding import DecisionView
from service.store.world import World

FIELDS: Mapping[str, str] = {
    "company": "customer",
    "type": "type",
    "serial": "serial",
    "bios_guid": "BIOS GUID",
    "hostname": "hostname",
    "macs": "MAC",
    "last_seen": "last seen",
    "last_user": "user",
    "os": "OS",
}
"""Golden field -> its label, in the order in which people look for them."""


def show_card(world: World, found: Inspected, *, full: bool = False) -> None:
    """
    Write a device with its records, the open reviews and the decisions in force about them.

    Args:
        full: With every golden value, where it came from, and the values that lost; and with whole times and ids.
    """
    device = found.device
    show_blocks([_head(device)])
    if full:
        _show_everything(device)
    policy = world.policy
    _show_rows("Records", (_record(each, policy, full) for each in device.records))
    _show_rows("Values that are no evidence", _suppressed(device.records))
    if found.reviews:
        show()
        show_blocks(review_block(each, full=full) for each in found.reviews)
    if found.decisions:
        show()
        show_blocks(map(_decision, found.decisions))


def _head(device: DeviceView) -> TextBlock:
    values = device.values
    named = device_name(values, [f"{each.provider}:{each.id}" for each in device.records])
    fields = [Labelled(label, _value(field, values.get(field))) for field, label in FIELDS.items()]
    return TextBlock(named, list(_doubts(values)), [*fields, Labelled("device id", device.id)])


def _doubts(values: Mapping[str, Any]) -> Iterator[str]:
    """What a person should know before all else."""
    if differing := values.get("conflicts"):
        yield f"Its records differ on {' and '.join(Kind(kind).label for kind in differing)}."
    if not values["active"]:
        yield "No record says that it is in use."


def _value(field: str, value: object) -> str | None:
    if value is None:
        return None
    if field == "last_seen":
        return f"{day_and_time(value)} UTC"
    return _text(value)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _show_everything(device: DeviceView) -> None:
    show()
    show_title("All values, and where each came from")
    for field in (*(each for each in FIELDS if each in device.values), *sorted(device.values.keys() - FIELDS.keys())):
        show_text(f"{field}: {_text(device.values[field])}", 2)
        source = device.provenance[field]
        show_text(f"from {source.provider}:{source.record_id} ({source.rule})", 6)
        for value, record in source.others:
            show_text(f"not {value} ({record})", 6)


def _record(record: RecordView, policy: Policy, full: bool) -> Sequence[object]:
    payload = cast("Record", record.payload)
    name = payload.get("name") or payload.get("hostname")
    seen = day_and_time(record.seen_at) if full else day_and_time(record.seen_at).partition(" ")[0]
    return (
        f"{record.provider}:{record.id}",
        name,
        seen or "not known",
        "live" if is_live(payload, policy) else "not live",
    )


def _suppressed(records: Iterable[RecordView]) -> Iterator[Sequence[object]]:
    for record in records:
        for each in record.suppressed:
            kind = Kind(each.kind).label if each.kind in set(Kind) else each.kind
            yield f"{record.provider}:{record.id}", f"{kind} {each.value}", each.reason


def _decision(decision: DecisionView) -> TextBlock:
    return TextBlock(
        f"Decided: {decision.left} and {decision.right} are {decision.verdict.label}",
        [f"by {decision.by} on {decision.at:%Y-%m-%d}: {decision.why}"],
        commands=[f"samebox decide revoke {decision.id} --why TEXT"],
    )


def _show_rows(title: str, rows: Iterable[Sequence[object]]) -> None:
    lines = columns(rows)
    if lines:
        show()
        show_title(title)
    for line in lines:
        show(line)
