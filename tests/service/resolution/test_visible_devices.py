"""Devices that are made anew from visible records."""

from pathlib import Path

import pytest

from service.core.errors import NotFound
from service.resolution.visible_devices import device_of, devices_of, matching_devices
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import devices, visible
from service.store.resolved.device_filters import Filters
from tests.service.api.two_customers import ALL, TOLD
from tests.service.reports.fleets import world_of


def test_who_sees_all_records_sees_the_devices_that_are_stored(tmp_path: Path) -> None:
    """Golden values, their provenance and what lists filter by are made by the same rules."""
    world = world_of(tmp_path, *TOLD)
    with world.store.reading() as connection:
        ids = visible.device_ids(connection, ALL)
        made = devices_of(connection, world.policy, ALL, ids).rows
        stored = devices.by_ids(connection, ids)

    assert len(made) > 5
    assert list(made) == sorted(stored)
    for device_id, row in made.items():
        assert row[:6] == stored[device_id][:6]


def test_a_part_of_a_company_finds_its_devices(tmp_path: Path) -> None:
    """Among visible records as in the store."""
    world = world_of(tmp_path, *TOLD)
    part = Filters(text="ACME")
    with world.store.reading() as connection:
        stored = devices.page(connection, part, "", 100)
        made = list(matching_devices(connection, world.policy, ALL, part))

    assert [row.id for row in made] == [row.id for row in stored]
    assert {row.company_key for row in made if "acme" not in row.search_text}


def test_a_device_without_a_visible_record_is_not_found(tmp_path: Path) -> None:
    """Its id is as unknown as any other."""
    world = world_of(tmp_path, *TOLD)
    nobody = Visibility(frozenset({Customer("cw_manage", "1")}))

    with world.store.reading() as connection, pytest.raises(NotFound, match="no device 'id-0001'"):
        device_of(connection, world.policy, nobody, "id-0001")
