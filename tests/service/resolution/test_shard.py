"""A change loads the records that it can reach, directly or through others, and no other record."""

from pathlib import Path

import pytest

from matching.model import Decision, Key, Verdict
from service.resolution.shard import Shard, connected, load_shard
from service.store.database.postings import unpacked
from service.store.indexes import identifiers
from service.store.ingested import records
from service.store.resolved import devices
from service.store.stewardship import decisions
from service.store.stewardship.decisions import StoredDecision
from tests.service.people import decide
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

MAC = "3C:A9:F4:00:00:01"


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a chain of three records and a fourth one that has nothing to do with them."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001"),
        record("b:1", serial="SN-10001", macs=[MAC]),
        record("c:1", macs=[MAC]),
        record("z:1", serial="SN-99999"),
    )
    return world


def loaded(world: Sandbox, *keys: str) -> Shard:
    """Return the shard around some records."""
    calibration = in_force(world)
    with world.store.reading() as connection:
        return load_shard(connection, map(Key.parse, keys), POLICY, calibration)


def names(shard: Shard) -> set[str]:
    """Return the records of a shard."""
    return set(map(str, shard.keys))


def test_a_shard_holds_whom_a_record_meets_through_others_and_nobody_else(world: Sandbox) -> None:
    """From whichever end of the chain it is loaded, with what is stored about each."""
    for key in ("a:1", "b:1", "c:1"):
        shard = loaded(world, key)
        assert names(shard) == {"a:1", "b:1", "c:1"}
        assert shard.stored.keys() == shard.keys == shard.resolution.records.keys()
        assert shard.before.home == dict.fromkeys(shard.keys, world.home("a:1"))
    assert names(loaded(world, "z:1")) == {"z:1"}


def test_a_shard_holds_whom_a_decision_binds(world: Sandbox) -> None:
    """They share no value, and one device of them is resolved as a whole."""
    decide(world, "same", "c:1", "z:1")

    assert names(loaded(world, "a:1")) == {"a:1", "b:1", "c:1", "z:1"}


def test_a_record_that_has_changed_loads_whom_it_met_and_whom_it_meets_now(world: Sandbox) -> None:
    """Those of its former device may fall apart, those of its new one come together."""
    calibration = in_force(world)
    with world.store.writing() as connection:
        writer = identifiers.writer(connection)
        changed = records.entry(record("b:1", serial="SN-99999"))
        records.upsert(connection, [changed], world.now(), writer)
        writer.flush()

        shard = load_shard(connection, [Key("b", "1")], POLICY, calibration)

    assert names(shard) == {"a:1", "b:1", "c:1", "z:1"}
    assert {frozenset(map(str, each.keys)) for each in shard.resolution.devices} == {
        frozenset({"a:1"}),
        frozenset({"b:1", "z:1"}),
        frozenset({"c:1"}),
    }


def test_a_record_that_has_changed_loads_whom_it_met_in_another_device(tmp_path: Path) -> None:
    """What was left open between the two is to be withdrawn."""
    world = Sandbox(tmp_path)
    guid = "4C4C4544-0051-3510-8052-B8C04F4E3132"
    world.push(
        record("a:1", serial="SN-1000A", bios_guid=guid), record("b:1", serial="SN-1000A", bios_guid=f"5{guid[1:]}")
    )
    assert len(world.devices()) == 2
    calibration = in_force(world)
    with world.store.writing() as connection:
        writer = identifiers.writer(connection)
        records.upsert(connection, [records.entry(record("b:1", serial="SN-1000B"))], world.now(), writer)
        writer.flush()

        assert names(load_shard(connection, [Key("b", "1")], POLICY, calibration)) == {"a:1", "b:1"}


def test_a_decision_binds_before_the_devices_follow_it(world: Sandbox) -> None:
    """The shard is what they are resolved from; a decision that two records differ loads nobody."""
    calibration = in_force(world)
    ends = Key("c", "1"), Key("z", "1")
    for verdict, expected in ((Verdict.DIFFERENT, 3), (Verdict.SAME, 4)):
        with world.store.writing() as connection:
            decisions.add(connection, [StoredDecision(str(verdict), Decision(verdict, *ends), world.now())])
            assert len(load_shard(connection, [Key("a", "1")], POLICY, calibration).keys) == expected
            decisions.revoke(connection, str(verdict), "bob", "", world.now())


def test_a_record_that_is_gone_loads_whom_it_held_together(world: Sandbox) -> None:
    """By the blocking keys that it had; it is named, and it is not stored."""
    calibration = in_force(world)
    with world.store.reading() as connection:
        member = devices.members(connection, [Key("b", "1")])[Key("b", "1")]
        shard = load_shard(connection, [Key("x", "1")], POLICY, calibration, unpacked(member.blocking_keys))

    assert names(shard) == {"x:1", "a:1", "b:1", "c:1"}
    assert Key("x", "1") not in shard.stored


def test_connected_records_are_found_without_resolving_them(world: Sandbox) -> None:
    """They are those of the shard."""
    with world.store.reading() as connection:
        assert connected(connection, [Key("c", "1")]) == loaded(world, "c:1").keys
        assert connected(connection, [Key("z", "1")]) == {Key("z", "1")}
