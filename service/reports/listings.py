"""The records of a device as providers sent them, for reports."""

from typing import cast

from matching.model import Record
from service.devices.lookup import DeviceView


def listed(device: DeviceView) -> list[Record]:
    """Return the device's records as they were sent."""
    return [cast(Record, {**view.payload, "provider": view.provider, "id": view.id}) for view in device.records]


def text(value: object) -> str | None:
    """Return a golden value or a record's field as a cell; None where there is nothing to show."""
    return None if value is None or value == "" else str(value)
