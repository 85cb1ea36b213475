"""One sync a provider at a time, full or incremental; what a dead one has read is gone on with; a clock may jump."""

import asyncio
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.core.errors import Busy, TurnLost
from service.core.processes import ProcessTable
from service.demo.connectwise.faults import AfterCall, Late, failing, garbage
from service.store.ingested import syncs
from service.store.ingested.arrivals import Arrival
from service.store.world import World
from service.syncs.runs import LEASE, SyncOptions, begin, keep
from service.syncs.syncing import carry_out
from service.syncs.synclog import sync_runs
from tests.end_to_end.commands import PATIENCE, start
from tests.service.providers import Listed
from tests.service.psa import LIST, Psa, environment
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both
from tests.service.syncs.stored import ids

pytestmark = on_both


@pytest.fixture
def psa(server: Psa) -> Psa:
    """The server with 35 rows: four pages."""
    server.fill(35)
    return server


def statuses(world: Sandbox) -> list[tuple[Any, ...]]:
    """Return how the runs ended, in order."""
    return world.rows("SELECT status, mode, read, resumes IS NOT NULL FROM syncs ORDER BY started_at, id")


def at(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: moment


def test_the_second_comer_is_told_who_syncs_since_when(tmp_path: Path) -> None:
    """In one line, and the first one is not disturbed."""
    world = Sandbox(tmp_path)
    noon = world.now()
    [run] = begin(world.changed(now=at(noon)), [Listed("a")], SyncOptions())

    with pytest.raises(Busy, match=rf"^a: is being synced by .+, process \d+ since {noon:%Y-%m-%d %H:%M:%S} UTC"):
        begin(world.changed(now=at(noon + LEASE / 2)), [Listed("b"), Listed("a")], SyncOptions())
    keep(world.changed(now=at(noon + LEASE)), run, [Arrival("1", "{}")])
    assert world.rows("SELECT provider, status FROM syncs") == [("a", "running")]  # and none for b: all or none


@pytest.mark.parametrize(
    "later",
    [LEASE, timedelta(days=1), -3 * LEASE, -timedelta(days=400)],
    ids=["its time is over", "a day later", "the clock was set back", "by more than a year"],
)
def test_a_dead_holder_loses_its_turn_and_can_store_nothing_more(tmp_path: Path, later: timedelta) -> None:
    """Whichever way the clock jumped; should it live after all, it learns that it lost, and its run is noted so."""
    world = Sandbox(tmp_path)
    noon = world.now()
    adapter = Listed("a", [record("a:1")])
    [dead] = begin(world.changed(now=at(noon)), [adapter], SyncOptions())
    [heir] = begin(world.changed(now=at(noon + later)), [adapter], SyncOptions())

    with pytest.raises(TurnLost, match="taken for dead"):
        keep(world.changed(now=at(noon + later)), dead, [Arrival("1", "{}")])
    then = world.changed(now=at(noon + later))
    [lost] = asyncio.run(carry_out(then, [(adapter, dead)], SyncOptions()))
    [done] = asyncio.run(carry_out(then, [(adapter, heir)], SyncOptions()))

    assert (lost.status, lost.new, done.status, done.new) == ("interrupted", 0, "succeeded", 1)
    assert dict(world.rows("SELECT id, status FROM syncs")) == {dead.id: "interrupted", heir.id: "succeeded"}
    assert world.rows("SELECT * FROM leases") == world.rows("SELECT * FROM arrivals") == []


def test_a_clock_that_is_set_back_a_little_makes_nobody_wait_longer_than_twice(tmp_path: Path) -> None:
    """The lease of a dead holder counts a while longer, and not for ever."""
    world = Sandbox(tmp_path)
    noon = world.now()
    begin(world.changed(now=at(noon)), [Listed("a")], SyncOptions())
    back = noon - LEASE / 2

    with pytest.raises(Busy):
        begin(world.changed(now=at(back)), [Listed("a")], SyncOptions())
    assert begin(world.changed(now=at(back + 2 * LEASE)), [Listed("a")], SyncOptions())


def kill_in_mid_sync(psa: Psa, world: Sandbox, how: signal.Signals) -> tuple[int, str]:
    """Start a sync in a process of its own, and end it while the third page is waited for."""
    reached = threading.Event()
    psa.plan(Late(PATIENCE, reached.set), skip=2)
    process = start(world.file.parent, "sync", settings=environment(psa, world))
    try:
        assert reached.wait(PATIENCE)
        process.send_signal(how)
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    psa.app.state.faults.clear()
    return process.returncode, said


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_sync_that_was_ended_goes_on_and_ends_as_if_undisturbed(
    tmp_path: Path, psa: Psa, how: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the pages that are missing are asked for, and it says that it goes on."""
    folders = [tmp_path / name for name in ("killed", "undisturbed")]
    for folder in folders:
        folder.mkdir()
    code, said = kill_in_mid_sync(psa, Sandbox(folders[0]), how)
    psa.forget()
    [dead] = sync_runs(Sandbox(folders[0])).data
    later = at(dead.started_at + 2 * LEASE)  # the killed one had the real time
    world, truth = (Sandbox(folder, now=later) for folder in folders)
    outcome = psa.sync(world)
    asked = psa.asked()
    psa.sync(truth)

    assert code == {signal.SIGKILL: -9, signal.SIGINT: 130}[how]
    assert "Traceback" not in said
    assert asked == [f"{LIST}/count", "after 20", "after 30"]
    assert (outcome.status, outcome.read, outcome.new, outcome.resumes is not None) == ("succeeded", 35, 35, True)
    assert statuses(world) == [("interrupted", "full", 20, 0), ("succeeded", "full", 35, 1)]
    assert "goes on after the 20 rows" in caplog.text
    same = ["records", "devices", "memberships", "identifiers", "changes"]
    assert {name: len(world.everything()[name]) for name in same} == {
        name: len(truth.everything()[name]) for name in same
    }
    assert [view.values for view in world.devices()] == [view.values for view in truth.devices()]
    assert world.rows("SELECT * FROM leases") == world.rows("SELECT * FROM arrivals") == []


def test_a_sync_that_was_killed_is_gone_on_with_at_once(tmp_path: Path, psa: Psa) -> None:
    """In the same second, by another process: nobody waits for a holder that is known to be gone."""
    world = Sandbox(tmp_path)
    kill_in_mid_sync(psa, world, signal.SIGKILL)
    [(provider,)] = world.rows("SELECT provider FROM leases")
    [dead] = sync_runs(world).data
    outcome = psa.sync(Sandbox(tmp_path, "next", now=at(dead.started_at)))

    assert provider == "cw_manage"
    assert (outcome.status, outcome.read, outcome.resumes) == ("succeeded", 35, dead.id)


def test_a_killed_holder_of_which_nothing_is_known_is_waited_for(tmp_path: Path, psa: Psa) -> None:
    """A lease that an older version wrote names no process, and a platform may say nothing of any."""
    world = Sandbox(tmp_path)
    kill_in_mid_sync(psa, world, signal.SIGKILL)
    [dead] = sync_runs(world).data
    then = at(dead.started_at + LEASE / 2)
    unable = World(world.store, world.policy, then, world.new_id, ProcessTable(tmp_path / "no-proc"))
    adapter = Listed("cw_manage")

    with pytest.raises(Busy):
        begin(unable, [adapter], SyncOptions())
    with world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE leases SET start_ticks = NULL")
    with pytest.raises(Busy):
        begin(world.changed(now=then), [adapter], SyncOptions())
    assert begin(world.changed(now=at(dead.started_at + 2 * LEASE)), [adapter], SyncOptions())


@contextmanager
def stalled_sync(psa: Psa, world: Sandbox, through: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """Give a sync in a process of its own that waits for the first page meanwhile, and then ends well."""
    reached, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        reached.set()
        go_on.wait(PATIENCE)

    psa.plan(AfterCall(stall), skip=1)
    process = start(world.file.parent, "sync", settings=environment(psa, world), through=through)
    try:
        assert reached.wait(PATIENCE)
        yield process
    finally:
        go_on.set()
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, log
    assert len(world.rows("SELECT * FROM records")) == 35


def refused(psa: Psa, world: Sandbox, through: Sequence[str] = ()) -> str:
    """Start a sync that is to end at once with 1 and one line, and to ask the provider nothing; return the line."""
    before = len(psa.asked())
    process = start(world.file.parent, "sync", settings=environment(psa, world), through=through)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, len(psa.asked())) == (1, before), said
    [line] = said.splitlines()
    return line


def test_two_processes_that_sync_one_provider_at_once(tmp_path: Path, psa: Psa) -> None:
    """One does the work; the other one ends at once with 1 and one line, and asks the provider nothing."""
    world = Sandbox(tmp_path)
    with stalled_sync(psa, world) as first:
        line = refused(psa, world)

    assert "samebox: cw_manage: is being synced by" in line
    assert f"process {first.pid} since" in line


APART = ("unshare", "--pid", "--fork", "--kill-child", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")))
"""Starts a process in a PID namespace of its own, as a container does."""


def unshared(*options: str) -> tuple[str, ...]:
    """Return how to start a process apart; skips the test where the kernel forbids it."""
    through = (*APART, *options)
    if (
        shutil.which("unshare") is None
        or subprocess.run([*through, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this kernel lets nobody make a PID namespace")
    return through


@pytest.mark.parametrize("options", [["--mount-proc"], []], ids=["with its own /proc", "with the outer /proc"])
@pytest.mark.parametrize("is_holder_apart", [True, False], ids=["holder", "second comer"])
def test_a_live_sync_in_another_namespace_is_not_robbed(
    tmp_path: Path, psa: Psa, options: list[str], *, is_holder_apart: bool
) -> None:
    """Its number there is nobody's here, or another process's; it ends as if nobody had come."""
    through = unshared(*options)
    world = Sandbox(tmp_path)
    with stalled_sync(psa, world, through if is_holder_apart else ()):
        line = refused(psa, world, () if is_holder_apart else through)

    assert "samebox: cw_manage: is being synced by" in line
    assert statuses(world) == [("succeeded", "full", 35, 0)]


def test_trouble_at_the_provider_can_be_gone_on_from_and_nonsense_cannot(tmp_path: Path, psa: Psa) -> None:
    """After 503 for too long only the missing pages are asked for; what is no list at all starts anew."""
    world = Sandbox(tmp_path)
    psa.plan(failing(503), times=None, skip=2)
    first = psa.sync(world)
    psa.app.state.faults.clear()
    psa.plan(garbage(b"null"), skip=1)
    psa.forget()
    second = psa.sync(world)
    asked, third = psa.asked(), psa.sync(world)

    assert (first.status, second.status, third.status) == ("failed", "failed", "succeeded")
    assert asked[:3] == [f"{LIST}/count", "after 20", "after 30"]
    assert (second.resumes, third.resumes, third.read) == (first.id, None, 35)


@pytest.mark.parametrize(
    ("hours", "changed"),
    [(0, {"types": {"exclude": ["Printer"]}}), (0, {"mode": "incremental"}), (7, {})],
    ids=["other settings", "another mode", "too long ago"],
)
def test_rows_that_do_not_fit_any_more_are_not_gone_on_with(
    tmp_path: Path, psa: Psa, hours: int, changed: dict[str, Any]
) -> None:
    """They were asked for otherwise, or are too old: the sync starts anew."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.plan(failing(503), times=None, skip=2)
    psa.sync(world, mode="full")
    psa.app.state.faults.clear()
    outcome = psa.sync(Sandbox(tmp_path, "later", hours=hours), **{"mode": "full", **changed})

    assert (outcome.status, outcome.resumes) == ("succeeded", None)
    assert world.rows("SELECT cursor FROM syncs WHERE cursor IS NOT NULL") == []


def test_the_first_sync_is_full_and_the_next_one_asks_for_what_changed(tmp_path: Path, psa: Psa) -> None:
    """One request for the count and one for the list, with a condition on time alone; nothing unseen is removed."""
    world = Sandbox(tmp_path)
    first = psa.sync(world)
    psa.forget()
    psa.edit(7, world.now(), name="RENAMED")
    psa.delete(8)
    second = psa.sync(world)
    conditions = {request.query["conditions"] for request in psa.app.state.log.seen}

    assert (first.mode, first.new) == ("full", 35)
    assert (second.mode, second.read, second.changed, second.gone) == ("incremental", 1, 1, 0)
    assert len(psa.asked()) == 2
    assert all(condition.startswith("lastUpdated > [2026-") for condition in conditions)
    assert ids(world) == set(range(1, 36))


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
