"""A shard is brought up to what it resolves to now: ids live on, and only rows that differ are written."""

import json
from pathlib import Path

import pytest

from matching.model import Key, Record
from service.resolution.composing import compose
from service.resolution.persisting import Persisted, persist
from service.resolution.shard import load_shard
from service.store.indexes import blocking_keys, identifiers
from service.store.ingested import records
from service.store.resolved.changes import ChangeKind
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

FIRST, SECOND = Key("a", "1"), Key("b", "1")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with one device of two records."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", hostname="pc-1"), record("b:1", serial="SN-10001"))
    return world


def persisted(world: Sandbox, *changed: Record) -> Persisted:
    """Store records and persist the shard around them; without any, that of the first record."""
    calibration = in_force(world)
    with world.store.writing() as connection:
        terms, keys = identifiers.writer(connection), blocking_keys.writer(connection)
        entries = [records.entry(each) for each in changed]
        records.upsert(connection, entries, world.now(), terms)
        shard = load_shard(connection, [each.key for each in entries] or [FIRST], POLICY, calibration)
        done = persist(connection, shard, compose(shard.resolution), world.change(connection, {"sync": "s-1"}), keys)
        terms.flush()
        keys.flush()
    return done


def test_a_shard_that_resolves_to_what_is_stored_writes_nothing(world: Sandbox) -> None:
    """No row differs and nothing has happened, so no statement writes."""
    before = world.everything()
    with collected(world.store) as statements:
        done = persisted(world)

    assert (done.changes, done.rows.total()) == ([], 0)
    assert done.members.keys() == {FIRST, SECOND}
    assert [each for each in statements if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert world.everything() == before


def test_a_device_whose_value_changes_keeps_its_id_and_the_time_of_its_creation(world: Sandbox) -> None:
    """One row differs, that of the device; its memberships stay as they are."""
    [before] = world.devices()

    done = persisted(world, record("a:1", serial="SN-10001", hostname="pc-1", model="Latitude"))

    [after] = world.devices()
    assert (after.id, after.created_at, after.values["model"]) == (before.id, before.created_at, "Latitude")
    assert after.updated_at > before.updated_at
    assert +done.rows == {"devices": 1}
    [change] = done.changes
    assert (change.device_id, change.what, change.detail["fields"]["model"]) == (
        after.id,
        ChangeKind.CHANGED,
        {"from": None, "to": "Latitude"},
    )


def test_a_record_that_leaves_its_device_gets_a_new_one(world: Sandbox) -> None:
    """The id stays with the record that came first; the feed says what came of which device, and because of what."""
    whole = world.home("a:1")

    done = persisted(world, record("b:1", serial="SN-20002"))

    assert world.groups() == {whole: {"a:1"}, world.home("b:1"): {"b:1"}}
    assert {key: member.device_id for key, member in done.members.items()} == {
        FIRST: whole,
        SECOND: world.home("b:1"),
    }
    assert [each.what for each in done.changes] == [ChangeKind.SPLIT, ChangeKind.CHANGED]
    causes = [json.loads(detail).get("because") for (detail,) in world.rows("SELECT detail FROM changes ORDER BY seq")]
    assert causes[-2:] == [{"sync": "s-1"}, {"sync": "s-1"}]


def test_values_that_are_no_evidence_are_kept_with_the_membership(world: Sandbox) -> None:
    """With the reason, so that a person can see why a record was not joined by them."""
    persisted(world, record("b:1", serial="To be filled by O.E.M."))

    [(suppressed,)] = world.rows("SELECT suppressed FROM memberships WHERE provider = 'b'")
    assert '"kind":"serial"' in suppressed
    assert world.rows("SELECT suppressed FROM memberships WHERE provider = 'a'") == [("[]",)]
