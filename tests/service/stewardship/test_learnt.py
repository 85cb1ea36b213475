"""What the calibration in force has learnt is shown with its version, and whether it is that of the present policy."""

from dataclasses import replace
from pathlib import Path

from matching.policy import Trust
from service.resolution.recalibration import recalibrate
from service.stewardship.learnt import learnt_in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_nothing_is_learnt_before_the_first_records(tmp_path: Path) -> None:
    """There is no calibration yet."""
    assert learnt_in_force(Sandbox(tmp_path)) is None


def test_what_is_learnt_is_that_of_the_calibration_in_force(tmp_path: Path) -> None:
    """Fields that nobody trusts, complete providers, records; another policy makes it out of date."""
    world = Sandbox(tmp_path)
    world.take_in(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001"))
    policy = replace(POLICY, trust={"b": {"serial": Trust.NEVER}}, complete_adapters={"a": True})
    changed = world.changed(policy=policy)
    recalibrate(changed)

    learnt, other = learnt_in_force(changed), learnt_in_force(world)

    assert learnt
    assert other
    assert (learnt.version, learnt.records, learnt.complete) == (2, 2, ["a"])
    assert [(each.provider, each.kind) for each in learnt.untrusted] == [("b", "serial")]
    assert (learnt.is_current, other.is_current) == (True, False)
