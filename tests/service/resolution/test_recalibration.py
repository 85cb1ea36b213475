"""What all records teach is measured apart from what each change does; much at once waits for a person."""

import json
from pathlib import Path

import pytest

from matching.model import Kind
from matching.policy import Policy
from matching.results.resolution import resolve_records
from service.core.errors import Conflict, NotFound
from service.intake.pushing import push_records
from service.resolution.recalibration import Recalibration, accept, drop, recalibrate
from service.store.resolved import calibrations
from tests.service.resolution.conftest import COPIES, OTHERS
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

SWAPPED = "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F"  # the canonical one of both byte orders


def measured(world: Sandbox, *, max_change: float = 0.01, asked: bool = False) -> Recalibration:
    """Measure all records."""
    return recalibrate(world, max_change=max_change, asked=asked)


def statuses(world: Sandbox) -> list[str]:
    """Return what has become of each version."""
    return [status for (status,) in world.rows("SELECT status FROM calibrations ORDER BY version")]


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
