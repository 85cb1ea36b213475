"""Columns that several reports have say the same everywhere."""

from dataclasses import dataclass

from service.reports.definition import CellType, columns_of
from service.reports.device_columns import CustomerColumn, DeviceColumn


@dataclass
class _Row:
    company: CustomerColumn
    device_id: DeviceColumn


def test_a_column_has_title_meaning_and_type() -> None:
    """As if they stood at the field."""
    assert [(each.name, each.title, each.type, each.meaning) for each in columns_of(_Row)] == [
        ("company", "Customer", CellType.TEXT, "Name of the customer."),
        ("device_id", "Device", CellType.TEXT, "The device's id."),
    ]
