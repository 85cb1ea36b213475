"""
Why records of one device came apart, in the form that the change feed stores.

The feed knows what joined them. A record may not say that value any more, the value may be no evidence now, the record
may be gone, or something new may speak against the join.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from matching.codes import Code
from matching.model import Key, Kind
from matching.results.resolution import Resolution
from matching.values.spelling import shown
from service.resolution.joining import DECISION, JoinRow
from service.store.resolved import changes
from service.store.resolved.changes import Change, ChangeKind
from service.store.resolved.visible import reason_as_told

MOST_TOLD = 3
"""Reasons that one change gives; records that agreed on one value come apart for one reason."""


class PartingReason(Code):
    """Why what joined two records joins them no more."""

    WITHDRAWN = "withdrawn", "withdrawn", "One of the records does not say the value any more."
    SUPPRESSED = "suppressed", "suppressed", "The value is no evidence any more."
    GONE = "gone", "gone", "One of the records is gone."
    OPPOSED = "opposed", "opposed", "Both still say the value, and something speaks against the join."


PartingRow = dict[str, str]
"""`reason`, `sentence`, and the `kind` and `value` that joined `left` and `right`, where the feed tells them."""


class ToldPart(NamedTuple):
    """A feed whose callers see a part of the records, and the visible ones among those that are resolved."""

    feed: int
    keys: Collection[Key]


def with_reasons(
    connection: Connection,
    happened: Iterable[Change],
    resolution: Resolution,
    home: Mapping[Key, str],
    part: ToldPart | None = None,
) -> Iterator[Change]:
    """
    Yield the changes; those by which records left a device have the reasons in their detail, as `parted`.

    Args:
        home: The device of each record before.
        part: Of which records alone the reasons may tell; None: of all. What speaks against a join may be a record that
            is none of them, and is left out.
    """
    for change in happened:
        reasons: list[PartingRow] = []
        for device_id, left, stayed in _departures(change, home):
            reasons += _reasons(connection, device_id, left, stayed, resolution, part)
        yield replace(change, detail={**change.detail, "parted": reasons[:MOST_TOLD]}) if reasons else change


def _departures(change: Change, home: Mapping[Key, str]) -> Iterator[tuple[str, set[Key], set[Key]]]:
    """The devices that records left by a change, each with those records and its others."""
    if change.what == ChangeKind.SPLIT:
        gone = {Key.parse(text) for text in change.detail["records"]}
        parents = change.detail["from"]
    else:
        gone = {Key.parse(text) for text in change.detail.get("removed", ())}
        parents = [change.device_id] if gone else []
    for parent in parents:
        members = {key for key, device_id in home.items() if device_id == parent}
        yield parent, gone & members, members - gone


def _reasons(  # noqa: PLR0913, PLR0917 - who left whom, and what is known of them
    connection: Connection,
    device_id: str,
    left: set[Key],
    stayed: set[Key],
    resolution: Resolution,
    part: ToldPart | None,
) -> Iterator[PartingRow]:
    there = part.keys if part else resolution.records.keys()
    present = left.intersection(there), stayed.intersection(there)
    if not all(present):
        return  # one side is gone altogether, and nothing came apart
    reasons: dict[str, PartingRow] = {}
    for join in _joins(connection, device_id, part.feed if part else None):
        keys = Key.parse(join["left"]), Key.parse(join["right"])
        is_crossing = any(key in left for key in keys) and any(key in stayed for key in keys)
        if is_crossing and (reason := _reason(join, keys, resolution, part)):
            reasons.setdefault(reason["sentence"], reason)
    if not reasons and part is None:
        sentence = resolution.explain(min(present[0]), min(present[1])).sentence.rstrip(".")
        reasons[sentence] = {"reason": PartingReason.OPPOSED.value, "sentence": sentence}
    yield from reasons.values()


def _joins(connection: Connection, device_id: str, feed: int | None) -> Iterator[JoinRow]:
    """What joined the records of a device, and of those that it absorbed, the latest first."""
    for recorded in reversed(changes.of_device(connection, device_id, feed=feed)):
        detail = recorded.change.detail
        yield from detail.get("evidence", ())
        for absorbed in detail.get("absorbed", ()):
            yield from _joins(connection, absorbed, feed)


def _reason(join: JoinRow, keys: tuple[Key, Key], resolution: Resolution, part: ToldPart | None) -> PartingRow | None:
    """Why a join holds no more; None for a person's word, of which the cause of the change tells."""
    if join["kind"] == DECISION:
        return None
    kind = Kind(join["kind"])
    for key, other in (keys, keys[::-1]):
        if found := _silence(key, other, kind, join["value"], resolution, part):
            return {**join, "reason": found[0].value, "sentence": found[1]}
    if part:
        return None
    return {**join, "reason": PartingReason.OPPOSED.value, "sentence": resolution.explain(*keys).sentence.rstrip(".")}


def _silence(  # noqa: PLR0913, PLR0917 - what joined two records, and what is known of them
    key: Key, other: Key, kind: Kind, value: str, resolution: Resolution, part: ToldPart | None
) -> tuple[PartingReason, str] | None:
    """Why a record does not carry a value any more; None where it does."""
    said = f"{kind.label} {value}"
    if key not in (part.keys if part else resolution.records):
        return PartingReason.GONE, f"{key}, which agreed with {other} on {said}, is gone"
    identity = resolution.identity(key)
    links = (*identity.links, key) if kind is Kind.LINK else ()
    usable = {shown(kind, text) for of, text in (*identity.values(), *identity.weak) if of is kind}
    if value in usable or value in map(str, links):
        return None
    for item in identity.suppressed:
        if item.kind == kind and shown(kind, item.value) == value:
            reason = reason_as_told(item.reason) if part else item.reason
            return PartingReason.SUPPRESSED, f"{said}, on which {key} and {other} agreed, is no evidence now: {reason}"
    return PartingReason.WITHDRAWN, f"{key} no longer says {said}, on which it agreed with {other}"
