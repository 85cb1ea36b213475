"""The invariants of the engine (design, section 7), each over fleets in which every conflict comes up."""

from itertools import combinations
from random import Random

import networkx as nx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.clustering.rule import veto_between
from matching.errors import BadDecision
from matching.evidence.groups import Group, agree, merged
from matching.model import Decision, Key, Kind, Record, Verdict, key_of
from matching.policy import OnConflict, Policy
from matching.records import read_record
from matching.results.explanation import AMBIGUOUS
from matching.results.resolution import Resolution, resolve_records
from tests.matching.fleets import decisions, fleets, policies, renamed
from tests.matching.increments import GrowingFleet


def partition(resolution: Resolution) -> list[tuple[Key, ...]]:
    return [device.keys for device in resolution.devices]


def single(resolution: Resolution, key: Key) -> Group:
    """Return what one record says by itself."""
    [position] = [i for i, identity in enumerate(resolution.partition.identities) if identity.key == key]
    return resolution.partition.single(position)


def group_of_device(resolution: Resolution, key: Key) -> Group:
    """Return what the device of a record says."""
    return merged(single(resolution, member) for member in resolution.device_of(key).keys)


def resolved(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> Resolution:
    """Resolve, unless the drawn decisions contradict each other."""
    try:
        return resolve_records(fleet, policy, verdicts)
    except BadDecision:
        assume(False)
        raise


@given(fleets(), policies, st.lists(decisions, max_size=3), st.randoms())
@settings(max_examples=300)
def test_no_order_of_records_or_decisions_matters(
    fleet: list[Record], policy: Policy, verdicts: list[Decision], random: Random
) -> None:
    """The same records and decisions, shuffled, give the same devices, golden records and reviews."""
    first = resolved(fleet, policy, verdicts)
    random.shuffle(fleet)
    random.shuffle(verdicts)
    second = resolved(fleet, policy, verdicts)

    assert first.devices == second.devices
    assert first.reviews == second.reviews
    assert first.shared == second.shared


@given(fleets(), policies, st.lists(decisions, max_size=3))
def test_every_record_is_in_exactly_one_device(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> None:
    """Nothing is lost and nothing is twice."""
    held = [key for keys in partition(resolved(fleet, policy, verdicts)) for key in keys]

    assert sorted(held) == sorted(map(key_of, fleet))


@given(fleets(), policies)
def test_no_device_holds_two_usable_guids(fleet: list[Record], policy: Policy) -> None:
    """Two GUIDs are two boxes, unless the policy lets a mainboard be replaced."""
    assume(policy.board_replacement is OnConflict.REVIEW)
    resolution = resolve_records(fleet, policy)

    for device in resolution.devices:
        guids = {resolution.identity(key).guid for key in device.keys} - {None}
        assert len(guids) <= 1


@given(fleets(9), policies, st.lists(decisions, max_size=3))
def test_every_join_is_a_path_of_evidence(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> None:
    """The identity graph of a device connects all its records, and the explanation walks it."""
    resolution = resolved(fleet, policy, verdicts)

    for device in resolution.devices:
        assert nx.is_connected(resolution.graph(device))
        for left, right in zip(device.keys, device.keys[1:], strict=False):
            explanation = resolution.explain(left, right)
            assert explanation.same
            assert explanation.path[0].left == left
            assert explanation.path[-1].right == right


@given(fleets(9), policies)
def test_every_pair_that_shares_a_value_and_stays_apart_has_a_reason(fleet: list[Record], policy: Policy) -> None:
    """The explanation names the strongest kind that two devices share and the veto; without a veto, the ambiguity."""
    resolution = resolve_records(fleet, policy)
    premises = resolution.partition.premises

    for left, right in combinations(sorted(resolution.records), 2):
        is_value_shared = any(agree(single(resolution, left), single(resolution, right), kind) for kind in Kind)
        if is_value_shared and resolution.device_of(left) != resolution.device_of(right):
            explanation = resolution.explain(left, right)
            assert not explanation.same
            assert explanation.would_change
            shared = explanation.shared[0]
            assert shared.kind is not None
            assert f"they agree on {shared.kind.label} {shared.value}, but " in explanation.sentence
            devices = group_of_device(resolution, left), group_of_device(resolution, right)
            veto = veto_between(*devices, shared.kind, premises)
            assert (veto.sentence[1:].rstrip(".") if veto else AMBIGUOUS) in explanation.sentence


@given(fleets(9), policies)
def test_every_pair_that_stays_apart_is_told_what_would_join_it(fleet: list[Record], policy: Policy) -> None:
    """Two records of different devices are named with a reason, whether they share a value or not."""
    resolution = resolve_records(fleet, policy)

    for left, right in combinations(sorted(resolution.records), 2):
        if resolution.device_of(left) != resolution.device_of(right):
            explanation = resolution.explain(left, right)
            assert not explanation.same
            assert explanation.would_change
            assert f"{left} and {right} are different devices: " in explanation.sentence


@given(fleets(), policies, st.lists(decisions, max_size=3))
def test_decisions_bind(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> None:
    """What people call the same is one device, and what they part is not."""
    resolution = resolved(fleet, policy, verdicts)
    present = set(map(key_of, fleet))

    for decision in verdicts:
        if {decision.left, decision.right} <= present:
            together = resolution.device_of(decision.left) == resolution.device_of(decision.right)
            assert together == (decision.verdict is Verdict.SAME)


@given(fleets() | renamed(), policies)
@settings(max_examples=500)
def test_a_decision_about_records_that_are_not_there_changes_nothing(fleet: list[Record], policy: Policy) -> None:
    """While any decision *different* stands, every pair is compared: without one, no conflict may be overlooked."""
    absent = Decision(Verdict.DIFFERENT, Key("alpha", "none"), Key("beta", "none"))

    assert partition(resolve_records(fleet, policy, [absent])) == partition(resolve_records(fleet, policy))


def test_a_display_name_that_fits_does_not_hide_hostnames_that_differ() -> None:
    """Two rows of one box call it `pc1` and `pc3`; who shares an adapter and is `pc3` may be another."""
    mac = ["3C:52:82:00:00:01"]
    rows = [
        {"provider": "alpha", "id": "1", "bios_guid": "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5", "hostname": "pc1"},
        {
            "provider": "gamma",
            "id": "1",
            "bios_guid": "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5",
            "name": "pc3",
            "macs": mac,
        },
        {"provider": "beta", "id": "1", "hostname": "pc3", "macs": mac},
    ]

    whole = resolve_records([read_record(row)[0] for row in rows])

    assert partition(whole) == [(Key("alpha", "1"), Key("gamma", "1")), (Key("beta", "1"),)]
    assert [review.reason for review in whole.reviews] == ["mac_across_hostnames"]


@given(fleets(), fleets(4), policies)
@settings(max_examples=60)
def test_a_removed_record_leaves_no_trace(fleet: list[Record], passing: list[Record], policy: Policy) -> None:
    """Where records come and go one by one, the devices of the others are those of a fleet that never saw them."""
    before = resolve_records(fleet, policy)
    growing = GrowingFleet(policy, before.calibration)
    for record in fleet:
        growing.upsert(record)
    passing = [record for record in passing if key_of(record) not in growing.records]
    for record in passing:
        growing.upsert(record)
    for record in passing:
        growing.remove(key_of(record))

    assert growing.devices == {key: device.keys for device in before.devices for key in device.keys}
    assert growing.reviews == list(before.reviews)


@given(fleets(), policies)
def test_what_lies_in_different_components_shares_nothing_that_could_join(fleet: list[Record], policy: Policy) -> None:
    """The component search misses no pair that the rule could have joined."""
    whole = resolve_records(fleet, policy).partition
    component_of = {position: i for i, component in enumerate(whole.components) for position in component}

    for left, right in combinations(range(len(whole.identities)), 2):
        mine, theirs = whole.single(left), whole.single(right)
        for kind in Kind:
            if agree(mine, theirs, kind) and not veto_between(mine, theirs, kind, whole.premises):
                assert component_of.get(left) == component_of.get(right) is not None
