"""Record by record equals batch: what a change does not touch stays, what it touches is resolved from scratch."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from matching.clustering.decisions import check_decisions
from matching.errors import BadDecision
from matching.model import Decision, Key, Record, key_of
from matching.policy import Policy
from matching.results.resolution import resolve_records
from tests.matching.fleets import decisions, fleets, policies, records
from tests.matching.increments import GrowingFleet


class Changes(RuleBasedStateMachine):
    """Upserts, removals, decisions and revocations in any order; after each, the fleet equals a batch from scratch."""

    fleet: GrowingFleet

    @initialize(first=fleets(), policy=policies)
    def measure(self, first: list[Record], policy: Policy) -> None:
        """Start empty, under a calibration that was measured on some fleet."""
        self.fleet = GrowingFleet(policy, resolve_records(first, policy).calibration)

    @rule(record=records())
    def upsert(self, record: Record) -> None:
        self.fleet.upsert(record)

    @precondition(lambda self: self.fleet.records)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.fleet.remove(data.draw(st.sampled_from(sorted(self.fleet.records))))

    @rule(decision=decisions)
    def decide(self, decision: Decision) -> None:
        wanted = [*self.fleet.decisions, decision]
        try:
            check_decisions(wanted)
        except BadDecision:
            return
        self.fleet.decide(wanted)

    @precondition(lambda self: self.fleet.decisions)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.fleet.decisions))
        self.fleet.decide([decision for decision in self.fleet.decisions if decision != gone])

    @invariant()
    def equals_a_batch_from_scratch(self) -> None:
        """Devices and reviews are those of all records resolved at once under the same calibration."""
        batch = self.fleet.batch()
        assert self.fleet.devices == {key: device.keys for device in batch.devices for key in device.keys}
        assert self.fleet.reviews == list(batch.reviews)


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)


@given(fleets(), records(), policies)
@settings(max_examples=60)
def test_a_new_record_changes_only_devices_that_are_connected_with_it(
    fleet: list[Record], new: Record, policy: Policy
) -> None:
    """Devices that share no value with a new record, directly or through others, are the same without it."""
    growing = GrowingFleet(policy, resolve_records(fleet, policy).calibration)
    new["id"] = "new"
    growing.load(fleet)
    before = {device.keys for device in growing.batch().devices}
    growing.load([new])
    touched = growing.touching([key_of(new)])
    after = {device.keys for device in growing.batch().devices}

    assert {keys for keys in before if touched.isdisjoint(keys)} == {keys for keys in after if touched.isdisjoint(keys)}


@given(fleets(), policies, st.lists(decisions, max_size=3))
@settings(max_examples=30)
def test_each_component_can_be_resolved_alone(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> None:
    """The records of one component, resolved by themselves under the same calibration, give the same devices."""
    try:
        whole = resolve_records(fleet, policy, verdicts)
    except BadDecision:
        assume(False)
        raise
    growing = GrowingFleet(policy, whole.calibration)
    growing.decide(verdicts)
    growing.load(fleet)
    for key in {key_of(record) for record in fleet}:
        alone = GrowingFleet(policy, whole.calibration)
        alone.decide(verdicts)
        alone.load(growing.records[near] for near in growing.touching([key]))
        assert alone.batch().device_of(key).keys == whole.device_of(key).keys


def test_a_value_that_was_withdrawn_leaves_no_trace() -> None:
    """Two boxes that a third record's serials tied together part again when it loses one of them."""
    tie: Record = {"provider": "gamma", "id": "1", "serial": ["5CG1234ABC", "PF0EXMPL"]}
    ends: list[Record] = [
        {"provider": "alpha", "id": "1", "serial": "5CG1234ABC"},
        {"provider": "beta", "id": "1", "serial": "PF0EXMPL"},
    ]
    fleet = GrowingFleet(Policy(), resolve_records([]).calibration)
    for record in (*ends, tie):
        fleet.upsert(record)
    assert len(set(fleet.devices.values())) == 1

    fleet.upsert({"provider": "gamma", "id": "1", "serial": "5CG1234ABC"})

    assert sorted(set(fleet.devices.values())) == [(Key("alpha", "1"), Key("gamma", "1")), (Key("beta", "1"),)]
