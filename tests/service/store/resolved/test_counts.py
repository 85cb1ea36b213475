"""Counts say how much there is of what, by provider."""

from pathlib import Path

import pytest

from service.ingest.protocol import Quarantined
from service.store.resolved import counts
from service.store.resolved.counts import Listing
from service.store.resolved.device_filters import Filters
from tests.service.people import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store in which one provider lists a device twice and shares it with another one."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001"),
        record("a:2", serial="SN-10001"),
        record("b:1", serial="SN-10001"),
        record("b:2", serial="SN-20002"),
    )
    return world


def test_a_provider_lists_records_and_the_devices_behind_them(world: Sandbox) -> None:
    """A device that it lists twice counts once."""
    with world.store.reading() as connection:
        assert counts.listings(connection) == [Listing("a", 2, 1), Listing("b", 2, 2)]
        assert counts.records(connection) == {"a": 2, "b": 2}
        assert counts.devices(connection) == 2


def test_devices_are_counted_by_who_lists_them(world: Sandbox) -> None:
    """By one of these providers, or by any other one; one device may be listed by both."""
    with world.store.reading() as connection:
        assert counts.listed_by(connection, ["a"], inside=True) == 1
        assert counts.listed_by(connection, ["a"], inside=False) == 2
        assert counts.listed_by(connection, ["a", "b"], inside=True) == 2
        assert counts.listed_by(connection, ["a", "b"], inside=False) == 0
        assert counts.listed_by(connection, [], inside=True) == 0


def test_rows_in_quarantine_and_standing_decisions_are_counted(world: Sandbox) -> None:
    """A decision that is revoked no longer counts."""
    world.take_in(quarantined=[Quarantined("c", "1", "no id", {}), Quarantined("c", "2", "no id", {})])
    decide(world, "same", "b:1", "b:2")
    taken_back = decide(world, "different", "a:1", "b:2")
    revoke(world, taken_back.decision.id)

    with world.store.reading() as connection:
        assert counts.quarantined(connection) == {"c": 2}
        assert counts.standing_decisions(connection) == 1


def test_some_devices_are_counted_apart(tmp_path: Path) -> None:
    """Those that filters let through, with all their records."""
    world = Sandbox(tmp_path)
    said = {"serial": "SN-10001", "company": "Acme", "type": "Laptop"}
    world.push(record("a:1", **said), record("a:2", **said), record("a:3", serial="SN-30003", company="Beta"))

    with world.store.reading() as connection:
        for filters in (Filters(company="acme"), Filters(type="laptop")):
            assert counts.listings(connection, filters) == [Listing("a", 2, 1)]
            assert counts.devices(connection, filters) == 1
        assert counts.devices(connection, Filters(company="acne")) == 0
