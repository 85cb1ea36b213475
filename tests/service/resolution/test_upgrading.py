"""A store of another version is brought up to this one: it is what a fresh import makes, and much at once is held."""

import json
import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from matching.model import Kind
from matching.policy import OnConflict, Policy
from service.core.errors import Conflict, SchemaBehind, StoreError
from service.devices.lookup import lookup
from service.resolution.recalibration import Recalibration, accept, drop, recalibrate
from service.resolution.upgrading import upgrade
from service.stewardship.feed import feed
from service.store.resolved.rules import RULES, policy_digest
from tests.service.people import bring, decision
from tests.service.resolution.test_applying import leads_to
from tests.service.sandbox import Sandbox, record
from tests.service.soak.invariants import assert_whole, portrait
from tests.service.soak.processes import Channel, Child
from tests.service.statements import tell
from tests.service.stores import chosen, copy_of, on_both
from tests.service.upgrades.former import kept_store, left_by_other_rules, mark

pytestmark = on_both

OTHER_RULES = Policy(mac_against_name=OnConflict.JOIN)
"""What stands for the rules of the version before: they join two boxes that share a MAC."""

OTHERS = [record(f"b:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(2, 22)]
PAIR = [
    record("a:1", macs=["3C:52:82:00:00:01"], hostname="front-desk"),
    record("b:1", macs=["3C:52:82:00:00:01"], hostname="warehouse"),
]


@pytest.fixture
def joined(tmp_path: Path) -> Sandbox:
    """Return a store in which other rules joined two boxes that those of this version keep apart."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, *PAIR)
    left_by_other_rules(world, OTHER_RULES)
    assert {"a:1", "b:1"} in world.groups().values()
    return world


def fresh(world: Sandbox, folder: Path) -> Sandbox:
    """Return a new store with the records and decisions of another one."""
    folder.mkdir()
    new = Sandbox(folder, "fresh", hours=24 * 60)  # no record says that it will be seen
    new.take_in(*(json.loads(payload) for (payload,) in world.rows("SELECT payload FROM records")))
    decided = world.rows("SELECT verdict, left_provider, left_id, right_provider, right_id FROM decisions")
    bring(new, [decision(verdict, f"{p}:{i}", f"{q}:{j}", why="looked") for verdict, p, i, q, j in decided])
    return new


COLUMNS = "id, verdict, left_provider, left_id, right_provider, right_id, why, at, revoked_at"
DECISIONS = f"SELECT {COLUMNS} FROM decisions ORDER BY id"
"""What the version before kept of a decision."""


def upgraded(world: Sandbox) -> Recalibration | None:
    """Upgrade a store, and accept what is held."""
    done = upgrade(world)
    return accept(world) if done and done.outcome == "held" else done


def spoil_indexes(world: Sandbox) -> None:
    """Leave search terms and blocking keys that other rules would have made: none of nine records."""
    with world.store.writing() as connection:
        for statement in (
            "DELETE FROM identifiers WHERE record < 10",
            "UPDATE records SET terms = '' WHERE number < 10",
            "DELETE FROM blocking_keys WHERE record < 10",
            "UPDATE memberships SET blocking_keys = '' WHERE record < 10",
        ):
            connection.exec_driver_sql(statement.replace("''", "x''" if chosen() == "sqlite" else "''"))


def test_a_store_of_the_version_before_becomes_what_a_fresh_import_makes(tmp_path: Path) -> None:
    """Devices, golden records, reviews, indexes and what is learnt; decisions stand, and every id leads somewhere."""
    world = kept_store(tmp_path)
    ids = [device_id for (device_id,) in world.rows("SELECT id FROM devices")]
    decisions = world.rows(DECISIONS)
    assert len(ids) > 30
    assert len(decisions) == 2

    upgraded(world)

    assert portrait(world) == portrait(fresh(world, tmp_path / "fresh"))
    assert world.rows(DECISIONS) == decisions
    live = {device_id for (device_id,) in world.rows("SELECT id FROM devices")}
    assert all(leads_to(world, each) in live for each in ids)
    assert len(live.intersection(ids)) >= 0.8 * len(ids)
    world.store.require_current()


def test_search_terms_and_blocking_keys_are_made_anew_before_anything_is_served(joined: Sandbox) -> None:
    """Until then the store is refused with what to do; then a record is found by all that it says, and meets others."""
    spoil_indexes(joined)
    with pytest.raises(SchemaBehind, match="run: samebox db upgrade"):
        joined.store.make_ready()

    upgrade(joined)

    joined.store.make_ready()
    number = joined.rows("SELECT record_id FROM records WHERE provider = 'b' AND number < 10 AND record_id <> '1'")[0][
        0
    ]
    serial = f"SN-{int(number):05}"
    assert [view.id for view in lookup(joined, serial)] == [joined.home(f"b:{number}")]
    joined.push(record("c:1", serial=serial))
    assert joined.home("c:1") == joined.home(f"b:{number}")
    accept(joined)
    assert_whole(joined)


def test_what_the_rules_would_change_is_held_and_shown(joined: Sandbox) -> None:
    """One device of twenty-one is more than one in a hundred: it is named, and nothing changes."""
    before = joined.groups()

    said = upgrade(joined)

    assert said
    assert said.outcome == "held"
    assert said.report["rules_changed"] == {"from": 1, "to": RULES.engine}
    assert (said.report["devices"], said.report["devices_changed"]) == (21, 1)
    assert said.report["first_changed"] == {joined.home("a:1"): [["a:1"], ["b:1"]]}
    assert joined.groups() == before
    assert recalibrate(joined) == said
    assert upgrade(joined) == said


def test_accepted_rules_are_in_force_and_the_cause_of_each_change(joined: Sandbox) -> None:
    """The feed tells a program, and a sentence a person."""
    upgrade(joined)
    whole, last = joined.home("a:1"), feed(joined, limit=1000).seq

    accept(joined)

    told = feed(joined, last).data
    assert {each.device_id for each in told} == {joined.home("a:1"), joined.home("b:1")}
    assert whole in joined.groups()
    assert all(each.detail["because"] == {"rules_changed": RULES.engine} for each in told)
    assert all("By an upgrade of Samebox: rules changed." in each.sentence for each in told)
    assert upgrade(joined) is None


def test_rules_that_change_little_are_in_force_at_once(joined: Sandbox) -> None:
    """As a calibration is; the feed names them even so."""
    last = feed(joined, limit=1000).seq

    said = upgrade(joined, max_change=0.1)

    assert said
    assert said.outcome == "in_force"
    assert {"a:1", "b:1"} not in joined.groups().values()
    assert all("rules_changed" in each.detail["because"] for each in feed(joined, last).data)


def test_rules_that_change_nothing_leave_the_store_as_it_is(tmp_path: Path) -> None:
    """No version is added, and no change told."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS)
    before, known = world.everything(), world.rows("SELECT * FROM calibrations")
    mark(world, "engine = 1, defaults = ''")

    said = upgrade(world)

    assert said
    assert said.outcome == "unchanged"
    assert (world.everything(), world.rows("SELECT * FROM calibrations")) == (before, known)
    assert upgrade(world) is None


def test_rules_that_are_dropped_are_put_off(joined: Sandbox) -> None:
    """A sync does not ask again, a person may; no rules but these are in the program."""
    upgrade(joined)
    before = joined.groups()

    assert drop(joined).outcome == "dropped"
    assert recalibrate(joined).outcome == "unchanged"
    assert joined.groups() == before
    assert recalibrate(joined, asked=True).outcome == "held"
    accept(joined)
    assert {"a:1", "b:1"} not in joined.groups().values()


def test_neither_a_new_provider_nor_many_records_excuse_new_rules(joined: Sandbox) -> None:
    """They say nothing about what the rules do to devices that are there."""
    upgrade(joined)
    joined.sync("c", *(record(f"c:{n}", serial=f"XX-{n:05}") for n in range(60)))

    assert {"a:1", "b:1"} in joined.groups().values()


def test_a_changed_default_of_the_policy_is_held_as_rules_are(tmp_path: Path) -> None:
    """The release before had another default, and the operator has set nothing."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, *PAIR)
    left_by_other_rules(world, OTHER_RULES)
    mark(world, f"engine = {RULES.engine}, defaults = '{policy_digest(OTHER_RULES)}'")

    said = upgrade(world)

    assert said
    assert (said.outcome, said.report["devices_changed"]) == ("held", 1)
    assert {"a:1", "b:1"} in world.groups().values()


def test_a_policy_that_the_operator_changed_is_not_held(tmp_path: Path) -> None:
    """He has changed it on purpose; no rule of the program is another."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, *PAIR)
    assert {"a:1", "b:1"} not in world.groups().values()

    changed = world.changed(policy=OTHER_RULES)

    assert upgrade(changed) is None
    assert recalibrate(changed).outcome == "in_force"
    assert {"a:1", "b:1"} in world.groups().values()


def test_a_policy_that_the_operator_changes_ends_the_wait_of_the_rules(joined: Sandbox) -> None:
    """Everything is resolved anew, which no rules but those of this version can do; the feed says what caused it."""
    upgrade(joined)
    last = feed(joined, limit=1000).seq
    policy = Policy(deny={Kind.SERIAL: frozenset({"SN-00002"})})

    assert recalibrate(joined.changed(policy=policy)).outcome == "in_force"

    assert {"a:1", "b:1"} not in joined.groups().values()
    assert all("rules_changed" in each.detail["because"] for each in feed(joined, last).data)


def test_what_another_version_measured_is_not_accepted(joined: Sandbox) -> None:
    """Nobody knows what it would change under the rules of this one."""
    upgrade(joined)
    with joined.store.writing() as connection:
        connection.exec_driver_sql("UPDATE calibrations SET engine = 1 WHERE status = 'held'")

    with pytest.raises(Conflict, match="another version"):
        accept(joined)


def test_a_store_of_a_newer_version_is_refused(joined: Sandbox) -> None:
    """This program would undo what the rules of the newer one have done."""
    mark(joined, f"engine = {RULES.engine + 1}")

    attempts: list[Callable[[], Any]] = [
        joined.store.make_ready,
        joined.store.require_current,
        lambda: upgrade(joined),
        lambda: joined.store.downgrade("0007"),
    ]
    for attempt in attempts:
        with pytest.raises(StoreError, match=f"version {RULES.engine + 1} of the rules.*install a newer samebox"):
            attempt()


def test_progress_is_told(joined: Sandbox) -> None:
    """An operator of a million records sees that it goes on, and how far it is."""
    told: list[tuple[str, int, int | None]] = []

    upgrade(joined, progress=lambda what, done, expected=None: told.append((what, done, expected)))

    assert told == [("search terms", 22, 22), ("blocking keys", 22, 22)]


def die_upgrading(channel: Channel, folder: Path, statement: int | None) -> None:
    """Upgrade the store of a folder in this process; die at a statement or commit, should it be reached."""
    steps = count(1)

    def step(*_: Any) -> None:
        if next(steps) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    world = Sandbox(folder, f"killed-{statement}")
    tell(world.store, step)
    event.listen(world.store.engine, "commit", step)
    upgrade(world)
    world.store.engine.dispose()
    channel.send(next(steps) - 1)


def test_an_upgrade_that_is_killed_at_any_moment_is_done_by_the_next_one(tmp_path: Path) -> None:
    """Whatever it had done: run again, the store is what an undisturbed upgrade makes."""
    before = tmp_path / "before"
    before.mkdir()
    kept_store(before).store.engine.dispose()
    with copy_of(before) as folder:
        with Child(die_upgrading, folder, None) as child:
            statements = child.end()
        whole = Sandbox(folder)
        upgraded(whole)
        wanted = portrait(whole)
        whole.store.engine.dispose()
    random = Random(5)
    for statement in sorted(random.sample(range(2, statements), 6)):
        with copy_of(before) as folder:
            with Child(die_upgrading, folder, statement) as child:
                assert child.end() is None
            again = Sandbox(folder, "again")
            upgraded(again)
            assert portrait(again) == wanted, statement
            assert_whole(again)
            again.store.engine.dispose()
