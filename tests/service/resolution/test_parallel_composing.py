"""Shards that other processes compose are composed as in this one."""

from pathlib import Path

from matching.model import Key
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution.composing import Composition
from service.resolution.parallel_composing import compose_in_parallel
from service.resolution.shard import Shard, load_shard
from service.resolution.whole_store import identify_all, partition_all
from tests.service.people import decide
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
MAC = "3C:A9:F4:00:00:01"
LONG = "acme-laptop-0000"


def composed(folder: Path, pool: WorkerPool) -> list[tuple[Shard, Composition]]:
    """Return the shards of a store with a decision, a review and names that begin alike, each with its composition."""
    world = Sandbox(folder)
    world.push(
        record("a:1", serial="SN-10001", name="Büro-PC"),
        record("b:1", serial="SN-10001", macs=[MAC]),
        record("c:1", macs=[MAC]),
        record("a:2", serial="SN-20002", bios_guid=GUID),
        record("b:2", serial="SN-20002", bios_guid=GUID.replace("4C4C", "5C4C")),
        record("a:3", hostname="pc-3"),
        record("b:4", hostname="pc-4"),
        *(record(f"a:{n}", hostname=f"{LONG}{n}", company="Acme") for n in (7, 8)),
        record("b:9", hostname=LONG[:15], company="Acme"),
    )
    decide(world, "same", "a:3", "b:4")
    calibration = in_force(world)
    with world.store.reading() as connection:
        whole = partition_all(connection, identify_all(connection, POLICY), POLICY, calibration)
        shards = [
            load_shard(connection, [Key("a", record_id)], POLICY, calibration) for record_id in ("3", "1", "2", "7")
        ]
        found = list(compose_in_parallel(shards, whole, pool))
    assert [id(shard) for shard, _ in found] == list(map(id, shards))
    return found


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    """Shard by shard and in their order: devices, blocking keys and reviews, under decisions and the calibration."""
    with WorkerPool(2) as pool:
        in_two = composed(tmp_path, pool)
    in_one = composed(tmp_path, NO_WORKERS)

    assert [each._replace(joins={}) for _, each in in_two] == [each for _, each in in_one]
    assert [len(each.devices) for _, each in in_one][:3] == [1, 1, 2]
    assert [len(each.reviews) for _, each in in_one][:3] == [0, 0, 1]


def test_another_process_also_tells_what_joined_the_records(tmp_path: Path) -> None:
    """By the first record of each device of several: that is worked out where there is time for it."""
    with WorkerPool(2) as pool:
        found = composed(tmp_path, pool)

    decided, chain, apart, _ = (composition.joins for _, composition in found)
    assert [each["kind"] for each in decided[Key("a", "3")]] == ["decision"]
    assert [(each["left"], each["right"]) for each in chain[Key("a", "1")]] == [("b:1", "a:1"), ("c:1", "b:1")]
    assert apart == {}
