"""Each row of a trial names its devices as they are, and gives a reason for every device or part but the first."""

from dataclasses import replace
from pathlib import Path

import pytest

from matching.policy import OnConflict, Trust
from service.stewardship import trial_rows
from service.stewardship.policy_trial import try_policy
from tests.service.people import decide
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

MAC = "3C:52:82:00:00:01"


def test_there_is_a_reason_for_every_device_that_goes_into_another(tmp_path: Path) -> None:
    """The device with the most records comes first; records that a person joined are one side."""
    world = Sandbox(tmp_path)
    world.take_in(
        record("alpha:1", hostname="one", macs=[MAC], company="Acme Inc."),
        record("beta:1", hostname="two", macs=[MAC], company="Acme Inc."),
        record("gamma:1", hostname="two", company="Acme Inc."),
        record("delta:1", hostname="three", macs=[MAC], company="Acme Inc."),
    )
    trial = try_policy(world, replace(POLICY, mac_against_name=OnConflict.JOIN))

    [row] = trial.merges
    assert [each.records for each in row.devices] == [["beta:1", "gamma:1"], ["alpha:1"], ["delta:1"]]
    assert [(each.left, each.right) for each in row.why] == [("alpha:1", "beta:1"), ("delta:1", "beta:1")]
    assert all("share MAC" in each.then and "different devices" in each.now for each in row.why)


def test_a_record_that_moves_is_in_a_split_and_in_a_merge(tmp_path: Path) -> None:
    """The device that it leaves splits, and the one that it goes to is a merge of both."""
    world = Sandbox(tmp_path)
    world.take_in(
        record("alpha:1", hostname="pc1", serial="5CG1234ABC", company="Acme Inc."),
        record("beta:1", serial="5CG1234ABC", macs=[MAC], company="Acme Inc."),
        record("gamma:1", serial="PF0EXMPL", macs=[MAC], company="Acme Inc."),
    )

    trial = try_policy(world, replace(POLICY, trust={"beta": {"serial": Trust.NEVER}}))

    [split], [merge] = trial.splits, trial.merges
    assert [each.records for each in split.parts] == [["alpha:1"], ["beta:1"]]
    assert [each.records for each in merge.devices] == [["alpha:1", "beta:1"], ["gamma:1"]]
    assert merge.records == ["beta:1", "gamma:1"]


def test_rows_are_made_portion_by_portion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are made together, they are the same."""
    world = Sandbox(tmp_path)
    for number in range(5):
        serial = f"5CG1234AB{number}"
        world.take_in(
            record(f"alpha:{number}", hostname=f"a{number}", serial=serial, company="Acme Inc."),
            record(f"beta:{number}", hostname=f"b{number}", serial=serial, company="Acme Inc."),
        )
    decide(world, "same", "alpha:0", "beta:1")
    policy = replace(POLICY, trust={"beta": {"serial": Trust.NEVER}})
    in_one = try_policy(world, policy, shown=None)

    monkeypatch.setattr(trial_rows, "TOGETHER", 1)

    assert try_policy(world, policy, shown=None).splits == in_one.splits
    assert in_one.split == 4
    assert len(in_one.splits[0].parts) == 3
