"""What joined the records of a device is told where it happened."""

from pathlib import Path
from typing import Any

from matching.model import Decision, Key, Verdict
from matching.results.resolution import resolve_records
from service.resolution.joining import with_evidence
from service.store.resolved import changes
from service.store.resolved.changes import Change, ChangeKind
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

MAC, OTHER = "3C:A9:F4:00:00:01", "3C:A9:F4:00:00:02"


def last_details(world: Sandbox) -> dict[str, dict[str, Any]]:
    """Return what -> detail of the last such change."""
    with world.store.reading() as connection:
        return {told.change.what: dict(told.change.detail) for told in changes.after(connection, 0)}


def test_a_created_device_tells_what_its_records_agree_on(tmp_path: Path) -> None:
    """One line a record beyond the first, on the strongest kind that both carry."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001", macs=[MAC]),
        record("b:1", serial="sn-10001", macs=[MAC]),
        record("c:1", macs=[MAC]),
    )

    assert last_details(world)["created"]["evidence"] == [
        {"kind": "serial", "value": "SN-10001", "left": "b:1", "right": "a:1"},
        {"kind": "mac", "value": "3C:A9:F4:00:00:01", "left": "c:1", "right": "a:1"},
    ]


def test_a_record_that_joins_tells_what_ties_it_to_those_before(tmp_path: Path) -> None:
    """The evidence of a change is about the newcomer, not about what was joined long ago."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", macs=[MAC]), record("b:1", serial="SN-10001"))

    world.push(record("c:1", macs=[MAC]))

    assert [(each["left"], each["right"]) for each in last_details(world)["changed"]["evidence"]] == [("c:1", "a:1")]


def test_a_merge_tells_how_the_absorbed_records_hang_on(tmp_path: Path) -> None:
    """What bridges two devices ties itself to the one that stays, and the other one to the bridge."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("b:1", macs=[MAC]))

    world.push(record("c:1", serial="SN-10001", macs=[MAC]))

    told = [(each["kind"], each["left"], each["right"]) for each in last_details(world)["merged"]["evidence"]]
    assert told == [("serial", "c:1", "a:1"), ("mac", "b:1", "c:1")]


def test_a_device_of_one_record_needs_no_evidence(tmp_path: Path) -> None:
    """Nothing was joined, and a change of a value joins nothing either."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001"))
    world.push(record("z:1", hostname="pc-1"))
    world.push(record("a:1", serial="SN-10001", hostname="pc-9"))

    details = last_details(world)
    assert "evidence" not in details["created"]
    assert "evidence" not in details["changed"]


def test_links_and_decisions_are_evidence() -> None:
    """A provider's word ties by link, a person's by decision, which outranks all others."""
    records = [
        record("a:1", hostname="one", links=[{"provider": "b", "id": "1"}]),
        record("b:1", macs=[OTHER]),
        record("c:1", macs=[OTHER]),
    ]
    decided = [Decision(Verdict.SAME, Key("b", "1"), Key("c", "1"))]
    resolution = resolve_records(records, decisions=decided)

    mates = {key: resolution.device_of(key).keys for key in resolution.records}
    [told] = with_evidence(
        [Change("id", ChangeKind.CREATED, {"records": ["a:1", "b:1", "c:1"]})], resolution, mates, {}
    )

    assert told.detail["evidence"] == [
        {"kind": "link", "value": "b:1", "left": "b:1", "right": "a:1"},
        {"kind": "decision", "value": "", "left": "c:1", "right": "b:1"},
    ]
