"""The records of a device as providers sent them, for reports."""

from typing import cast

from matching.model import Record
from service.devices.lookup import DeviceView, RecordView


def listed(device: DeviceView) -> list[Record]:
    """Return the device's records as they were sent, but for a `last_seen` that was in the future."""
    return [_record(view) for view in device.records]


def _record(view: RecordView) -> Record:
    record = {**view.payload, "provider": view.provider, "id": view.id}
    if any(value.kind == "last_seen" for value in view.suppressed):
        del record["last_seen"]
    return cast(Record, record)


def text(value: object) -> str | None:
    """Return a golden value or a record's field as a cell; None where there is nothing to show."""
    return None if value is None or value == "" else str(value)
