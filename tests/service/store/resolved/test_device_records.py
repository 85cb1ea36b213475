"""The records of devices."""

from pathlib import Path

import pytest

from service.store.resolved import device_records
from service.store.resolved.device_filters import Filters
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


def test_all_devices_come_in_portions_each_with_its_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, in order of id, narrowed by filters; `doubled` lets those through that a provider lists twice."""
    monkeypatch.setattr(device_records, "PORTION", 2)
    world = Sandbox(tmp_path)
    twice = [record(f"a:{number}", serial="SN-10001") for number in (1, 2)]
    world.push(
        *twice,
        record("b:1", serial="SN-10001"),
        *(record(f"c:{number}", serial=f"SN-2000{number}") for number in range(4)),
    )

    with world.store.reading() as connection:
        found = list(device_records.stream(connection, Filters()))
        of_b = list(device_records.stream(connection, Filters(provider="b")))
        doubled = list(device_records.stream(connection, Filters(), doubled=True))

    assert [face.id for face, _ in found] == sorted(face.id for face, _ in found)
    assert sorted(str(row.key) for _, rows in found for row in rows) == [
        "a:1",
        "a:2",
        "b:1",
        "c:0",
        "c:1",
        "c:2",
        "c:3",
    ]
    assert all(row.device_id == face.id for face, rows in found for row in rows)
    assert of_b == doubled == [each for each in found if len(each[1]) == 3]
