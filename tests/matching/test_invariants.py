"""The promises of the engine, each over fleets drawn to break them."""

from itertools import combinations
from random import Random

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.clustering.rule import veto_between
from matching.errors import BadDecision
from matching.evidence.groups import Group, agree, merged
from matching.evidence.identity import identify
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


@given(fleets() | renamed(), policies, st.lists(decisions, max_size=3))
@settings(max_examples=500)
def test_a_component_resolves_the_same_in_any_order_and_with_or_without_the_quick_test(
    fleet: list[Record], policy: Policy, verdicts: list[Decision]
) -> None:
    """A component's devices follow from its records alone; where nothing can conflict it is one device."""
    whole = resolved(fleet, policy, verdicts).partition

    for component in whole.components:
        groups = whole.resolve(component).groups
        assert whole.resolve(list(reversed(component))).groups == groups
        assert len(groups) == 1 or not whole.has_no_conflict(component)


@pytest.mark.parametrize(("macs", "has_no_conflict"), [(["3C:52:82:00:00:01"], True), (["3C:52:82:00:00:02"], False)])
def test_a_box_that_one_agent_knows_by_its_new_name_has_no_conflict(macs: list[str], has_no_conflict: bool) -> None:
    """Agents learn of a new name one after the other; only where all their adapters differ may it be a clone."""
    box = {"serial": "5CG1234ABC", "macs": ["3C:52:82:00:00:01"], "hostname": "pc1"}
    rows = [
        {"provider": "alpha", "id": "1", **box},
        {"provider": "beta", "id": "1", **box, "hostname": "pc2"} | {"macs": macs},
    ]
    policy = Policy(complete_adapters={"alpha": True, "beta": True})
    fleet = resolve_records([read_record(row)[0] for row in rows], policy).partition

    assert fleet.has_no_conflict(fleet.components[0]) == has_no_conflict
    assert (len(fleet.resolve(fleet.components[0]).groups) == 1) == has_no_conflict


@given(fleets(), policies)
def test_what_lies_in_different_components_shares_nothing_that_could_join(fleet: list[Record], policy: Policy) -> None:
    """The component search misses no pair that the rule could have joined."""
    whole = resolve_records(fleet, policy).partition
    home = {position: i for i, component in enumerate(whole.components) for position in component}

    for left, right in combinations(range(len(whole.identities)), 2):
        mine, theirs = whole.single(left), whole.single(right)
        for kind in Kind:
            if agree(mine, theirs, kind) and not veto_between(mine, theirs, kind, whole.premises):
                assert home[left] == home[right]


@given(fleets(), policies)
def test_vetoes_are_symmetric(fleet: list[Record], policy: Policy) -> None:
    """Comparing two groups gives the same answer from either side."""
    whole = resolve_records(fleet, policy).partition
    singles = [whole.single(position) for position in range(len(whole.identities))]

    for left, right in combinations(singles, 2):
        for kind in Kind:
            assert veto_between(left, right, kind, whole.premises) == veto_between(right, left, kind, whole.premises)


@given(fleets())
def test_identifying_twice_changes_nothing(fleet: list[Record]) -> None:
    """Canonical values are their own canonical values."""
    for record in fleet:
        identity = identify(record, Policy())
        again = identify(
            {"provider": "p", "id": "1", "serial": list(identity.serials), "macs": list(identity.macs)}, Policy()
        )
        assert set(again.macs) == set(identity.macs)
        assert set(again.serials) == set(identity.serials)


def test_decisions_that_contradict_each_other_are_refused_with_both_named() -> None:
    """A chain of *same* and a *different* across it cannot both bind."""
    a, b, c = (Key("alpha", name) for name in "abc")
    verdicts = [
        Decision(Verdict.SAME, a, b),
        Decision(Verdict.SAME, b, c),
        Decision(Verdict.DIFFERENT, c, a),
    ]

    with pytest.raises(BadDecision, match=r"alpha:c and alpha:a .* alpha:a = alpha:b, alpha:b = alpha:c"):
        resolve_records([], Policy(), verdicts)


def test_an_explanation_does_not_depend_on_the_order_of_decisions() -> None:
    """Of two chains that are equally strong the same one is told, however the decisions came and were written."""
    middle = [("a", "1"), ("c", "1")]
    records: list[Record] = [
        {"provider": provider, "id": record_id, "macs": ["3C:52:82:00:00:03"]}
        for provider, record_id in (*middle, ("b", "2"))
    ]
    records.append({"provider": "b", "id": "1"})
    verdicts = [Decision(Verdict.SAME, Key(*each), Key("b", "1")) for each in middle]
    turned = [Decision(Verdict.SAME, each.right, each.left) for each in verdicts]

    told = {
        resolve_records(records, decisions=some).explain(Key("b", "1"), Key("b", "2")).sentence
        for some in (verdicts, verdicts[::-1], [turned[0], verdicts[1]], [verdicts[1], turned[0]])
    }

    assert len(told) == 1
