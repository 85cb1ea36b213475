"""What a trial of a policy foretells is what happens when the policy is put in force."""

import json
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.model import Record
from matching.policy import OnConflict, Policy, Trust
from service.resolution.recalibration import recalibrate
from service.stewardship.policy_trial import PolicyTrial, try_policy
from tests.matching import fleets
from tests.service.people import decide
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import copy_of, on_both

pytestmark = on_both

JOIN = replace(POLICY, mac_against_name=OnConflict.JOIN)

RENAMED = [
    record("alpha:1", hostname="old-name", macs=["3C:52:82:00:00:01"], company="Acme Inc."),
    record("beta:1", hostname="new-name", macs=["3C:52:82:00:00:01"], company="Acme Inc."),
]
"""Two records that share a MAC, and differ in their names."""

SAME_SERIAL = [
    record("alpha:2", hostname="pc2", serial="5CG1234ABC", company="Acme Inc."),
    record("beta:2", hostname="pc2-new", serial="5CG1234ABC", company="Acme Inc."),
]
"""Two records that are one device by their serial alone."""

OTHERS = [
    record("alpha:3", hostname="pc3", serial="5CG7777ABC"),
    record("cw_manage:3", name="pc3", serial="5CG7777ABC"),
]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of these records."""
    made = Sandbox(tmp_path)
    made.take_in(*RENAMED, *SAME_SERIAL, *OTHERS)
    return made


def test_devices_that_would_merge_are_named_with_the_reason(world: Sandbox) -> None:
    """What they are now, the records that the one would have, and why they are two now and one then."""
    trial = try_policy(world, JOIN)

    [row] = trial.merges
    assert [(each.id, each.values["hostname"], each.records) for each in row.devices] == [
        (world.home("alpha:1"), "old-name", ["alpha:1"]),
        (world.home("beta:1"), "new-name", ["beta:1"]),
    ]
    assert row.records == ["alpha:1", "beta:1"]
    [why] = row.why
    assert "are different devices: they agree on MAC 3C:52:82:00:00:01, but" in why.now
    assert "are one device: beta:1 and alpha:1 share MAC 3C:52:82:00:00:01" in why.then
    assert (trial.merged, trial.merging, trial.split, trial.changed) == (1, 2, 0, 0)
    assert (trial.now.devices, trial.then.devices) == (4, 3)
    assert (trial.now.reviews, trial.then.reviews) == (1, 0)
    assert [each.key for each in trial.settings] == ["Policy:MacAgainstName"]


def test_devices_that_would_split_are_named_with_the_reason(world: Sandbox) -> None:
    """With the records of each part, and what of their evidence would count no more."""
    trial = try_policy(world, replace(POLICY, deny={"serial": frozenset({"5CG1234ABC"})}))

    [row] = trial.splits
    assert (row.device.id, row.device.records) == (world.home("alpha:2"), ["alpha:2", "beta:2"])
    assert [(each.values["hostname"], each.records) for each in row.parts] == [
        ("pc2", ["alpha:2"]),
        ("pc2-new", ["beta:2"]),
    ]
    [why] = row.why
    assert "share serial 5CG1234ABC" in why.now
    assert "all they share is serial 5CG1234ABC, which is no evidence" in why.then
    assert (trial.merged, trial.split, trial.changed) == (0, 1, 0)


def test_devices_that_would_only_have_other_values_are_named(world: Sandbox) -> None:
    """Each value before and after."""
    trial = try_policy(world, replace(POLICY, psa_providers=frozenset()))

    [row] = [each for each in trial.changes if each.device.id == world.home("cw_manage:3")]
    assert row.fields["cw_manage_device_id"] == {"from": 3, "to": None}
    assert (trial.merged, trial.split) == (0, 0)


def test_the_policy_in_force_changes_nothing(world: Sandbox) -> None:
    """Nothing is merged, split or changed, and nothing is learnt differently."""
    trial = try_policy(world, POLICY)

    assert trial.changes_nothing
    assert (trial.settings, trial.learnt, trial.is_calibrated, trial.behind) == ([], {}, True, 0)


def test_only_the_first_rows_are_made_and_all_are_counted(world: Sandbox) -> None:
    """The counts are of all, whatever is shown."""
    policy = replace(JOIN, deny={"serial": frozenset({"5CG1234ABC"})}, psa_providers=frozenset())
    whole, none = try_policy(world, policy, shown=None), try_policy(world, policy, shown=0)

    assert (whole.merged, whole.split, whole.changed) == (none.merged, none.split, none.changed) == (1, 1, 1)
    assert (len(whole.merges), len(whole.splits), len(whole.changes)) == (1, 1, 1)
    assert (len(none.merges), len(none.splits), len(none.changes)) == (0, 0, 0)


def test_nothing_is_written(world: Sandbox) -> None:
    """Not a statement but questions, and all that is stored is as before."""
    before = world.everything()

    with collected(world.store) as statements:
        try_policy(world, JOIN)

    assert statements
    assert [each for each in statements if not each.lstrip().upper().startswith("SELECT")] == []
    assert world.everything() == before


def test_a_calibration_that_is_out_of_date_is_no_effect_of_the_policy(tmp_path: Path) -> None:
    """Three boxes of one image, pushed one by one, are one device until they are calibrated: that is said apart."""
    world = Sandbox(tmp_path)
    copies = [record(f"a:{n}", bios_guid="7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", hostname=f"i{n}") for n in (1, 2, 3)]
    world.take_in(*OTHERS, copies[0])
    world.push(*copies[1:])
    assert {"a:1", "a:2", "a:3"} in world.groups().values()

    trial = try_policy(world, replace(POLICY, max_holders=100))

    assert (trial.merged, trial.split, trial.changed) == (0, 0, 0)
    assert (trial.is_calibrated, trial.behind) == (False, 1)
    assert trial.now.devices == 4


def test_decisions_hold_under_any_policy(world: Sandbox) -> None:
    """What a person has decided is no effect of a policy."""
    decide(world, "different", "alpha:1", "beta:1")

    assert try_policy(world, JOIN).changes_nothing


def test_an_empty_store_is_tried_too(tmp_path: Path) -> None:
    """Nothing is stored, and nothing changes."""
    trial = try_policy(Sandbox(tmp_path), JOIN)

    assert (trial.records, trial.changes_nothing, trial.is_calibrated) == (0, True, True)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies that differ in what a policy can say."""
    serials = st.frozensets(st.sampled_from(["5CG1234ABC", "PF0EXMPL", "D34623J"]), max_size=2)
    return Policy(
        board_replacement=draw(st.sampled_from(OnConflict)),
        mac_against_name=draw(st.sampled_from(OnConflict)),
        complete_adapters=draw(st.dictionaries(st.sampled_from(fleets.PROVIDERS), st.booleans(), max_size=2)),
        trust=draw(
            st.dictionaries(
                st.sampled_from(fleets.PROVIDERS),
                st.dictionaries(st.sampled_from(["serial", "mac", "hostname"]), st.sampled_from(Trust), max_size=2),
                max_size=2,
            )
        ),
        deny=draw(st.builds(lambda values: {"serial": values} if values else {}, serials)),
        psa_providers=draw(st.sampled_from([frozenset({"cw_manage"}), frozenset(), frozenset({"alpha"})])),
        precedence=draw(st.sampled_from([{}, {"company": ("gamma",), "hostname": ("beta", "cw_manage")}])),
        max_holders=draw(st.sampled_from([2, 200])),
        islands=draw(st.sampled_from([2, 3])),
    )


def devices_of(world: Sandbox) -> dict[frozenset[str], dict[str, Any]]:
    """Return the devices: their records, and their values but for what moves with every sync."""
    return {
        frozenset(f"{row.provider}:{row.id}" for row in view.records): {
            name: value for name, value in json.loads(json.dumps(view.values)).items() if name != "last_seen"
        }
        for view in world.devices()
    }


def several(whole: frozenset[str], others: Collection[frozenset[str]]) -> bool:
    """Whether the records of a device are in several others."""
    return sum(not whole.isdisjoint(each) for each in others) > 1


def assert_foretold(trial: PolicyTrial, before: Sandbox, after: Sandbox) -> None:
    """The merges, splits, values, counts and lessons are those that came about."""
    was, now = devices_of(before), devices_of(after)
    assert {frozenset(row.records) for row in trial.merges} == {each for each in now if several(each, was)}
    assert {frozenset(row.device.records) for row in trial.splits} == {each for each in was if several(each, now)}
    changed = {each for each in was.keys() & now.keys() if was[each] != now[each]}
    assert {frozenset(row.device.records) for row in trial.changes} == changed
    for row in trial.changes:
        own = frozenset(row.device.records)
        assert {name: each["to"] for name, each in row.fields.items()} == {
            name: now[own].get(name) for name in row.fields
        }
    assert (trial.now.devices, trial.then.devices) == (len(was), len(now))
    reviews = [len(each.rows("SELECT id FROM reviews")) for each in (before, after)]
    assert [trial.now.reviews, trial.then.reviews] == reviews


def test_what_is_foretold_comes_about() -> None:
    """Put in force on a copy, after the copy has learnt what its records teach under the present policy."""

    @settings(max_examples=25)
    @given(fleets.fleets(), policies(), policies())
    def foretold(fleet: list[Record], present: Policy, tried: Policy) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            world = Sandbox(folder)
            world.take_in(*fleet)
            now = world.changed(policy=present)
            trial = try_policy(now, tried, shown=None)
            recalibrate(now, max_change=1)
            world.store.engine.dispose()
            with copy_of(folder) as copy:
                other = Sandbox(copy, ids="later", hours=1)
                recalibrate(other.changed(policy=tried), max_change=1)
                assert_foretold(trial, world, other)
                other.store.engine.dispose()
            world.store.engine.dispose()

    foretold()
