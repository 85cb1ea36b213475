"""What all records teach is measured apart from what each change does; much at once waits for a person."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from matching.model import Kind, Record
from matching.policy import Policy
from matching.results.resolution import resolve_records
from service.core.errors import Conflict, NotFound
from service.intake.pushing import push_records
from service.resolution.applying import rebuild
from service.resolution.recalibration import Recalibration, accept, drop, recalibrate
from service.store import calibrations
from service.store.database import KEPT
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

GUID = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"
SWAPPED = "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F"  # the canonical one of both byte orders
OTHERS = [record(f"b:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(2, 22)]
COPIES = [record(f"a:{n}", bios_guid=GUID, hostname=f"image-{n}") for n in (1, 2, 3)]


def measured(world: Sandbox, *, max_change: float = 0.01, asked: bool = False) -> Recalibration:
    """Measure all records."""
    return recalibrate(world, max_change=max_change, asked=asked)


def statuses(world: Sandbox) -> list[str]:
    """Return what has become of each version."""
    return [status for (status,) in world.rows("SELECT status FROM calibrations ORDER BY version")]


@pytest.fixture
def cloned(tmp_path: Path) -> Sandbox:
    """Return a store in which three boxes of one image, each pushed by itself, are taken for one by their GUID."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, COPIES[0])
    for each in COPIES[1:]:
        world.push(each)
    assert {"a:1", "a:2", "a:3"} in world.groups().values()
    return world


def test_the_first_calibration_is_in_force_and_what_teaches_the_same_changes_nothing(tmp_path: Path) -> None:
    """A version is a change: a thousand equal measurements are one."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS)
    world.push(record("b:2", serial="SN-99999"))
    before = world.everything()

    assert measured(world).outcome == "unchanged"
    assert statuses(world) == ["in_force"]
    assert world.everything() == before
    with collected(world.store) as statements:
        assert measured(world).outcome == "unchanged"
    assert not [statement for statement in statements if "payload" in statement]


def test_an_empty_store_teaches_nothing(tmp_path: Path) -> None:
    """The first calibration is that of the first records."""
    world = Sandbox(tmp_path)

    assert measured(world).outcome == "unchanged"
    assert statuses(world) == []


def test_what_would_change_too_much_is_held_and_shown(cloned: Sandbox) -> None:
    """One device of twenty-one is more than one in a hundred: nothing changes, and the report says what would."""
    before = cloned.everything()

    said = measured(cloned)

    assert said.outcome == "held"
    assert said.report["values_over_shared"] == {"count": 1, "first": [f"bios_guid {SWAPPED}"]}
    assert (said.report["devices"], said.report["devices_changed"]) == (21, 1)
    assert said.report["first_changed"] == {cloned.home("a:1"): [["a:1"], ["a:2"], ["a:3"]]}
    assert cloned.everything() == before
    assert statuses(cloned) == ["in_force", "held"]
    assert measured(cloned) == said


def test_a_held_calibration_is_accepted(cloned: Sandbox) -> None:
    """Then devices follow, ids last, and the value is shown with all that hold it."""
    whole = cloned.home("a:1")
    measured(cloned)

    assert accept(cloned).outcome == "in_force"

    groups = cloned.groups()
    assert groups[whole] == {"a:1"}
    assert len(groups) == 23
    assert statuses(cloned) == ["superseded", "in_force"]
    [holders] = cloned.rows("SELECT holders FROM shared_values")
    assert json.loads(holders[0]) == ["a:1", "a:2", "a:3"]
    assert in_force(cloned).suppression == resolve_records([*OTHERS, *COPIES], POLICY).calibration.suppression
    with pytest.raises(NotFound, match="no calibration is held"):
        accept(cloned)


def test_a_dropped_calibration_is_held_again_only_when_a_person_asks(cloned: Sandbox) -> None:
    """A sync an hour does not ask the same question every hour."""
    measured(cloned)
    drop(cloned)
    cloned.push(record("b:2", serial="SN-99999"))

    assert measured(cloned).outcome == "unchanged"
    assert measured(cloned, asked=True).outcome == "held"


def test_the_share_is_a_setting(cloned: Sandbox) -> None:
    """Who sets it to one is never asked."""
    assert measured(cloned, max_change=1).outcome == "in_force"
    assert len(cloned.groups()) == 23


def test_a_new_provider_is_learnt_at_once(tmp_path: Path) -> None:
    """The first syncs of several providers come one after another, and each teaches which companies are one."""
    world = Sandbox(tmp_path)
    names = [f"pc-{n}" for n in range(10)]
    world.sync("a", *(record(f"a:{n}", hostname=name, company="Acme Inc.") for n, name in enumerate(names)))
    world.sync("b", *(record(f"b:{n}", hostname=name, company="ACME") for n, name in enumerate(names)))

    assert len(world.groups()) == 10
    assert statuses(world) == ["superseded", "in_force"]


def test_another_policy_resolves_everything_anew_at_the_next_write(tmp_path: Path) -> None:
    """Under what is measured by it; until then devices stay as they were."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, record("a:2", serial="SN-00002"))
    policy = Policy(deny={Kind.SERIAL: frozenset({"SN-00002"})})
    assert {"a:2", "b:2"} in world.groups().values()

    push_records(world.changed(policy=policy), [record("b:3", serial="SN-33333")])

    assert {"a:2", "b:2"} not in world.groups().values()
    with world.store.reading() as connection:
        known = calibrations.in_force(connection)
    assert known
    assert known[0].report["why"] == "the policy has changed"


def test_a_held_calibration_of_another_policy_is_not_accepted(cloned: Sandbox) -> None:
    """What it would change was measured under rules that no longer stand."""
    measured(cloned)

    with pytest.raises(Conflict, match="the policy has changed"):
        accept(cloned.changed(policy=Policy(islands=4)))


def test_a_calibration_reads_back_as_it_was(tmp_path: Path) -> None:
    """But for the holders of shared values, which are shown elsewhere and decide nothing."""
    fleet: list[Record] = [*COPIES]
    fleet += [record(f"c:{n}", serial=f"SN-{n:05}", bios_guid=GUID.replace("7B", f"{n + 10}")) for n in range(2, 22)]
    fleet += [record(f"b:{n}", serial=f"SN-{n:05}", bios_guid=GUID.replace("7B", f"{n + 40}")) for n in range(2, 22)]
    fleet += [record("d:1", company="Acme Inc.", hostname="x"), record("e:1", company="ACME", hostname="x")]
    world = Sandbox(tmp_path)
    world.take_in(*fleet)
    learnt = resolve_records(fleet, POLICY).calibration

    stored = in_force(Sandbox(tmp_path))  # opened anew: what this process has read it may have kept

    assert stored.suppression == learnt.suppression
    assert stored.untrusted == learnt.untrusted
    assert stored.untrusted
    assert stored.companies == learnt.companies
    assert stored.complete == learnt.complete
    assert [each.reason for each in stored.shared] == [each.reason for each in learnt.shared]


DAMAGE = {
    "a golden value": "UPDATE devices SET golden = '{}', search_text = ''",
    "a membership": "DELETE FROM memberships WHERE record_id = '1'",
    "blocking keys": "DELETE FROM blocking_keys",
    "some blocking keys": "DELETE FROM blocking_keys WHERE record > 2 AND blocking_key > 0",
    "identifiers": "UPDATE identifiers SET record = record + 1000 WHERE term < 0",
    "reviews": "INSERT INTO reviews VALUES ('x', 'clone', 1, '{}', 'a', '1')",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_a_rebuild_mends_what_was_damaged_and_keeps_ids(cloned: Sandbox, statement: str) -> None:
    """It says what differed; a dry run says the same and leaves it."""

    def rebuilt(*, dry_run: bool = False) -> int:
        done = rebuild(cloned, dry_run=dry_run)
        return done.rows.total()

    assert rebuilt() == 0
    groups, everything = cloned.groups(), cloned.everything()
    with cloned.store.writing() as connection:
        connection.execute(text(statement))
    damaged = cloned.everything()

    differing = rebuilt(dry_run=True)
    assert differing > 0
    assert cloned.everything() == damaged
    assert rebuilt() == differing
    assert cloned.groups() == groups
    assert rebuilt() == 0
    for table in ("memberships", "blocking_keys", "identifiers"):
        assert cloned.everything()[table] == everything[table]


def test_a_device_without_records_is_retired_by_a_rebuild(cloned: Sandbox) -> None:
    """It cannot come about, and still must not stay."""
    lost = cloned.home("b:7")
    with cloned.store.writing() as connection:
        connection.execute(text("DELETE FROM memberships WHERE provider = 'b' AND record_id = '7'"))

    rebuild(cloned)

    assert lost not in cloned.groups()
    assert cloned.home("b:7")
    assert cloned.rows(f"SELECT why FROM retired_devices WHERE id = '{lost}'") == [("its last record is gone",)]


@pytest.mark.parametrize("also", ["SELECT 1", DAMAGE["reviews"]], ids=["without reviews", "with a review"])
def test_a_rebuild_makes_devices_where_no_record_is_in_one(cloned: Sandbox, also: str) -> None:
    """Nothing tells which ids they had: those retire, and every record has a home again."""
    before = cloned.groups()
    with cloned.store.writing() as connection:
        connection.execute(text("DELETE FROM memberships"))
        connection.execute(text(also))

    rebuild(cloned)

    after = cloned.groups()
    assert sorted(map(sorted, after.values())) == sorted(map(sorted, before.values()))
    assert after.keys().isdisjoint(before)
    assert rebuild(cloned).rows.total() == 0


def test_the_calibration_in_force_is_read_once_by_a_store_however_many_there_are(tmp_path: Path) -> None:
    """A change of one record asks for it; of those that are over none stays in memory for good."""
    world = Sandbox(tmp_path)
    for number in range(6):
        world.take_in(*(record(f"p{number}:{n}", serial=f"SN-1000{n}") for n in range(3)))

    with collected(world.store) as statements:
        world.push(record("p1:1", serial="SN-10009"))
        world.push(record("p1:1", serial="SN-10008"))
    kept = world.store.engine.get_execution_options()[KEPT]

    assert not [each for each in statements if "calibrations.body" in each]
    assert 1 <= len(kept) <= calibrations.MOST_KEPT
