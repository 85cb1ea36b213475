"""Pushed rows are answered one by one; a record that is taken out leaves no trace."""

import json
from pathlib import Path

import pytest

from matching.model import Key
from service.core.errors import NotFound
from service.devices.lookup import lookup
from service.intake.pushing import find_record, push_records
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_every_row_is_answered_in_order(tmp_path: Path) -> None:
    """What was new, what changed, what was known, and what is no record at all."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("a:2", serial="SN-20002"))

    rows = [record("a:1", serial="SN-10001"), "no record", record("a:2", serial="SN-20003"), {"id": 3}, record("a:4")]
    answers = world.push(*rows)

    assert [answer.status for answer in answers] == ["unchanged", "rejected", "changed", "rejected", "created"]
    assert [answer.reason for answer in answers] == [None, "not a JSON object", None, "no provider", None]
    assert [answer.device_id for answer in answers if answer.key] == [
        world.home("a:1"),
        world.home("a:2"),
        world.home("a:4"),
    ]


def test_values_that_are_no_evidence_are_named(tmp_path: Path) -> None:
    """The sender learns of a value of the wrong type and of a placeholder; the record is kept."""
    [answer] = Sandbox(tmp_path).push({"provider": "a", "id": 1, "serial": "Default string", "hostname": {"x": 1}})

    assert answer.status == "created"
    assert {value.kind for value in answer.suppressed} == {"serial", "hostname"}


def test_of_two_rows_with_one_key_the_later_stands_and_the_other_says_so(tmp_path: Path) -> None:
    """Neither row is lost in silence."""
    world = Sandbox(tmp_path)
    old = record("a:1", name="old", last_seen="2026-10-01T00:00:00Z")
    new = record("a:1", name="new", last_seen="2026-10-02T00:00:00Z")

    answers = world.push(new, old)

    assert [(answer.status, answer.reason) for answer in answers] == [
        ("created", None),
        ("unchanged", "a later row of the same request has this key"),
    ]
    assert world.devices()[0].values["name"] == "new"


def test_rows_that_are_no_records_touch_nothing(tmp_path: Path) -> None:
    """A request of nothing but rubbish writes nothing."""
    world = Sandbox(tmp_path)
    before = world.everything()

    assert [answer.status for answer in world.push(None, [], 7)] == ["rejected"] * 3
    assert world.everything() == before


def test_a_row_that_cannot_be_stored_is_rejected_with_its_key(tmp_path: Path) -> None:
    """What is nested without end could never be given back."""
    nested: list[object] = []
    for _ in range(400):
        nested = [nested]

    [answer] = Sandbox(tmp_path).push({"provider": "a", "id": "1", "extra": nested})

    assert (answer.status, str(answer.key)) == ("rejected", "a:1")


def test_a_value_that_json_cannot_say_is_kept_as_its_text_and_the_record_stays(tmp_path: Path) -> None:
    """The answer notes each field; the same row again changes nothing, nor does its text."""
    world = Sandbox(tmp_path)
    odd = {"inf": float("inf"), "big": 10**29, "deep": [{"cut": "a\ud800"}], "x\udfff": 1}
    row = {**record("a:1", serial="SN-10001"), **odd}

    [first] = world.push(row)
    before = world.everything()
    [again] = world.push(row)

    assert [value.kind for value in first.suppressed] == ["inf", "big"]
    assert [value.pointer for value in first.warnings if "surrogate" in value.message] == ["/deep/0/cut", "/x?"]
    assert first.suppressed == again.suppressed
    assert (first.status, again.status) == ("created", "unchanged")
    [view] = world.devices()
    assert view.records[0].payload == {
        **record("a:1", serial="SN-10001"),
        "inf": "Infinity",
        "big": "1" + "0" * 29,
        "deep": [{"cut": "a?"}],
        "x?": 1,
    }
    [told] = world.push(view.records[0].payload)
    assert (told.status, told.suppressed) == ("unchanged", ())
    assert world.everything() == before


def test_taking_a_record_out_parts_what_it_held_together(tmp_path: Path) -> None:
    """No join that rested on it stays, and nothing finds it any more."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", macs=["3C:A9:F4:00:00:01"]))
    world.push(record("c:1", serial="SN-10001", macs=["3C:A9:F4:00:00:01"]))
    assert len(world.groups()) == 1

    world.delete("c:1")

    assert sorted(map(sorted, world.groups().values())) == [["a:1"], ["b:1"]]
    with pytest.raises(NotFound, match="no record c:1"):
        world.delete("c:1")


def test_who_comes_after_a_record_that_went_inherits_nothing_of_it(tmp_path: Path) -> None:
    """The new record may get its number, and must not be found by what the old one said, nor meet who it met."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002", hostname="pc-2"))
    [(number,)] = world.rows("SELECT number FROM records WHERE provider = 'b'")
    world.delete("b:1")
    assert world.rows(f"SELECT * FROM identifiers WHERE record = {number}") == []
    assert world.rows(f"SELECT * FROM blocking_keys WHERE record = {number}") == []

    world.push(record("c:1", hostname="pc-3"))

    assert world.rows("SELECT number FROM records WHERE provider = 'c'") == [(number,)]
    assert lookup(world, "SN-20002") == []
    assert [view.id for view in lookup(world, "pc-3")] == [world.home("c:1")]
    assert world.push(record("d:1", serial="SN-20002"))[0].device_id not in {world.home("a:1"), world.home("c:1")}


def test_a_rejected_row_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    """The reason for people, a code and a pointer for programs; what is only odd is warned of."""
    world = Sandbox(tmp_path)
    before = world.rows("SELECT max(seq) FROM changes")

    large, wrong, odd = world.push({"provider": "a", "id": "1", "x": "y" * 70_000}, record("a/b:1"), record("a:2", x=1))

    assert (large.status, large.code, large.pointer) == ("rejected", "too_large", "/x")
    assert (wrong.status, wrong.code, wrong.pointer) == ("rejected", "invalid", "/provider")
    assert (odd.status, [warned.pointer for warned in odd.warnings]) == ("created", ["/x"])
    assert before == [(None,)]


def test_a_push_gives_the_place_in_the_change_feed_at_which_it_is_there(tmp_path: Path) -> None:
    """Who has read the feed up to it has read the push; one that changes nothing gives the same place."""
    world = Sandbox(tmp_path)
    pushed = push_records(world, [record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002")])

    assert world.rows("SELECT max(seq) FROM changes") == [(pushed.seq,)]
    assert pushed.seq == 2
    assert push_records(world, [record("a:1", serial="SN-10001")]).seq == push_records(world, [5]).seq == 2


def test_a_record_is_found_by_its_key(tmp_path: Path) -> None:
    """As it was sent, with its device; what no store can hold is not found either."""
    world = Sandbox(tmp_path)
    world.push(record("a:x/1", serial="SN-10001", colour="red"))

    found = find_record(world, Key("a", "x/1"))

    assert (found.device_id, json.loads(found.payload)["colour"]) == (world.home("a:x/1"), "red")
    for key in (Key("a", "x"), Key("a", "x/1\0"), Key("", "")):
        with pytest.raises(NotFound):
            find_record(world, key)


def test_names_of_providers_that_were_stored_before_can_be_read_and_deleted(tmp_path: Path) -> None:
    """Names are checked where records come in, and not where they are."""
    world = Sandbox(tmp_path)
    world.take_in(record("old name/x:1", serial="SN-10001"))
    key = Key("old name/x", "1")

    assert find_record(world, key).device_id == world.home("old name/x:1")
    world.delete(str(key))
    assert world.devices() == []
