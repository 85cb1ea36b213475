"""The whole store is resolved shard by shard as in a single step."""

from pathlib import Path

import pytest

from matching.calibration.calibrate import Calibration
from service.core.workers import WorkerPool
from service.resolution import whole_store
from service.resolution.applying import rebuild
from service.resolution.persisting import Persisted
from service.resolution.recalibration import accept, recalibrate
from service.resolution.whole_store import calibrate_all, identify_all, partition_all, persist_all
from tests.service.resolution.conftest import COPIES, OTHERS
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

FLEET = [record(f"{provider}:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(5) for provider in "cde"]


def persisted(world: Sandbox, calibration: Calibration) -> list[Persisted]:
    """Resolve everything under a calibration."""
    with world.store.writing() as connection:
        whole = partition_all(connection, identify_all(connection, POLICY), POLICY, calibration)
        return list(persist_all(connection, whole, world.change(connection)))


def test_a_shard_consists_of_whole_components(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the shards are to be, no device is resolved in two of them, and every record is in one."""
    world = Sandbox(tmp_path)
    world.take_in(*FLEET)
    before = world.everything()
    monkeypatch.setattr(whole_store, "PORTION", 4)

    parts = persisted(world, in_force(world))

    assert sorted(len(part.members) for part in parts) == [3, 6, 6]
    assert sum(part.rows.total() for part in parts) == 0
    assert world.everything() == before


def test_a_new_store_is_made_of_whole_components(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no former devices that would hold the records of one together."""
    monkeypatch.setattr(whole_store, "PORTION", 1)
    world = Sandbox(tmp_path)

    world.take_in(*FLEET)

    assert sorted(map(sorted, world.groups().values())) == [[f"c:{n}", f"d:{n}", f"e:{n}"] for n in range(5)]


def history(folder: Path) -> tuple[dict[str, set[str]], list[tuple[object, ...]]]:
    """Return devices and changes of a store in which three boxes that were taken for one are told apart."""
    folder.mkdir()
    world = Sandbox(folder)
    world.take_in(*OTHERS, COPIES[0])
    for each in COPIES[1:]:
        world.push(each)
    assert recalibrate(world).outcome == "held"
    accept(world)
    assert rebuild(world).rows.total() == 0
    return world.groups(), world.rows("SELECT seq, device_id, what FROM changes ORDER BY seq")


def test_a_shard_consists_of_whole_former_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the id of a device that falls apart lives on once, as it does in a single step."""
    in_one = history(tmp_path / "in-one")
    monkeypatch.setattr(whole_store, "PORTION", 1)

    assert history(tmp_path / "in-many") == in_one


def test_a_team_reads_what_one_process_reads(tmp_path: Path) -> None:
    """The same identities, and so the same calibration."""
    with WorkerPool(2) as pool:
        world = Sandbox(tmp_path)
        world.take_in(
            *FLEET, *COPIES, record("z:1", serial="To be filled by O.E.M.", links=[{"provider": "c", "id": "1"}])
        )
        with world.store.reading() as connection:
            alone = identify_all(connection, POLICY)
            assert identify_all(connection, POLICY, pool) == alone

    assert len(alone) == 19
    assert calibrate_all(alone, POLICY).suppression.values
