"""Devices and whose records are theirs: read by record, id and filter, and written where they differ."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from matching.model import Key
from service.store.resolved import devices
from service.store.resolved.device_filters import Filters
from service.store.resolved.devices import DeviceRow, Devices, Retired
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
A, B, Z = Key("a", "1"), Key("b", "1"), Key("z", "1")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a device of two records and one of a single record."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001", company="Straße GmbH", type="Laptop", hostname="pc-1"),
        record("b:1", serial="SN-10001"),
        record("z:1", serial="SN-99999", company="Acme", hostname="100%-pc"),
    )
    return world


def device(device_id: str) -> DeviceRow:
    """Return a device that says nothing."""
    return DeviceRow(device_id, "{}", "{}", None, None, "", NOON, NOON)


def some(*device_ids: str) -> Devices:
    """Return devices without records."""
    return Devices({device_id: device(device_id) for device_id in device_ids}, {})


def names(connection: Connection, filters: Filters) -> list[str]:
    """Return the ids of the devices that a filter lets through."""
    return [row.id for row in devices.page(connection, filters, "", 10)]


def test_a_record_leads_to_its_device_and_to_all_members_of_it(world: Sandbox) -> None:
    """With what is stored of them; a record that is not there leads nowhere."""
    home, other = world.home("a:1"), world.home("z:1")
    with world.store.reading() as connection:
        found = devices.fellow_members(connection, [A, Key("x", "1")])

        assert found.members.keys() == found.stored.keys() == {A, B}
        assert found.stored[B].record == {"provider": "b", "id": "1", "serial": "SN-10001"}
        assert devices.members(connection, [A]) == {A: found.members[A]}
        assert {key: row.id for key, row in devices.of_records(connection, [B, Z, Key("x", "1")]).items()} == {
            B: home,
            Z: other,
        }
        assert devices.of(connection, found.members).home == {A: home, B: home}
        assert dict(devices.homes(connection)) == {A: home, B: home, Z: other}


def test_a_list_is_narrowed_by_each_filter(world: Sandbox) -> None:
    """Company and type in whatever case, text as it stands; what no device has finds none."""
    home, other = world.home("a:1"), world.home("z:1")
    with world.store.reading() as connection:
        assert names(connection, Filters()) == sorted([home, other])
        assert names(connection, Filters(company="STRASSE gmbh")) == [home]
        assert names(connection, Filters(type="lapTOP")) == [home]
        assert names(connection, Filters(provider="b")) == [home]
        assert names(connection, Filters(text="SN-1")) == [home]
        assert names(connection, Filters(text="%")) == [other]
        assert names(connection, Filters(company="Acme", provider="b")) == []
        assert [row.id for row in devices.page(connection, Filters(), min(home, other), 10)] == [max(home, other)]


def test_only_rows_that_differ_are_written(world: Sandbox) -> None:
    """One that goes, one that comes, one that changes; one that stays as it is does not count."""
    with world.store.writing() as connection:
        before, after = some("x-1", "x-2", "x-3"), some("x-1", "x-2", "x-4")
        assert devices.write(connection, some(), before, []) == 3
        after = Devices({**after.devices, "x-2": device("x-2")._replace(golden='{"name":"pc"}')}, {})

        assert devices.write(connection, before, after, [Retired("x-3", "x-4", "merged into x-4", NOON)]) == 3

        assert devices.by_ids(connection, ["x-1", "x-2", "x-3", "x-4"]) == after.devices
        assert devices.empty(connection) == after.devices
        assert devices.retired(connection, "x-3") == Retired("x-3", "x-4", "merged into x-4", NOON)
        assert devices.retired(connection, "x-1") is None


def test_a_retired_id_always_leads_to_a_device(world: Sandbox) -> None:
    """When its successor retires too it leads on to the next one, or nowhere, for the same reason."""
    with world.store.writing() as connection:
        devices.write(connection, some(), some("x-1", "x-2", "x-3"), [])
        steps = [("x-1", "x-2", "x-3"), ("x-2", "x-3"), ("x-3",), ()]
        ends = [Retired("x-1", "x-2", "first", NOON), Retired("x-2", "x-3", "second", NOON)]
        ends.append(Retired("x-3", None, "its last record is gone", NOON))
        led = []
        for before, after, end in zip(steps, steps[1:], ends, strict=False):
            devices.write(connection, some(*before), some(*after), [end])
            found = devices.retired(connection, "x-1")
            led.append((found.successor, found.why) if found else None)

    assert led == [("x-2", "first"), ("x-3", "second"), (None, "its last record is gone")]


def test_a_device_without_records_is_found(world: Sandbox) -> None:
    """There is none unless something went wrong; a rebuild asks for them."""
    lost = world.home("z:1")
    with world.store.writing() as connection:
        assert devices.empty(connection) == {}
        connection.execute(text("DELETE FROM memberships WHERE provider = 'z'"))

        assert devices.empty(connection).keys() == {lost}
