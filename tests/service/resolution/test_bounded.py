"""What one change costs does not grow with the fleet: counted in rows and statements, not in time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matching.model import Decision, Key, Record, Verdict
from service.devices.explaining import explain, graph
from tests.service.resolution.test_incremental import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected

SMALL, LARGE = 40, 800

HOME = "SELECT device_id FROM memberships WHERE provider = 'a' AND record_id = '3'"


def fleet(size: int) -> list[Record]:
    """Boxes that two providers list each, in many companies; the first one is the same in every fleet."""
    boxes = []
    for n in range(size):
        own = {"serial": f"SN-{n:06}", "hostname": f"pc-{n}", "company": f"Customer {n % 20}"}
        boxes += [record(f"a:{n}", **own), record(f"b:{n}", **own, macs=[f"3C:52:82:00:{n // 256:02X}:{n % 256:02X}"])]
    return boxes


def steps(world: Sandbox, do: Callable[[Sandbox], object]) -> int:
    """Return how much work SQLite does for something, in hundreds of its own instructions, whatever the clock says."""
    raw = world.store.engine.raw_connection()
    ticks = [0]

    def tick() -> int:
        ticks[0] += 1
        return 0

    raw.driver_connection.set_progress_handler(tick, 100)  # type: ignore[union-attr]
    raw.close()
    do(world)
    raw = world.store.engine.raw_connection()
    raw.driver_connection.set_progress_handler(None, 0)  # type: ignore[union-attr]
    raw.close()
    return ticks[0]


def push(world: Sandbox) -> None:
    """One record changes so that it hangs together with others than before."""
    world.push(record("a:3", serial="SN-000003", hostname="pc-3-renamed", macs=["3C:52:82:00:00:05"], company="Other"))


def add(world: Sandbox) -> None:
    """A record arrives."""
    world.push(record("c:3", serial="SN-000003"))


def delete(world: Sandbox) -> None:
    """A record goes."""
    world.delete("a:3")


def decide_and_revoke(world: Sandbox) -> None:
    """A person decides and thinks better of it."""
    decision = Decision(Verdict.SAME, Key("a", "3"), Key("a", "4"))
    decide(world, decision)
    revoke(world, decision)


def ask(world: Sandbox) -> None:
    """Two records are explained, and the graph of a device is drawn."""
    explain(world, Key("a", "3"), Key("b", "4"))
    graph(world, world.rows(HOME)[0][0])


@pytest.mark.parametrize("do", [push, add, delete, decide_and_revoke, ask], ids=lambda do: do.__name__)
def test_a_change_reads_and_writes_no_more_in_a_large_fleet(tmp_path: Path, do: Callable[[Sandbox], None]) -> None:
    """Twenty times the records: the same statements, and a search tree deeper at most."""
    costs, statements = {}, {}
    for size in (SMALL, LARGE):
        folder = tmp_path / str(size)
        folder.mkdir()
        world = Sandbox(folder)
        world.take_in(*fleet(size))
        world.push(record("a:0", serial="SN-000000", hostname="pc-0", company="Customer 0"))  # what was cold is warm
        with collected(world.store) as statements[size]:
            costs[size] = steps(world, do)

    assert statements[LARGE] == statements[SMALL]
    assert costs[LARGE] < 1.5 * costs[SMALL] + 10
