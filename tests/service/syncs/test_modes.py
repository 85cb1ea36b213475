"""Full and incremental syncs end alike; what vanishes is asked for; what is too much to believe is held back."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cli import main
from service.demo.connectwise.faults import AfterCall, garbage
from service.resolution.recalibration import recalibrate
from service.store import quarantine, syncs
from service.store.quarantine import Unread
from service.syncs.syncing import sync
from tests.service.providers import Listed
from tests.service.psa import LIST, Psa, environment, running_psa
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture(scope="module")
def server() -> Iterator[Psa]:
    """One server for all tests."""
    with running_psa() as psa:
        yield psa


@pytest.fixture
def psa(server: Psa) -> Psa:
    """The server with 30 rows."""
    server.fill(30)
    return server


def ids(world: Sandbox) -> set[int]:
    """Return the ids of the stored records."""
    return {int(record_id) for (record_id,) in world.rows("SELECT record_id FROM records")}


def state(world: Sandbox) -> list[Any]:
    """Return what two worlds have in common when they saw the same: records, devices with their values, quarantine."""
    devices = sorted(
        (sorted(str(row.id) for row in view.records), sorted(view.values.items())) for view in world.devices()
    )
    return [
        world.rows("SELECT provider, record_id, payload FROM records ORDER BY 2"),
        devices,
        world.rows("SELECT record_id, reason, payload FROM quarantine ORDER BY 1"),
    ]


def test_the_first_sync_is_full_and_the_next_one_asks_for_what_changed(tmp_path: Path, psa: Psa) -> None:
    """One request for the count and one for the list, with a condition on time alone; nothing unseen is removed."""
    world = Sandbox(tmp_path)
    first = psa.sync(world)
    psa.forget()
    psa.edit(7, world.now(), name="RENAMED")
    psa.delete(8)
    second = psa.sync(world)
    conditions = {request.query["conditions"] for request in psa.app.state.log.seen}

    assert (first.mode, first.new) == ("full", 30)
    assert (second.mode, second.read, second.changed, second.gone) == ("incremental", 1, 1, 0)
    assert len(psa.asked()) == 2
    assert all(condition.startswith("lastUpdated > [2026-") for condition in conditions)
    assert ids(world) == set(range(1, 31))


def test_a_full_sync_is_due_when_the_last_one_is_old(tmp_path: Path, psa: Psa) -> None:
    """Only a full sync learns of what was deleted."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    later = Sandbox(tmp_path, "later", hours=25)

    assert psa.sync(later).mode == "full"
    assert psa.sync(later).mode == "incremental"
    assert psa.sync(later, mode="full").mode == "full"
    assert psa.sync(later, full_every_hours=0).mode == "full"


def test_an_incremental_sync_begins_before_the_last_one_began_by_either_clock(tmp_path: Path, psa: Psa) -> None:
    """The server's clock counts as well as ours: the earlier of both, less the overlap."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.sync(world, overlap_minutes=30)
    with world.store.reading() as connection:
        incremental, full = syncs.page(connection, None, 2)
    assert full.as_of

    assert full.as_of <= full.started_at
    assert incremental.since == full.as_of - timedelta(minutes=30)
    asked = f"lastUpdated > [{incremental.since:%Y-%m-%dT%H:%M:%SZ}]"
    assert psa.app.state.log.seen[-1].query["conditions"] == asked


EDITS = st.lists(
    st.tuples(
        st.integers(1, 14),
        st.sampled_from(
            [
                {"name": "RENAMED"},
                {"serialNumber": "SN-00003"},
                {"activeFlag": False},
                {"activeFlag": True},
                {"activeFlag": None},
                {"type": {"id": 2, "name": "Printer"}},
                {"type": {"id": 1, "name": "SERVER"}},
                {"type": None},
            ]
        ),
    ),
    max_size=6,
)


@settings(max_examples=40)
@given(
    st.lists(EDITS, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from([{}, {"include": ["Server"]}, {"exclude": ["printer"]}]),
)
def test_incremental_syncs_end_as_a_full_one_does(
    server: Psa, rounds: list[list[tuple[int, dict[str, Any]]]], active_only: bool, types: dict[str, list[str]]
) -> None:
    """
    Whatever was edited: what is deactivated or of another type leaves, or is not live, as in a full sync.

    Only a full sync measures what all records together teach, so both are measured anew before they are compared.
    """
    server.fill(12)
    chosen: dict[str, Any] = {"active_only": active_only, "types": types, "page_size": 5}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        world, truth = Sandbox(Path(one)), Sandbox(Path(other))
        server.sync(world, **chosen)
        for edits in rounds:
            for number, fields in edits:
                server.edit(number, world.now(), **fields)
            assert server.sync(world, mode="incremental", max_shrink=1, **chosen).error is None
        server.sync(truth, mode="full", **chosen)
        for each in (world, truth):
            recalibrate(each, max_change=1)

        if truth.devices():
            assert state(world) == state(truth)


def test_each_vanished_record_is_asked_for(tmp_path: Path, psa: Psa) -> None:
    """Deleted, deactivated or of another type: asked one by one, after the sweep agreed with the count."""
    world = Sandbox(tmp_path)
    psa.sync(world, types={"include": ["Server"]})
    psa.forget()
    psa.delete(3)
    psa.edit(4, activeFlag=False)
    psa.edit(5, type={"id": 9, "name": "Printer"})
    outcome = psa.sync(world, mode="full", types={"include": ["Server"]})

    assert (outcome.gone, outcome.same) == (3, 27)
    assert psa.asked()[-3:] == [f"{LIST}/3", f"{LIST}/4", f"{LIST}/5"]
    assert ids(world) == set(range(1, 31)) - {3, 4, 5}
    told = [
        json.loads(detail)["because"] for (detail,) in world.rows("SELECT detail FROM changes WHERE what = 'retired'")
    ]
    assert [because["gone"] for because in told] == [
        "is of the type Printer now, which the settings do not select",
        "was deactivated at the provider",
        "was deleted at the provider",
    ]
    assert {because["sync"] for because in told} == {outcome.id}


def test_a_record_that_the_sweep_missed_stays(tmp_path: Path, psa: Psa) -> None:
    """It is there when it is asked for, so it came like any other."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    row = psa.app.state.rows.find(17)
    psa.delete(17)
    psa.plan(AfterCall(lambda: psa.app.state.rows.put(row)), path=f"{LIST}/17")
    outcome = psa.sync(world, mode="full")

    assert (outcome.status, outcome.gone, outcome.same) == ("succeeded", 0, 30)


def test_nothing_vanishes_from_a_sweep_that_was_not_complete(tmp_path: Path, psa: Psa) -> None:
    """A page cut short looks like the end; the count says otherwise, beyond what comes and goes during a read."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.plan(garbage(b"[]"), skip=2)
    failed = psa.sync(world, mode="full")

    assert (failed.status, failed.gone) == ("failed", 0)
    assert "announced 30 rows and sent 20" in str(failed.error)
    assert ids(world) == set(range(1, 31))


@pytest.mark.parametrize("mode", ["full", "incremental"])
def test_a_feed_that_shrinks_too_much_is_held_until_a_person_accepts(tmp_path: Path, psa: Psa, mode: str) -> None:
    """What is new or changed is stored, nothing is removed, and the next sync is held as well."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    at = world.now()
    for number in range(1, 8):
        psa.edit(number, at, activeFlag=False)
    psa.edit(20, at, name="RENAMED")
    psa.edit(31, at)
    held, again = psa.sync(world, mode=mode), psa.sync(world, mode=mode)
    stored = ids(world)
    accepted = psa.sync(world, accept=True)

    assert (held.status, held.gone, held.new, held.changed) == ("held", 0, 1, 1)
    assert "would lose 7 of 3" in str(held.error)
    assert "samebox sync --accept-shrink cw_manage" in str(held.error)
    assert (again.status, again.new) == ("held", 0)
    assert stored == set(range(1, 32))
    assert (accepted.status, accepted.mode, accepted.gone) == ("succeeded", "full", 7)
    assert ids(world) == set(range(8, 32))


def test_a_small_loss_is_no_shrink(tmp_path: Path, psa: Psa) -> None:
    """Four devices of a fleet of six may go: below five, shares say nothing."""
    psa.fill(6)
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.delete(1, 2, 3, 4)

    assert psa.sync(world, mode="full").gone == 4


def test_more_vanished_records_than_may_be_asked_for_are_held(tmp_path: Path, psa: Psa) -> None:
    """Nobody is asked, nothing goes; accepted, those beyond the bound go unasked."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.delete(1, 2, 3)
    psa.forget()
    held = psa.sync(world, mode="full", max_lookups=2)
    asked = psa.asked()
    accepted = psa.sync(world, accept=True, max_lookups=2)

    assert (held.status, held.gone) == ("held", 0)
    assert "Sync:MaxLookups (2)" in str(held.error)
    assert asked == [f"{LIST}/count", "after 0", "after 13", "after 23"]
    assert accepted.gone == 3


def test_the_feeds_clock_moves_for_rows_that_came_the_same(tmp_path: Path, psa: Psa) -> None:
    """When it last returned a record is not when the record last changed."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.edit(5, world.now() + timedelta(minutes=1))
    psa.sync(world)
    psa.sync(world, mode="full")
    clocks = world.rows("SELECT first_seen_at = changed_at, returned_at > changed_at FROM records")

    assert set(clocks) == {(1, 1)}


def test_a_quarantined_row_is_read_again_when_the_program_has_learnt_it(tmp_path: Path, psa: Psa) -> None:
    """An incremental sync does not bring it; it is read from the quarantine, and leaves it as a record."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    with world.store.writing() as connection:
        rows = [
            Unread("cw_manage", "99", "not understood", {"id": 99, "name": "SRV-99", "activeFlag": True}),
            Unread("cw_manage", "", "no id", {"id": "x", "activeFlag": True}),
        ]
        quarantine.add(connection, rows, world.now())
    outcome = psa.sync(world)

    assert (outcome.mode, outcome.new) == ("incremental", 1)
    assert 99 in ids(world)
    assert world.rows("SELECT record_id, reason FROM quarantine") == [("", "no id")]


def test_the_command_line_tells_of_a_held_sync_and_of_the_quarantine(
    tmp_path: Path, psa: Psa, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sync` and `check` end with 1 and say what to do; accepted, all is well. Rows that cannot be read are listed."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(psa, Sandbox(tmp_path)).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        return int(end.value.code or 0), *capsys.readouterr()

    nothing = run("quarantine")
    assert run("sync", "--json")[0] == 0
    psa.delete(*range(1, 11))
    psa.plan(AfterCall(lambda: psa.edit(40, name="NEW")), path=f"{LIST}/count")
    held, checked = run("sync", "--full"), run("check")
    accepted, well = run("sync", "--accept-shrink", "cw_manage"), run("check")
    psa.plan(garbage(b'[{"id": "odd", "name": "\\u001b[31mred"}]'))
    psa.plan(garbage(b'{"count": 1}'), path=f"{LIST}/count")
    assert run("sync", "--incremental")[0] == 0
    table, as_json = run("quarantine"), run("quarantine", "cw_manage", "--json")

    assert "nothing is in quarantine" in nothing[2]
    assert (held[0], checked[0], accepted[0], well[0]) == (1, 1, 0, 0)
    assert "held: all is stored, nothing removed" in held[1]
    assert "samebox sync --accept-shrink cw_manage" in held[2]
    assert "samebox sync --accept-shrink cw_manage" in checked[2]
    assert "held, full, begun" in checked[1]
    [row] = json.loads(as_json[1])
    assert row["reason"] == "it is no object with a whole number as its id"
    assert "no object with a whole number" in table[1]
    assert "\x1b" not in table[1]


@pytest.mark.parametrize(("ahead", "counts"), [(-3, True), (3, False)], ids=["behind ours", "ahead of ours"])
def test_the_earlier_of_both_clocks_says_when_a_sync_began(tmp_path: Path, ahead: int, counts: bool) -> None:
    """Whichever clock is wrong, no change falls between two syncs: some are read twice."""
    world = Sandbox(tmp_path)
    adapter = Listed("a", [record("a:1")])
    adapter.heard_at = world.now() + timedelta(hours=ahead)
    asyncio.run(sync(world, [adapter]))
    with world.store.reading() as connection:
        [run] = syncs.page(connection, None, 2)

    assert run.as_of == (adapter.heard_at if counts else run.started_at)
