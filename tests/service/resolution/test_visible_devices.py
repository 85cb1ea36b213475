"""Devices that are made anew from visible records."""

from pathlib import Path

import pytest

from matching.model import Key
from service.core.errors import NotFound
from service.resolution.visible import visible_shard
from service.resolution.visible_devices import device_of, devices_of
from service.store import devices, reviews, visible
from service.store.visibility import Customer, Visibility
from tests.service.api.two_customers import FOREIGN, OWN
from tests.service.reports.fleets import world_of

ALL = Visibility(
    frozenset(
        Customer(record["provider"], record["company_id"]) for record in (*OWN, *FOREIGN) if "company_id" in record
    )
)
TOLD = [record for record in (*OWN, *FOREIGN) if "company_id" in record]


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


def test_who_sees_all_records_is_asked_the_questions_that_are_stored(tmp_path: Path) -> None:
    """All at once, and around one record."""
    world = world_of(tmp_path, *TOLD)
    with world.store.reading() as connection:
        stored = reviews.by_ids(connection, reviews.ids(connection))
        found = visible_shard(connection, world.policy, ALL).reviews
        around = visible_shard(connection, world.policy, ALL, [Key("cw_manage", "3")])

    assert len(stored) > 2
    assert sorted(found, key=lambda each: each.id) == sorted(stored, key=lambda each: each.id)
    assert around.reviews_about([Key("cw_manage", "3")]) == [
        each for each in found if "cw_manage:3" in (*each.body["left"], *each.body["right"])
    ]


def test_a_device_without_a_visible_record_is_not_found(tmp_path: Path) -> None:
    """Its id is as unknown as any other."""
    world = world_of(tmp_path, *TOLD)
    nobody = Visibility(frozenset({Customer("cw_manage", "1")}))

    with world.store.reading() as connection, pytest.raises(NotFound, match="no device 'id-0001'"):
        device_of(connection, world.policy, nobody, "id-0001")
