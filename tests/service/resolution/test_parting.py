"""Where records come apart, the feed says why: a value withdrawn, a value that is no evidence now, a new objection."""

from pathlib import Path
from typing import Any

from service.resolution.recalibration import recalibrate
from service.stewardship.feed import feed
from service.store.resolved import changes
from service.store.resolved.changes import ChangeKind
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

MAC, OTHER = "3C:A9:F4:00:00:01", "3C:A9:F4:00:00:02"
GUIDS = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "A1F4C3D2-5E6B-4788-9C0D-3E4F5A6B7C8D"


def partings(world: Sandbox) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the kind of each change that gives reasons, with the reasons."""
    with world.store.reading() as connection:
        told = [each.change for each in changes.after(connection, 0) if "parted" in each.change.detail]
    return [(change.what, change.detail["parted"]) for change in told]


def last_split(world: Sandbox) -> str:
    """Return the sentence of the last split."""
    return [each.sentence for each in feed(world, limit=1000).data if each.what is ChangeKind.SPLIT][-1]


def test_a_split_names_the_value_that_was_withdrawn(tmp_path: Path) -> None:
    """Both halves of the history say it: the new device's, and that of the one that it left."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="MJ0A7Q2K", name="Desk"), record("b:1", serial="MJ0A7Q2K", macs=[MAC]))

    world.push(record("a:1", serial="", name="Desk"))

    sentence = "a:1 no longer says serial MJ0A7Q2K, on which it agreed with b:1"
    assert last_split(world).endswith(f". {sentence}.")
    row = {"reason": "withdrawn", "kind": "serial", "value": "MJ0A7Q2K", "left": "b:1", "right": "a:1"}
    told = partings(world)
    assert sorted(what for what, _ in told) == ["changed", "split"]
    assert [reasons for _, reasons in told] == [[{**row, "sentence": sentence}]] * 2


def test_a_split_names_the_new_objection(tmp_path: Path) -> None:
    """Both still give the serial, and now they have two GUIDs."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="MJ0A7Q2K", bios_guid=GUIDS[0]), record("b:1", serial="MJ0A7Q2K"))

    world.push(record("b:1", serial="MJ0A7Q2K", bios_guid=GUIDS[1]))

    (_, (reason,)), _ = partings(world)
    assert reason["reason"] == "opposed"
    assert "their BIOS GUIDs differ" in last_split(world)


def test_a_split_names_a_record_that_is_gone(tmp_path: Path) -> None:
    """The bridge between two records was deleted; a record that goes alone parts nobody."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="MJ0A7Q2K"), record("b:1", serial="MJ0A7Q2K", macs=[MAC]), record("c:1", macs=[MAC])
    )

    world.delete("b:1")

    assert "b:1, which agreed with c:1 on MAC 3C:A9:F4:00:00:01, is gone" in last_split(world)
    before = partings(world)
    world.delete("c:1")
    assert partings(world) == before


def test_a_split_names_a_value_that_is_no_evidence_any_more(tmp_path: Path) -> None:
    """A GUID that turned out to be on several boxes joins nobody, and the reason is that of the calibration."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", bios_guid=GUIDS[0], hostname="pc-1"))
    world.push(*(record(f"a:{n}", bios_guid=GUIDS[0], hostname=f"pc-{n}") for n in (2, 3)))
    assert len(world.devices()) == 1

    recalibrate(world, max_change=1)

    assert "is no evidence now: over-shared: on 3 boxes of a" in last_split(world)
    assert {reason["reason"] for _, reasons in partings(world) for reason in reasons} == {"suppressed"}


def test_records_of_an_absorbed_device_tell_what_had_joined_them(tmp_path: Path) -> None:
    """The feed of the retired id is read as well."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="MJ0A7Q2K"))
    world.push(record("b:1", macs=[MAC]), record("c:1", macs=[MAC, OTHER]))
    world.push(record("d:1", serial="MJ0A7Q2K", macs=[OTHER]))
    assert len(world.devices()) == 1

    world.push(record("b:1", hostname="desk"))

    assert "b:1 no longer says MAC 3C:A9:F4:00:00:01, on which it agreed with c:1" in last_split(world)
