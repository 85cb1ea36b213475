"""Agreements are read after the configurations; whatever becomes of them, the configurations are stored."""

import signal
import threading
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from service.demo.connectwise.faults import AfterCall, Fault, Late, failing, not_permitted, throttled
from service.store.ingested import agreements
from service.store.ingested.agreements import AgreementRead
from service.store.ingested.syncs import SyncMode
from service.syncs.syncing import SyncOutcome
from tests.end_to_end.commands import PATIENCE, start
from tests.service.psa import Psa, environment
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both
from tests.service.syncs.stored import ids

pytestmark = on_both

AGREEMENTS = "/finance/agreements"
DAY = timedelta(days=1)


@pytest.fixture
def billing(psa: Psa) -> Psa:
    """The server with 30 configurations and three agreements of two additions each."""
    for number in (1, 2, 3):
        psa.agree(number)
        for place in (1, 2):
            psa.bill(number, number * 10 + place, quantity=float(number))
    psa.forget()
    return psa


def synced(psa: Psa, world: Sandbox, mode: str | None = None) -> SyncOutcome:
    """Sync with agreements."""
    return psa.sync(world, mode=mode, agreements=True)


def read_of(world: Sandbox) -> AgreementRead | None:
    """Return how the reading stands."""
    with world.store.reading() as connection:
        return agreements.find(connection, "cw_manage")


def quantities(world: Sandbox) -> list[Decimal | None]:
    """Return what is billed, an addition each."""
    with world.store.reading() as connection:
        return [each.quantity for each in agreements.billed(connection)]


def test_agreements_are_read_when_the_configurations_are_stored(tmp_path: Path, billing: Psa) -> None:
    """All of the requests for them come last; what they bill is stored as a whole, with when."""
    world, stored = Sandbox(tmp_path), []
    billing.plan(AfterCall(lambda: stored.append(len(ids(world)))), path=AGREEMENTS)
    outcome = synced(billing, world)

    assert (outcome.status, outcome.new, outcome.agreements, outcome.agreements_error) == ("succeeded", 30, 3, None)
    assert stored == [30]
    assert [path for path in billing.asked() if path.startswith("/finance")] == billing.asked()[-4:]
    assert quantities(world) == [1, 1, 2, 2, 3, 3]
    read = read_of(world)
    assert read
    assert (read.active, read.error, read.read_at and read.read_at >= read.begun_at) == (3, None, True)
    assert world.rows("SELECT * FROM leases") == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [(not_permitted(), "Finance > Agreements"), (failing(404), "Agreements to false"), (failing(503), "gave up")],
    ids=["not permitted", "not there", "in trouble"],
)
def test_a_failure_leaves_the_configurations_and_what_was_read_before(
    tmp_path: Path, billing: Psa, fault: Fault, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told, and noted; the next sync of any mode tries again."""
    world = Sandbox(tmp_path)
    synced(billing, world)
    before = read_of(world)
    billing.edit(31)
    billing.bill(1, 11, quantity=99.0)
    billing.plan(fault, path=AGREEMENTS, times=None)
    failed = synced(billing, world, "full")
    noted = read_of(world)
    billing.app.state.faults.clear()
    mended = synced(billing, world, "incremental")

    assert (failed.status, failed.new, failed.error, failed.agreements) == ("succeeded", 1, None, None)
    assert says in (failed.agreements_error or "")
    assert says in caplog.text
    assert before
    assert noted
    assert noted == before._replace(begun_at=noted.begun_at, error=failed.agreements_error)
    assert (mended.mode, mended.agreements) == (SyncMode.INCREMENTAL, 3)
    assert quantities(world)[0] == 99


def test_a_failure_in_the_middle_replaces_nothing(tmp_path: Path, billing: Psa) -> None:
    """Two agreements of three are not what is billed."""
    world = Sandbox(tmp_path)
    synced(billing, world)
    for number in (1, 2, 3):
        billing.bill(number, number * 10 + 1, quantity=50.0)
    billing.plan(failing(500), path=f"{AGREEMENTS}/3/additions", times=None)
    synced(billing, world, "full")

    assert quantities(world) == [1, 1, 2, 2, 3, 3]


def test_throttling_in_between_is_waited_for(tmp_path: Path, billing: Psa) -> None:
    """As with the configurations."""
    world = Sandbox(tmp_path)
    billing.plan(throttled(retry_after=3), path=f"{AGREEMENTS}/2/additions", times=2)

    assert synced(billing, world).agreements == 3
    assert len(quantities(world)) == 6


def test_an_incremental_sync_reads_them_again_after_a_day(tmp_path: Path, billing: Psa) -> None:
    """They cannot be asked for what changed, so they are as fresh as the last full sync has to be."""
    world = Sandbox(tmp_path)
    noon = world.now()
    read = [
        synced(billing, Sandbox(tmp_path, f"day{later}", now=partial(noon.__add__, later)), mode).agreements
        for mode, later in (("full", 0 * DAY), ("incremental", DAY / 2), ("incremental", 2 * DAY))
    ]

    assert read == [3, None, 3]


def test_what_was_read_is_forgotten_where_the_setting_is_taken_away(tmp_path: Path, billing: Psa) -> None:
    """Else reports would compare with what nobody reads any more."""
    world = Sandbox(tmp_path)
    synced(billing, world)
    billing.sync(world)

    assert (read_of(world), quantities(world)) == (None, [])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_reading_that_is_ended_leaves_what_was_read_before(tmp_path: Path, billing: Psa, how: signal.Signals) -> None:
    """Nobody else reads while it goes on; the next sync reads at once, because nobody waits for who is gone."""
    world, reached = Sandbox(tmp_path), threading.Event()
    synced(billing, world)
    for number in (1, 2, 3):
        billing.bill(number, number * 10 + 1, quantity=50.0)
    billing.edit(31)
    billing.plan(Late(PATIENCE, reached.set), path=f"{AGREEMENTS}/3/additions")
    settings = environment(billing, world) | {"Providers__ConnectWiseManage__Agreements": "true"}
    process = start(tmp_path, "sync", "--full", settings=settings)
    try:
        assert reached.wait(PATIENCE)
        begun = read_of(world)
        assert begun
        beside = Sandbox(tmp_path, "beside", now=lambda: begun.begun_at)
        meanwhile = synced(billing, beside, "full")
        process.send_signal(how)
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    ended = read_of(world)
    kept = quantities(world)
    billing.app.state.faults.clear()
    after = synced(billing, Sandbox(tmp_path, "after", now=lambda: begun.begun_at), "incremental")

    assert (meanwhile.status, meanwhile.agreements, meanwhile.agreements_error) == ("succeeded", None, None)
    assert 31 in ids(world)
    assert kept == [1, 1, 2, 2, 3, 3]
    assert ended
    assert ended.read_at
    assert ended.read_at < ended.begun_at
    assert (ended.error is None) == (how == signal.SIGKILL)
    assert after.agreements == 3
    assert quantities(world) == [50, 1, 50, 2, 50, 3]
    assert world.rows("SELECT * FROM leases") == []
