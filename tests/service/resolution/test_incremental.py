"""The store after any sequence of changes is what a batch in memory makes of the same records and decisions."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

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
from sqlalchemy import insert, update

from matching.clustering.decisions import check_decisions
from matching.errors import BadDecision
from matching.model import Decision, Key, Record, key_of
from matching.results.resolution import Resolution, resolve_under
from service.core.paging import PageRequest
from service.devices.explaining import explain
from service.devices.inspecting import inspect
from service.resolution.applying import apply, rebuild
from service.resolution.recalibration import accept, drop, recalibrate
from service.stewardship.reviewing import list_reviews
from service.store.database import tables
from tests.matching import fleets
from tests.service.resolution.test_applying import in_force, leads_to
from tests.service.sandbox import INDEXES, POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def decide(world: Sandbox, decision: Decision) -> None:
    """Store a decision as people's use case does, and let the devices follow."""
    row = {
        "id": world.new_id(),
        "verdict": str(decision.verdict),
        **{"left_provider": decision.left.provider, "left_id": decision.left.id},
        **{"right_provider": decision.right.provider, "right_id": decision.right.id},
        **{"by": "anna", "why": "", "at": world.now()},
    }
    with world.store.writing() as connection:
        connection.execute(insert(tables.decisions), [row])
        apply(connection, (), world.change(connection), decided=[decision.left, decision.right])


def revoke(world: Sandbox, decision: Decision) -> None:
    """Take all decisions about two records back."""
    columns = tables.decisions.c
    named = (columns.left_provider, columns.left_id, columns.right_provider, columns.right_id)
    pair = (*decision.left, *decision.right)
    condition = [column == value for column, value in zip(named, pair, strict=True)]
    with world.store.writing() as connection:
        connection.execute(update(tables.decisions).where(*condition).values(revoked_at=world.now()))
        apply(connection, (), world.change(connection), decided=[decision.left, decision.right])


def assert_equals_batch(world: Sandbox, known: Sequence[Record], standing: Sequence[Decision]) -> Resolution:
    """Devices, golden values, values that are no evidence, reviews and joints are those of a batch in memory."""
    batch = resolve_under(known, POLICY, standing, in_force(world))
    stored = {tuple(f"{row.provider}:{row.id}" for row in view.records): view.values for view in world.devices()}
    assert stored == {tuple(map(str, each.keys)): json.loads(json.dumps(each.golden.values)) for each in batch.devices}
    unusable = {
        Key(provider, record_id): json.loads(found)
        for provider, record_id, found in world.rows("SELECT provider, record_id, suppressed FROM memberships")
    }
    assert unusable == {key: [value._asdict() for value in batch.suppressed(key)] for key in batch.records}
    reviews = {
        (reason, tuple(json.loads(body)["left"]), tuple(json.loads(body)["right"]), json.loads(body)["sentence"], worth)
        for reason, body, worth in world.rows("SELECT reason, body, worth FROM reviews")
    }
    assert reviews == {
        (each.reason, tuple(map(str, each.left)), tuple(map(str, each.right)), each.sentence, each.worth)
        for each in batch.reviews
    }
    meeting = {(joint, Key(*key)) for joint, *key in world.rows(INDEXES["blocking_keys"])}
    assert meeting == {(joint, key) for key, own in batch.blocking_keys.items() for joint in own}
    return batch


class AnyHistory(RuleBasedStateMachine):
    """Nasty records, decisions and measurements in any order, in a real store."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = Sandbox(Path(self.folder.name))
        self.known: dict[Key, Record] = {}
        self.standing: list[Decision] = []
        self.ids: set[str] = set()

    def teardown(self) -> None:
        """Close and remove the database."""
        self.world.store.engine.dispose()
        self.folder.cleanup()

    @initialize(first=fleets.fleets(), verdicts=st.lists(fleets.decisions, max_size=3))
    def begin(self, first: list[Record], verdicts: list[Decision]) -> None:
        """Some records and decisions are there: the first calibration is measured on what came first."""
        self.push([*first, record("alpha:1", serial="5CG1234ABC")])
        for verdict in verdicts:
            self.decide(verdict)

    @rule(rows=st.lists(fleets.records(), min_size=1, max_size=3))
    def push(self, rows: list[Record]) -> None:
        """Some records arrive, or change."""
        arrived = {key_of(row): row for row in rows}
        self.world.push(*arrived.values())
        self.known |= arrived

    @precondition(lambda self: len(self.known) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """A record goes."""
        key = data.draw(st.sampled_from(sorted(self.known)))
        self.world.delete(str(key))
        del self.known[key]

    @rule(decision=fleets.decisions)
    def decide(self, decision: Decision) -> None:
        """A person decides, maybe about records that are not there."""
        try:
            check_decisions([*self.standing, decision])
        except BadDecision:
            return
        decide(self.world, decision)
        self.standing.append(decision)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """A decision is taken back."""
        gone = data.draw(st.sampled_from(self.standing))
        revoke(self.world, gone)
        self.standing = [each for each in self.standing if (each.left, each.right) != (gone.left, gone.right)]

    @rule(accepted=st.booleans(), asked=st.booleans())
    def measure(self, accepted: bool, asked: bool) -> None:
        """All records are measured; what is held is accepted or dropped."""
        said = recalibrate(self.world, asked=asked)
        if said.outcome == "held" and accepted:
            accept(self.world)
        elif said.outcome == "held":
            drop(self.world)

    @rule()
    def rebuild(self) -> None:
        """Everything is worked out anew, and nothing differs."""
        done = rebuild(self.world)
        assert done.rows.total() == 0, done.changes

    @rule()
    def look(self) -> None:
        """Every device tells the reviews that have one of its records on a side, in the order of their list."""
        open_now = list_reviews(self.world, PageRequest(1000)).data
        for device_id, keys in self.world.groups().items():
            own = [each for each in open_now if keys & {*each.left.records, *each.right.records}]
            assert inspect(self.world, device_id).reviews == own

    @invariant()
    def the_store_equals_a_batch(self) -> None:
        """Down to the joints; and what is explained is what is stored."""
        if self.known:
            batch = assert_equals_batch(self.world, list(self.known.values()), self.standing)
            for left, right in zip(sorted(self.known), sorted(self.known)[1:], strict=False):
                assert explain(self.world, left, right) == batch.explain(left, right)

    @invariant()
    def every_id_ever_given_out_leads_to_one_device_or_to_a_tombstone(self) -> None:
        """None is forgotten, none is given twice, and no redirect leads to a redirect."""
        live = set(self.world.groups())
        self.ids |= live
        for each in self.ids:
            assert leads_to(self.world, each) in {each} if each in live else {None, *live}
        assert self.world.rows("SELECT id FROM devices INTERSECT SELECT id FROM retired_devices") == []


def test_the_store_equals_a_batch_after_any_history(database: str) -> None:
    """Whatever arrives, goes, is decided, revoked and measured, the store holds what a batch in memory finds."""
    examples = {"sqlite": 15, "postgresql": 5}[database]  # each takes several times as long on a server
    run_state_machine_as_test(
        AnyHistory, settings=settings(max_examples=examples, stateful_step_count=10, deadline=None)
    )
