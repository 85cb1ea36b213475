"""The records of devices."""

from pathlib import Path

from service.store.resolved import device_records
from tests.service.sandbox import Sandbox, minutes, record
from tests.service.stores import on_both

pytestmark = on_both


def test_the_records_of_devices_come_in_order_of_key(tmp_path: Path) -> None:
    """Each with its device; those of other devices do not."""
    world = Sandbox(tmp_path)
    world.push(
        record("b:1", serial="SN-10001"),
        record("a:1", serial="SN-10001"),
        record("a:2", serial="SN-20002"),
        record("c:1"),
    )
    homes = [world.home("a:1"), world.home("a:2")]

    with world.store.reading() as connection:
        rows = device_records.of_devices(connection, homes)

    assert [(str(row.key), row.device_id) for row in rows] == list(
        zip(["a:1", "a:2", "b:1"], [homes[0], homes[1], homes[0]], strict=True)
    )


def test_a_time_in_the_future_does_not_count(tmp_path: Path) -> None:
    """The record is read as the resolution reads it; the payload stays."""
    world = Sandbox(tmp_path, now=minutes())
    world.push(record("a:1", serial="SN-10001", last_seen="2099-01-01T00:00:00Z"))

    with world.store.reading() as connection:
        [row] = device_records.of_devices(connection, [world.home("a:1")])

    assert "last_seen" not in row.record
    assert "2099" in row.payload
