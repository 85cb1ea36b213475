"""Visible records, resolved as if there were no others."""

from dataclasses import replace
from pathlib import Path

from matching.model import Key
from service.resolution.visible import only_visible, visible_decisions, visible_shard
from service.store.access.visibility import Visibility
from service.store.stewardship import decisions, reviews
from tests.service.api.two_customers import ALL, CUSTOMERS, DECIDED, JOINED, JOINING, TOLD, add_foreign, own_world
from tests.service.reports.fleets import world_of

ACME = Visibility(CUSTOMERS)


def test_who_sees_all_records_is_asked_the_questions_that_are_stored(tmp_path: Path) -> None:
    """All at once, and around one record."""
    world = world_of(tmp_path, *TOLD)
    with world.store.reading() as connection:
        stored = [replace(each, number=None) for each in reviews.by_ids(connection, reviews.ids(connection))]
        found = visible_shard(connection, world.policy, ALL).reviews
        around = visible_shard(connection, world.policy, ALL, [Key("cw_manage", "3")])

    assert len(stored) > 2
    assert sorted(found, key=lambda each: each.id) == sorted(stored, key=lambda each: each.id)
    assert around.reviews_about([Key("cw_manage", "3")]) == [
        each for each in found if "cw_manage:3" in (*each.body["left"], *each.body["right"])
    ]


def test_records_of_one_stored_device_are_no_question(tmp_path: Path) -> None:
    """Also where they would be two without the record that joins them."""
    world = world_of(tmp_path, *JOINED, JOINING)
    with world.store.reading() as connection:
        shard = visible_shard(connection, world.policy, ACME)

    assert len(shard.resolution.devices) == 2
    assert len(set(shard.home.values())) == 1
    assert shard.reviews == []


def test_a_decision_is_visible_with_both_its_records(tmp_path: Path) -> None:
    """One about a hidden record neither is told nor counts."""
    world = own_world(tmp_path)
    add_foreign(world)
    with world.store.reading() as connection:
        standing = decisions.stored_standing(connection)
        seen = only_visible(connection, ACME, standing)
        about = visible_decisions(connection, ACME, [Key("cw_manage", "4")])

    assert len(standing) == 3
    assert [(each.decision.left, each.decision.right) for each in seen] == [(DECIDED.left, DECIDED.right)]
    assert about == seen
