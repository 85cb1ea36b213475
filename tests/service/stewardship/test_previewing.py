"""What a decision would do, with the devices before and after it."""

from pathlib import Path

from matching.model import Key
from service.stewardship.previewing import device_states, foresee
from tests.service.people import decide, decision
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_the_devices_are_told_before_and_after_with_all_their_records(tmp_path: Path) -> None:
    """Those that a decision joins, and those that it parts; nothing is stored."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001"), record("c:1", serial="SN-20002"))
    everything = world.everything()

    joined = foresee(world, decision("same", "a:1", "c:1"))
    parted = foresee(world, decision("different", "a:1", "b:1"))

    assert [each.records for each in joined.before] == [["a:1", "b:1"], ["c:1"]]
    assert [each.records for each in joined.after] == [["a:1", "b:1", "c:1"]]
    assert [each.records for each in parted.before] == [["a:1", "b:1"]]
    assert [each.records for each in parted.after] == [["a:1"], ["b:1"]]
    assert joined.before[0].values["serial"] == "SN-10001"
    assert world.everything() == everything


def test_what_stands_already_changes_no_device(tmp_path: Path) -> None:
    """Before and after are the devices as they are."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("c:1", serial="SN-20002"))
    decide(world, "same", "a:1", "c:1")

    foreseen = foresee(world, decision("same", "a:1", "c:1"))

    assert foreseen.before == foreseen.after == device_states(world, [Key("a", "1")])
    assert foreseen.preview.changes == []
