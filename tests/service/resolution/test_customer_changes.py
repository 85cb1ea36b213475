"""The feed of some customers tells what it would tell if there were no other records."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from matching.model import Decision, Key, Record, Verdict
from service.core.errors import NotFound
from service.core.workers import WorkerPool
from service.intake.importing import import_rows, row_of
from service.resolution import customer_changes
from service.resolution.applying import rebuild
from service.resolution.recalibration import recalibrate
from service.resolution.succession import VOLATILE
from service.resolution.visible_devices import all_visible
from service.stewardship.deciding import decide, revoke
from service.stewardship.feed import ChangeView, feed, history
from service.store.access.actors import Actor
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import customer_feeds
from service.store.world import World
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

ACME = Visibility(frozenset({Customer("a", "1"), Customer("b", "1")}))
ALL = Visibility(frozenset({*ACME.customers, Customer("z", "9")}))
GUIDS = [f"{first}C4C4544-0042-3510-8054-B4C04F4A5931" for first in "569"]


def own(key: str, **fields: Any) -> Record:
    """Return a record of the customer whose feed is read."""
    return record(key, company_id="1", company="Acme", **fields)


def foreign(key: str, **fields: Any) -> Record:
    """Return a record of another one."""
    return record(key, company_id="9", company="Zeta", **fields)


def begin(world: World, visibility: Visibility = ACME) -> None:
    """Make a feed."""
    with world.store.writing() as connection:
        customer_changes.begin(connection, world.change(connection), visibility)


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return an empty store with the customer's feed."""
    made = Sandbox(tmp_path)
    begin(made)
    return made


@pytest.fixture
def other(world: Sandbox) -> Sandbox:
    """The same store for somebody else, whose moments and ids are others."""
    return others(world)


def others(world: Sandbox) -> Sandbox:
    """Return the same store for somebody else, whose moments and ids are others."""
    passed = count()
    return Sandbox(
        world.file.parent,
        "other",
        now=lambda: datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=next(passed)),
        store=world.store,
    )


def told(world: World, after: int = 0, visibility: Visibility = ACME) -> list[ChangeView]:
    """Return what the feed of the customer tells."""
    return feed(world.acting(None, visibility), after, 1000).data


def summary(changes: list[ChangeView]) -> list[tuple[str, str]]:
    """Return what happened to which device."""
    return [(each.what.value, each.device_id) for each in changes]


def decided(world: World, verdict: Verdict, left: str, right: str) -> str:
    """Decide about two records, and return the id of the decision."""
    return decide(world, Decision(verdict, Key.parse(left), Key.parse(right), "anna", "looked")).decision.id


def test_who_sees_all_records_is_told_what_the_feed_of_all_tells(tmp_path: Path) -> None:
    """Kinds, numbers, values, evidence, causes and who; not how many records were counted for it."""
    world = Sandbox(tmp_path)
    begin(world, ALL)
    anna = world.acting(Actor("anna", None))
    for rows in (
        [own("a:1", serial="SN-10001", hostname="pc-1"), own("b:1", serial="SN-10001"), own("a:2", serial="SN-20002")],
        [own("a:1", serial="SN-10001", hostname="pc-2", last_seen="2026-10-01T00:00:00Z")],
        [own("a:1", serial="SN-10001", hostname="pc-2", last_seen="2026-10-02T00:00:00Z")],
        [foreign("z:1", serial="SN-20002", bios_guid=GUIDS[0]), own("b:2", bios_guid=GUIDS[0])],
        [own("b:1", serial="SN-30003")],
    ):
        Sandbox.push(anna, *rows)  # type: ignore[arg-type]
    world.sync("a", own("a:1", serial="SN-30003", hostname="pc-2"))
    made = decided(anna, Verdict.SAME, "a:1", "z:1")
    revoke(anna, made, "bert", "wrong box")
    world.delete("z:1")

    everything = feed(world, limit=1000).data
    assert {each.what.value for each in everything} == {"created", "changed", "merged", "split", "retired"}
    assert list(map(without_opposition, told(world, visibility=ALL))) == list(map(without_opposition, everything))
    assert told(world, visibility=ALL) != everything


def without_opposition(change: ChangeView) -> dict[str, Any]:
    """Return a change without what speaks against a join, which may be a record of anybody; `explain` tells it."""
    parted = [each for each in change.detail.get("parted", ()) if each["reason"] != "opposed"]
    return change.model_dump(exclude={"sentence"}) | {"detail": {**change.detail, "parted": parted}}


def test_what_happens_to_others_is_not_told(world: Sandbox, other: Sandbox) -> None:
    """Nor does it move the numbers, also where it changes a device that the customer sees a part of."""
    world.push(own("a:1", serial="SN-10001", hostname="pc-1"))
    other.push(foreign("z:1", serial="SN-10001", type="Server", last_seen="2026-11-02T00:00:00Z"), foreign("z:2"))
    other.push(foreign("z:1", serial="SN-10001", type="Laptop", last_seen="2026-11-03T00:00:00Z"))
    other.delete("z:2")
    world.push(own("a:1", serial="SN-10001", hostname="pc-2"))
    other.delete("z:1")

    assert [(each.seq, each.what.value) for each in told(world)] == [(1, "created"), (2, "changed")]
    assert told(world)[1].detail == {"fields": {"hostname": {"from": "pc-1", "to": "pc-2"}}}
    assert len(feed(world).data) > 4


def test_a_value_is_told_that_a_record_of_others_hides(world: Sandbox, other: Sandbox) -> None:
    """The device as it is for all goes on showing the other record's."""
    world.push(own("a:1", serial="SN-10001", hostname="pc-1", last_seen="2026-10-01T00:00:00Z"))
    other.push(foreign("z:1", serial="SN-10001", hostname="zeta-1", last_seen="2026-10-20T00:00:00Z"))
    last = feed(world).seq
    world.push(own("a:1", serial="SN-10001", hostname="pc-2", last_seen="2026-10-01T00:00:00Z"))

    assert feed(world, last).data == []
    assert told(world)[-1].detail == {"fields": {"hostname": {"from": "pc-1", "to": "pc-2"}}}


def test_that_a_device_was_seen_again_is_no_change(world: Sandbox) -> None:
    """As in the feed of all."""
    world.push(own("a:1", hostname="pc-1", last_seen="2026-10-01T00:00:00Z"))
    world.push(own("a:1", hostname="pc-1", last_seen="2026-10-02T00:00:00Z"))

    assert len(told(world)) == 1


def test_records_that_another_one_joins_become_one_without_a_cause(world: Sandbox, other: Sandbox) -> None:
    """Who joined them is of others, and so is why; that they are one is what lists show."""
    world.push(own("a:1", serial="SN-10001"), own("b:1", serial="SN-20002"))
    first, second = world.home("a:1"), world.home("b:1")
    Sandbox.push(other.acting(Actor("bert", "k1")), foreign("z:1", serial=["SN-10001", "SN-20002"]))  # type: ignore[arg-type]
    joined = told(world, 2)
    other.delete("z:1")
    parted = told(world, 4)

    assert summary(joined) == [("merged", first), ("retired", second)]
    assert joined[0].detail == {
        "absorbed": [second],
        "added": ["b:1"],
        "evidence": [],
        "fields": {"conflicts": {"from": None, "to": ["serial"]}},
    }
    assert [(each.by, each.key_id, "because" in each.detail) for each in joined] == [(None, None, False)] * 2
    assert summary(parted) == [("split", world.home("b:1")), ("changed", first)]
    assert "parted" not in parted[0].detail
    assert "z:1" not in json.dumps([each.model_dump(mode="json") for each in told(world)])


def test_who_and_what_caused_a_change_of_visible_records_is_told(world: Sandbox) -> None:
    """A sync, and whoever pushed."""
    world.sync("a", own("a:1", serial="SN-10001"))
    Sandbox.push(world.acting(Actor("nightly", "k1")), own("b:1", serial="SN-10001"))  # type: ignore[arg-type]
    synced, pushed = told(world)

    assert synced.detail["because"]["provider"] == "a"
    assert (pushed.by, pushed.key_id) == ("nightly", "k1")
    assert [join["value"] for join in pushed.detail["evidence"]] == ["SN-10001"]


def test_a_decision_is_told_to_who_sees_both_of_its_records(world: Sandbox, other: Sandbox) -> None:
    """Made and revoked; of one about a record of others only what follows is told."""
    anna = world.acting(Actor("anna", None))
    world.push(own("a:1", hostname="pc-1"), own("b:1", hostname="pc-2"), own("b:2", hostname="pc-3"))
    other.push(foreign("z:1", hostname="zeta"))
    seen = decided(anna, Verdict.SAME, "a:1", "b:1")
    revoke(anna, seen, "anna", "wrong")
    last = len(told(world))
    decided(anna, Verdict.SAME, "b:1", "z:1")
    decided(anna, Verdict.SAME, "b:2", "z:1")

    shown = told(world, 3)[: last - 3]
    assert [each.what.value for each in shown] == ["merged", "retired", "split", "changed"]
    causes = [each.detail["because"] for each in shown]
    assert [cause.get("decision") or cause.get("revoked") for cause in causes] == [seen] * 4
    assert {(each.by, each.detail["because"]["left"]) for each in shown} == {("anna", "a:1")}
    followed = told(world, last)
    assert [each.what.value for each in followed] == ["merged", "retired"]
    assert [(each.by, "because" in each.detail) for each in followed] == [(None, False)] * 2


def test_a_record_that_goes_to_another_customer_is_gone(world: Sandbox) -> None:
    """And created when it comes back; a device with nothing else of the customer goes with it."""
    begin(world, ALL)
    world.push(own("a:1", serial="SN-10001"), own("b:1", serial="SN-10001"))
    device_id = world.home("a:1")
    world.push({**own("b:1", serial="SN-10001"), "company_id": "2"})
    world.push({**own("a:1", serial="SN-10001"), "company_id": "2"})
    world.push(own("b:1", serial="SN-40004"))

    assert summary(told(world)) == [
        *((what, device_id) for what in ("created", "changed", "retired")),
        ("created", world.home("b:1")),
    ]
    assert told(world)[1].detail == {"removed": ["b:1"]}
    assert told(world)[2].detail == {"successor": None, "why": "its last record is gone"}


def test_a_history_leads_to_the_older_device_of_others_that_a_record_joined(world: Sandbox, other: Sandbox) -> None:
    """Its id is all that is told of it."""
    other.push(foreign("z:1", serial="SN-10001", hostname="zeta"))
    Sandbox.push(
        Sandbox(world.file.parent, now=lambda: datetime(2026, 11, 30, tzinfo=UTC), store=world.store),
        own("a:1", serial="SN-20002"),
    )
    before = world.home("a:1")
    world.push(own("a:1", serial="SN-10001"))
    after = world.home("a:1")
    seen = history(world.acting(None, ACME), before)

    assert before != after
    assert summary(seen.data) == [("created", before), ("split", after), ("retired", before)]
    assert (seen.leads_to, seen.is_cut) == (after, False)
    assert [each.what.value for each in history(world.acting(None, ACME), after).data] == ["split"]
    assert "zeta" not in seen.model_dump_json()


def test_a_history_shows_visible_devices_alone(world: Sandbox, other: Sandbox) -> None:
    """That of a device of others is as unknown as none; what was there before the feed began has no beginning."""
    world.push(own("a:1", serial="SN-10001"))
    other.push(foreign("z:1", serial="SN-20002"))
    begin(world, ALL)
    hidden, shown = world.home("z:1"), world.home("a:1")

    for device_id in (hidden, "none"):
        with pytest.raises(NotFound, match=device_id):
            history(world.acting(None, ACME), device_id)
    late = history(world.acting(None, ALL), hidden)
    assert (late.data, late.is_cut, late.leads_to) == ([], True, hidden)
    assert not history(world.acting(None, ACME), shown).is_cut


def test_why_records_parted_tells_of_visible_records_alone(world: Sandbox, other: Sandbox) -> None:
    """A value that is withdrawn; nothing where a record of others speaks against it."""
    world.push(own("a:1", serial="SN-10001", hostname="pc-1"), own("b:1", serial="SN-10001", hostname="pc-1"))
    world.push(own("b:1", serial="SN-30003", hostname="pc-9"))
    [_, split, _] = told(world)

    assert [reason["reason"] for reason in split.detail["parted"]] == ["withdrawn"]
    assert split.detail["parted"][0]["sentence"].startswith("b:1 no longer says serial SN-10001")


def test_that_a_value_is_no_evidence_any_more_is_told_without_how_many_say_it(world: Sandbox, other: Sandbox) -> None:
    """It is over-shared by the records of all customers, which a calibration has counted."""

    def image(number: int) -> dict[str, Any]:
        return {"bios_guid": GUIDS[0], "hostname": f"image-{number}"}

    other.take_in(*(foreign(f"z:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(20)))
    world.push(own("a:1", **image(1)))
    world.push(own("b:1", **image(2)))
    other.push(*(foreign(f"z:{n}", **image(n)) for n in range(30, 36)))
    recalibrate(world, max_change=1)

    [reason] = told(world)[-2].detail["parted"]
    assert (told(world)[-2].what.value, reason["reason"]) == ("split", "suppressed")
    assert reason["sentence"].endswith("agreed, is no evidence now: over-shared")


def test_a_whole_store_is_told_as_one_record_after_the_other(world: Sandbox) -> None:
    """Also where workers have found what joins all records; and nothing is told anew when it is resolved again."""
    rows = [own("a:1", serial="SN-10001"), foreign("z:1", serial="SN-10001", bios_guid=GUIDS[0])]
    rows += [own("b:1", serial="SN-10001", bios_guid=GUIDS[0]), foreign("z:2", serial="SN-20002")]
    with WorkerPool(2) as pool:
        import_rows(world, map(row_of, rows), pool=pool)
    rebuild(world)

    [created] = told(world)
    assert created.detail["evidence"] == [{"kind": "serial", "left": "b:1", "right": "a:1", "value": "SN-10001"}]
    assert created.detail["records"] == ["a:1", "b:1"]
    assert kept(world) == listed(world)


def test_the_feed_begins_with_what_is_there(tmp_path: Path) -> None:
    """Nothing of it is told as new, and what changes afterwards is."""
    world = Sandbox(tmp_path)
    seen = {"hostname": "pc-1", "last_seen": "2026-10-02T00:00:00Z"}
    world.push(own("a:1", serial="SN-10001", **seen), foreign("z:1", serial="SN-10001", hostname="zeta"))
    begin(world)
    begin(world)

    assert told(world) == []
    assert kept(world) == listed(world)
    world.push(own("a:1", serial="SN-10001", hostname="pc-2"))
    assert told(world)[0].detail["fields"]["hostname"] == {"from": "pc-1", "to": "pc-2"}


def kept(world: World, visibility: Visibility = ACME) -> dict[str, Any]:
    """Return what the feed has told of each device."""
    with world.store.reading() as connection:
        own_feed = customer_feeds.feed_of(connection, visibility)
        assert own_feed
        ids = [row.id for row in all_rows(connection)]
        rows = customer_feeds.published(connection, ids).get(own_feed.id, [])
    return {row.device_id: (json.loads(row.golden), sorted(map(str, row.keys))) for row in rows}


def all_rows(connection: Any) -> list[Any]:
    """Return all devices."""
    return list(connection.exec_driver_sql("SELECT id FROM devices"))


def listed(world: World, visibility: Visibility = ACME) -> dict[str, Any]:
    """Return the same as lists show it."""
    found: dict[str, Any] = {}
    with world.store.reading() as connection:
        for part in all_visible(connection, world.policy, visibility):
            for device_id, row in part.rows.items():
                golden = {name: value for name, value in json.loads(row.golden).items() if name not in VOLATILE}
                found[device_id] = (
                    golden,
                    sorted(str(each.key) for each in part.records if each.device_id == device_id),
                )
    return found
