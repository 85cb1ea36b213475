"""Operations killed at moments that chance chooses, and looked at, and done again until one gets to its end."""

import math
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from service.resolution.applying import rebuild
from service.stewardship.feed import ChangeView
from tests.service.people import bring, decide, revoke
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox
from tests.service.soak.invariants import OTHER_POLICY, assert_whole, portrait
from tests.service.soak.processes import Channel, Child, under
from tests.service.soak.site import Site, prepare
from tests.service.statements import tell

CLOCKS = ("statements", "seconds")
"""What a moment is counted in: statements and commits, before which the process kills itself, or time."""

MOST_IN_A_ROW = 3
"""Times that one operation is killed before it is left in peace; a fourth sync might find its rows too old to go on."""


def _sync(mode: str) -> Callable[[Site, Sandbox], None]:
    def run(site: Site, world: Sandbox) -> None:
        outcome = site.psa.sync(world, mode=mode)
        assert outcome.status == "succeeded", outcome

    return run


def _decide(site: Site, world: Sandbox) -> None:
    """Import some decisions, make others, take back those that were made before."""
    bring(world, site.decisions(1))
    for each in site.decisions(2):
        decide(world, each.verdict, str(each.left), str(each.right))
    for (decision_id,) in world.rows("SELECT id FROM decisions ORDER BY id"):
        if decision_id.startswith("before"):
            revoke(world, decision_id)


OPERATIONS: Mapping[str, Callable[[Site, Sandbox], object]] = {
    "full sync": _sync("full"),
    "incremental sync": _sync("incremental"),
    "import": lambda site, world: world.take_in(*site.coming()),
    "rebuild": lambda _, world: rebuild(world.changed(policy=OTHER_POLICY)),
    "decide": _decide,
}
"""What is killed. Done twice, each is as done once. A rebuild is one after a change of policy: it has much to do."""


STORED = ("nothing", "a part", "all")
"""How much of an operation is stored when it was killed."""


@dataclass(frozen=True)
class Length:
    """How long an operation is, by both clocks."""

    statements: int
    seconds: float


@dataclass(frozen=True)
class Kill:
    """An attempt to kill, at a share of the undisturbed run; one that came too late disturbed nothing."""

    operation: str
    share: float
    in_time: bool
    stored: str


def act(channel: Channel, site: Site, operation: str, attempt: int, statement: int | None) -> None:
    """Do an operation in this process, an hour later at each attempt; die at a statement, should it be reached."""
    steps = count(1)

    def step(*_: Any) -> None:
        if next(steps) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    with site.world(f"{operation}-{attempt}", hours=attempt) as world:
        tell(world.store, step)
        event.listen(world.store.engine, "commit", step)
        channel.send("begins")
        start = time.perf_counter()
        OPERATIONS[operation](site, world)
        channel.send(Length(next(steps) - 1, time.perf_counter() - start))


def run(site: Site, operation: str, attempt: int, at: Length | None = None, clock: str = "") -> Length | None:
    """Do an operation in a process of its own, killed when a clock stands at this; return its length if it was not."""
    statement = at.statements if at and clock == "statements" else None
    with Child(act, site, operation, attempt, statement) as child:
        assert child.heard() == "begins"
        if at and clock == "seconds":
            child.kill_after(at.seconds)
        ended: Length | None = child.end()
        return ended


@dataclass(frozen=True)
class Soak:
    """One database under one seed: the store as it was before, from a copy of which each operation begins."""

    before: Site
    untouched: dict[str, Any]

    @classmethod
    def prepared(cls, folder: Path, psa: Psa, seed: int, size: int) -> "Soak":
        """Make the store."""
        site = prepare(folder, psa, seed, size)
        return cls(site, looked_at(site, 0)[0])

    def kill(self, operation: str, kills: int) -> Iterator[Kill]:
        """Kill an operation so many times, some of them in a row; what it ends with is that of an undisturbed run."""
        random = Random(f"{self.before.seed} {operation}")  # so that one operation is the same without the others
        with self.before.copy() as site:
            whole = run(site, operation, 1)
            assert whole
            wanted, _ = looked_at(site, 1)
        while kills > 0:
            in_a_row = random.randint(1, min(MOST_IN_A_ROW, kills))
            kills -= in_a_row
            with self.before.copy() as site:
                feed: list[ChangeView] = []
                for attempt in range(1, in_a_row + 1):
                    clock, share = random.choice(CLOCKS), random.random()
                    at = Length(math.ceil(share * whole.statements), share * whole.seconds)
                    with under(f"{operation}, attempt {attempt}, killed at {at} by {clock}, {self.before}"):
                        lived = run(site, operation, attempt, at, clock)
                        found, told = looked_at(site, attempt)
                        assert told[: len(feed)] == feed
                        assert found["records"] in (self.untouched["records"], wanted["records"])
                    feed = told
                    yield Kill(operation, share, lived is None, self._how_far(found, wanted))
                with under(f"{operation}, undisturbed after {in_a_row} kills, {self.before}"):
                    assert run(site, operation, in_a_row + 1)
                    assert looked_at(site, in_a_row + 1)[0] == wanted

    def _how_far(self, found: dict[str, Any], wanted: dict[str, Any]) -> str:
        """Say how much of an operation is stored; what a sync notes for itself does not count."""
        differing = {name for name in found if found[name] != self.untouched[name]} - {"leases", "arrivals"}
        return STORED[2 if found == wanted else 1 if differing else 0]


def looked_at(site: Site, attempt: int) -> tuple[dict[str, Any], list[ChangeView]]:
    """Require that all holds of a store; return what it holds, and its feed."""
    with site.world(hours=attempt) as world:
        feed = assert_whole(world)
        return portrait(world), feed
