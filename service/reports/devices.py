"""The devices that a report is about, one at a time, each with its records: those that the caller may see."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

import orjson

from matching.evidence.identity import is_live
from matching.model import Record
from matching.records import without_future_time
from service.reports.context import ReportContext
from service.resolution.visible_devices import all_visible, devices_of, matching_devices
from service.store.resolved import device_records
from service.store.resolved import devices as stored_devices
from service.store.resolved.device_filters import Filters
from service.store.resolved.device_records import DeviceFace, MadeSince, RecordOfDevice
from service.store.resolved.devices import DeviceRow


class ReportedRecord:
    """A record of a device; its payload is read when it is asked for."""

    def __init__(self, row: RecordOfDevice) -> None:
        self.row = row
        self.provider = row.provider
        self.name = f"{row.provider}:{row.record_id}"

    @cached_property
    def record(self) -> Record:
        """The record as it counts: without a time in the future."""
        return without_future_time(cast(Record, orjson.loads(self.row.payload)), self.row.changed_at)

    @property
    def suppressed(self) -> set[tuple[str, str]]:
        """Kind and value of what is no evidence."""
        return {(each["kind"], each["value"]) for each in orjson.loads(self.row.suppressed)}

    def text(self, field: str) -> str | None:
        """Return a field as a cell; None where the provider says nothing."""
        return as_text(self.record.get(field))


class ReportedDevice:
    """A device, its golden values, and its records in order of key."""

    def __init__(self, face: DeviceFace, records: list[RecordOfDevice]) -> None:
        self.face = face
        self.id = face.id
        self.records = [ReportedRecord(each) for each in records]

    @cached_property
    def golden(self) -> dict[str, Any]:
        """The golden values by field."""
        return cast(dict[str, Any], orjson.loads(self.face.golden))

    def text(self, field: str) -> str | None:
        """Return a golden value as a cell; None where there is none."""
        return as_text(self.golden.get(field))

    def live(self, context: ReportContext) -> list[ReportedRecord]:
        """Return the records that their providers list as in use."""
        return [each for each in self.records if is_live(each.record, context.policy)]

    def is_active(self, context: ReportContext) -> bool:
        """Whether it is in use, and a provider that counts has seen it within `Reports:ActiveDays`."""
        since = context.rules.active_since(context.now)
        return any(
            each.row.seen_at is not None
            and since <= each.row.seen_at
            and context.rules.counts_for_activity(each.provider)
            and is_live(each.record, context.policy)
            for each in self.records
        )


def as_text(value: object) -> str | None:
    """Return a value as a cell; None where there is nothing to show."""
    return None if value is None or value == "" else str(value)


def devices(
    context: ReportContext,
    *,
    doubled: bool = False,
    has_conflict: bool | None = None,
    made: MadeSince | None = None,
) -> Iterator[ReportedDevice]:
    """
    Yield the devices that are wanted, in order of id.

    A provider narrows to devices that have a record of it; they come with all their records.

    Args:
        doubled: Only devices that a provider lists more than once; a caller who may see some records gets the others
            as well.
        has_conflict: Only devices whose records differ on hardware, or only the others; None: all.
        made: Only devices that were made lately; a caller who may see some records gets the others as well.
    """
    wanted = context.wanted
    filters = Filters(wanted.company, wanted.type, wanted.provider, has_conflict=has_conflict)
    if context.visibility is None:
        for face, records in device_records.stream(context.connection, filters, doubled=doubled, made=made):
            yield ReportedDevice(face, records)
        return
    seen = context.connection, context.policy, context.visibility
    passing = {row.id for row in matching_devices(*seen, filters)}
    for found in all_visible(*seen):
        own: defaultdict[str, list[RecordOfDevice]] = defaultdict(list)
        for each in found.records:
            own[each.device_id].append(each)
        yield from (ReportedDevice(_face(row), own[row.id]) for row in found.rows.values() if row.id in passing)


def device_by_id(context: ReportContext, device_id: str) -> ReportedDevice | None:
    """Return one device with its records that the caller may see; None where there is none."""
    if context.visibility is None:
        row = stored_devices.by_ids(context.connection, [device_id]).get(device_id)
        records = device_records.of_devices(context.connection, [device_id])
    else:
        found = devices_of(context.connection, context.policy, context.visibility, [device_id])
        row, records = found.rows.get(device_id), list(found.records)
    return ReportedDevice(_face(row), records) if row else None


def _face(row: DeviceRow) -> DeviceFace:
    return DeviceFace(*(getattr(row, field) for field in DeviceFace._fields))
