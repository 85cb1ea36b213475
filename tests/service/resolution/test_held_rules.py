"""While the rules of a new version wait for a person, devices move only where their records say something else."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matching.clustering.decisions import check_decisions
from matching.errors import BadDecision
from matching.model import Decision, Key, Record, key_of
from matching.policy import OnConflict, Policy
from matching.results.resolution import resolve_under
from matching.version import ENGINE_VERSION
from service.core.errors import Conflict
from service.intake.pushing import push_records
from service.resolution.applying import rebuild
from service.resolution.recalibration import recalibrate
from service.resolution.upgrading import upgrade
from service.stewardship.feed import ChangeView, feed
from tests.matching import fleets
from tests.service import people
from tests.service.resolution.test_applying import in_force
from tests.service.resolution.test_incremental import assert_equals_batch
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both
from tests.service.upgrades.former import left_by_other_rules

pytestmark = on_both

OTHER_RULES = Policy(mac_against_name=OnConflict.JOIN, board_replacement=OnConflict.REVIEW)
OTHERS = [record(f"b:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(2, 22)]
FRONT = record("a:1", macs=["3C:52:82:00:00:01"], hostname="front-desk")
STORE = record("b:1", macs=["3C:52:82:00:00:01"], hostname="warehouse")
JOINED = {"a:1", "b:1"}
BY_RULES = {"rules_changed": ENGINE_VERSION}


@pytest.fixture
def held(tmp_path: Path) -> Sandbox:
    """Return a store in which rules wait that would take one device apart."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, FRONT, STORE)
    left_by_other_rules(world, OTHER_RULES)
    done = upgrade(world)
    assert done
    assert done.outcome == "held"
    assert JOINED in world.groups().values()
    return world


def used(by: Record) -> Record:
    """Return a record whose agent has seen another user since."""
    return {**by, "last_user": "zoe"}


def told(world: Sandbox, seq: int) -> list[tuple[str, Any]]:
    """Return what happened after a change of the feed, each with its cause."""
    return [(each.what, each.detail.get("because")) for each in changes_after(world, seq)]


def changes_after(world: Sandbox, seq: int) -> list[ChangeView]:
    """Return the changes after one."""
    return feed(world, seq, 1000).data


def last(world: Sandbox) -> int:
    """Return the number of the last change."""
    return feed(world, 0, 1000).seq


def test_a_record_that_says_the_same_evidence_leaves_its_device(held: Sandbox) -> None:
    """Every agent says a new time at every sync: that must not put the rules in force by and by."""
    before, seq = held.groups(), last(held)

    held.push({**FRONT, "last_user": "zoe", "last_seen": "2026-11-02T00:00:00Z"})

    assert held.groups() == before
    [change] = changes_after(held, seq)
    assert change.detail["fields"] == {"last_user": {"from": None, "to": "zoe"}}
    assert "because" not in change.detail
    assert recalibrate(held, asked=True).outcome == "held"


def test_a_whole_sync_of_records_that_say_the_same_leaves_all_devices(held: Sandbox, monkeypatch: Any) -> None:
    """However many they are: a full sync is no acceptance."""
    monkeypatch.setattr("service.resolution.applying.MANY", 1)
    monkeypatch.setattr("service.resolution.held_rules.portions", lambda keys: ([key] for key in keys))
    before = held.groups()

    held.sync("b", *(used(each) for each in (*OTHERS, STORE)))

    assert held.groups() == before
    assert {view.values["last_user"] for view in held.devices()} == {"zoe"}


def test_a_record_that_says_something_else_brings_its_own_under_the_new_rules(held: Sandbox) -> None:
    """First as they were, because of the rules; then as they are, because of the sync."""
    seq = last(held)

    outcome = held.sync("a", {**FRONT, "serial": "SN-00002"})

    assert JOINED not in held.groups().values()
    assert {"a:1", "b:2"} in held.groups().values()
    by_rules = [what for what, because in told(held, seq) if because == BY_RULES]
    by_sync = [what for what, because in told(held, seq) if because == {"sync": outcome.id, "provider": "a"}]
    assert sorted(by_rules) == ["changed", "split"]
    assert sorted(by_sync) == ["merged", "retired"]
    assert len(by_rules) + len(by_sync) == len(told(held, seq))


def test_a_record_that_is_new_is_resolved_by_the_new_rules(held: Sandbox) -> None:
    """What it meets is first brought under them."""
    seq = last(held)

    held.push(record("c:1", macs=["3C:52:82:00:00:01"], hostname="front-desk", company="Acme"))

    groups = list(held.groups().values())
    assert JOINED not in groups
    assert {"a:1", "c:1"} in groups or {"c:1"} in groups
    assert told(held, seq)[0][1] == BY_RULES
    assert told(held, seq)[-1][1] is None


def test_a_record_that_meets_nobody_moves_nobody(held: Sandbox) -> None:
    """The rules wait for all others."""
    seq = last(held)

    held.push(record("c:1", serial="SN-77777"))

    assert JOINED in held.groups().values()
    assert told(held, seq) == [("created", None)]


def test_a_record_that_goes_brings_those_it_leaves_under_the_new_rules(held: Sandbox) -> None:
    """They might have hung together by it."""
    seq = last(held)

    held.delete("b:1")

    assert {"a:1"} in held.groups().values()
    assert [because for _, because in told(held, seq)] == [BY_RULES, BY_RULES, None]


def test_a_decision_binds_at_once(held: Sandbox) -> None:
    """What it changes has the decision as its cause, and what the rules change has the rules."""
    seq = last(held)

    decided = people.decide(held, "same", "a:1", "b:2")

    assert {"a:1", "b:2"} in held.groups().values()
    causes = ["rules_changed" if "rules_changed" in because else "decision" for _, because in told(held, seq)]
    assert causes == ["rules_changed", "rules_changed", "decision", "decision"]
    assert all("decision" in each.detail["because"] for each in decided.changes)
    people.revoke(held, decided.decision.id)
    assert {"a:1"} in held.groups().values()


def test_a_policy_that_the_operator_changes_puts_all_in_force_at_the_next_write(held: Sandbox) -> None:
    """Blocking keys were made under the policy before; what the record does itself is told apart from it."""
    seq = last(held)

    push_records(held.changed(policy=Policy(islands=4)), [record("c:1", serial="SN-77777")])

    assert JOINED not in held.groups().values()
    assert [because for _, because in told(held, seq)] == [BY_RULES, BY_RULES, None]
    assert recalibrate(held.changed(policy=Policy(islands=4)), asked=True).outcome == "unchanged"


def test_a_rebuild_waits_as_well(held: Sandbox) -> None:
    """It would put the rules in force without a word."""
    with pytest.raises(Conflict, match="samebox calibrate"):
        rebuild(held)


class AnyHistory(RuleBasedStateMachine):
    """Nasty records and decisions in any order, in a store whose devices follow from the rules before."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = Sandbox(Path(self.folder.name))
        self.known: dict[Key, Record] = {}
        self.standing: list[Decision] = []
        self.formers: set[frozenset[str]] = set()

    def teardown(self) -> None:
        """Accept: whatever happened before, the store is what a batch makes of it under the new rules."""
        if self.known:
            recalibrate(self.world, max_change=1, asked=True)
            assert_equals_batch(self.world, list(self.known.values()), self.standing)
            assert rebuild(self.world).rows.total() == 0
        self.world.store.engine.dispose()
        self.folder.cleanup()

    @initialize(first=fleets.fleets())
    def begin(self, first: list[Record]) -> None:
        """Other rules have resolved some records; the new ones are held, however little they change."""
        self.push([*first, record("alpha:1", serial="5CG1234ABC")])
        left_by_other_rules(self.world, OTHER_RULES)
        self.formers = set(map(frozenset, self.world.groups().values()))
        upgrade(self.world, max_change=0)

    @rule(rows=st.lists(fleets.records(), min_size=1, max_size=3))
    def push(self, rows: list[Record]) -> None:
        """Some records arrive, or change."""
        arrived = {key_of(row): row for row in rows}
        self.world.push(*arrived.values())
        self.known |= arrived

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def see(self, data: st.DataObject) -> None:
        """A record says the same evidence, and who used the box."""
        key = data.draw(st.sampled_from(sorted(self.known)))
        before = self.world.groups()
        self.push([{**self.known[key], "last_user": data.draw(st.sampled_from(["zoe", "ann"]))}])
        assert self.world.groups() == before

    @precondition(lambda self: len(self.known) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """A record goes."""
        key = data.draw(st.sampled_from(sorted(self.known)))
        self.world.delete(str(key))
        del self.known[key]

    @rule(decision=fleets.decisions)
    def decide(self, decision: Decision) -> None:
        """A person decides."""
        if not {decision.left, decision.right} <= self.known.keys() or decision.left == decision.right:
            return
        try:
            check_decisions([*self.standing, decision])
        except BadDecision:
            return
        people.bring(self.world, [replace(decision, by="anna", why="saw both stickers")])
        self.standing.append(decision)

    @invariant()
    def each_device_is_of_the_rules_before_or_of_the_new_ones(self) -> None:
        """Nothing between: and of the new ones are all that a batch finds under the calibration in force."""
        if self.known and self.formers:
            batch = resolve_under(self.known.values(), POLICY, self.standing, in_force(self.world))
            present = {frozenset(map(str, device.keys)) for device in batch.devices}
            assert set(map(frozenset, self.world.groups().values())) <= present | self.formers
            meeting = {key: set(own) for key, own in batch.blocking_keys.items()}
            stored: dict[Key, set[int]] = {key: set() for key in meeting}
            rows = self.world.rows(
                "SELECT blocking_key, provider, record_id FROM blocking_keys JOIN records ON number = record"
            )
            for joint, *own in rows:
                stored[Key(*own)].add(joint)
            assert stored == meeting


def test_any_history_between_an_upgrade_and_its_acceptance(database: str) -> None:
    """Whatever arrives, goes and is decided while rules wait, devices follow from one set of rules or the other."""
    examples = {"sqlite": 12, "postgresql": 3}[database]
    run_state_machine_as_test(
        AnyHistory, settings=settings(max_examples=examples, stateful_step_count=8, deadline=None)
    )
