"""Processes that push, import, sync, decide, look up and follow the feed at once, at one store."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from random import Random

from matching.model import Key, Record
from service.core.errors import Conflict, StoreError
from service.demo.connectwise.faults import AfterCall
from service.devices.lookup import lookup
from service.devices.searching import LookupKind
from service.stewardship.feed import feed
from tests.end_to_end.commands import PATIENCE
from tests.service.people import decide, revoke
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox, record
from tests.service.soak.invariants import assert_homes, assert_shown_whole, assert_whole
from tests.service.soak.processes import Channel, Child, under
from tests.service.soak.site import LATER, Site, prepare, said

CROWDS: dict[str, Sequence[Sequence[str]]] = {
    "sqlite": (("push",), ("import", "sync"), ("decide",), ("look", "follow")),
    "postgresql": (
        *(("push",), ("push", "import"), ("import",), ("decide",), ("decide", "push")),
        *(("sync",), ("sync", "look"), ("look", "follow")),
    ),
}
"""Database -> for each process what it does, in turn."""

SHARED = 5
"""Records that every pushing process replaces again and again; all else that it pushes is its own."""

LOOKUPS = 10
"""Of a record and of a value, in a round: each is over so quickly that few writers come in between."""

ATTEMPTS = 100
"""Times that a process does again what it was told to try later; far beyond what any needs."""


@dataclass
class Report:
    """What one process did: its last word on each record and decision, and what it met."""

    said: dict[str, str | None] = field(default_factory=dict)
    decided: dict[str, bool] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class Member:
    """One process of the crowd."""

    def __init__(self, site: Site, world: Sandbox, seed: int) -> None:
        self.site = site
        self.world = world
        self.random = Random(f"{seed} {world.name}")
        self.report = Report()
        self._round = 0

    def do(self, kind: str) -> None:
        """Do one thing; what is told to be tried later is."""
        self._round += 1
        action: Callable[[], None] = getattr(self, f"_{'import_' if kind == 'import' else kind}")
        for _ in range(ATTEMPTS):
            try:
                action()
            except StoreError as error:
                if "another process is writing" not in str(error):
                    raise
                self.report.counts["told to wait"] += 1
            else:
                self.report.counts[kind] += 1
                return
        raise AssertionError(f"{kind}: told to try again {ATTEMPTS} times")

    def _push(self) -> None:
        records = self._drawn()
        for result in self.world.push(*records):
            assert result.status in {"created", "changed", "unchanged"}, result
        self._note(records)
        mine = [key for key, name in self.report.said.items() if name and key.startswith(f"{self.world.name}:")]
        if self.random.random() < 0.2:
            self.world.delete(gone := self.random.choice(mine))
            self.report.said[gone] = None

    def _import_(self) -> None:
        records = self._drawn()
        self.world.take_in(*records)
        self._note(records)

    def _drawn(self) -> list[Record]:
        """Some of this process's records and one of all; each says who pushed it when."""
        keys = {f"{self.world.name}:{self.random.randint(1, 12)}" for _ in range(3)}
        keys.add(f"shared:{self.random.randint(1, SHARED)}")
        stamp = {"name": f"by {self.world.name} in {self._round}"}
        return [record(key, **{**said(self.random, self.site.size), **stamp}) for key in sorted(keys)]

    def _note(self, records: Sequence[Record]) -> None:
        self.report.said |= {f"{each['provider']}:{each['id']}": str(each["name"]) for each in records}

    def _decide(self) -> None:
        """Decide about two records of the first hour, and take some of it back; others may have decided otherwise."""
        left, right = self.random.sample(self.site.keys(2 * self.site.size), 2)
        try:
            made = decide(self.world, self.random.choice(("same", "different")), left, right, by=self.world.name)
        except Conflict:
            self.report.counts["contradicted"] += 1
            return
        if not made.is_new:
            return
        self.report.decided[made.decision.id] = True
        if self.random.random() < 0.5:
            revoke(self.world, made.decision.id)
            self.report.decided[made.decision.id] = False

    def _sync(self) -> None:
        """Sync, unless another one does."""
        outcome = self.site.psa.sync(self.world, mode=self.random.choice((None, "full")))
        if outcome.status != "succeeded":
            assert "is being synced by" in str(outcome.error), outcome
            self.report.counts["synced by another"] += 1

    def _look(self) -> None:
        """Ask for records, for values, for all devices, and between them for all homes at once."""
        boxes = [self.random.randint(1, self.site.size) for _ in range(LOOKUPS)]
        for key, box in zip(self.random.sample(self.site.keys(2 * self.site.size), LOOKUPS), boxes, strict=True):
            [view] = lookup(self.world, key, LookupKind.RECORD)
            assert Key.parse(key) in {(row.provider, row.id) for row in view.records}
            assert_shown_whole([view])
            assert_shown_whole(lookup(self.world, f"SN-{box:05}"))
            with self.world.store.reading() as connection:
                assert_homes(connection)
        assert_shown_whole(self.world.devices())

    def _follow(self) -> None:
        """Read on in the feed to its present end."""
        while page := feed(self.world, self.report.seen[-1] if self.report.seen else 0, limit=50).data:
            self.report.seen += [each.seq for each in page]


def _now() -> datetime:
    return datetime.now(UTC)


def take_part(channel: Channel, site: Site, name: str, kinds: Sequence[str], rounds: int) -> None:
    """Do so many rounds, beginning when all others do."""
    with site.world(name, now=_now) as world:  # leases are of one time for all
        member = Member(site, world, site.seed)
        channel.send("ready")
        channel.recv()
        for kind, _ in zip(cycle(kinds), range(rounds), strict=False):
            member.do(kind)
        channel.send(member.report)


def crowd(folder: Path, psa: Psa, database: str, seed: int, size: int, *, rounds: int) -> Counter[str]:
    """Let a crowd loose on a new store while the provider changes; return how often what was done. All holds after."""
    site = prepare(folder, psa, seed, size)
    with under(f"a crowd on {database}, {site}"), ExitStack() as stack:
        parts = enumerate(CROWDS[database], 1)
        children = [stack.enter_context(Child(take_part, site, f"p{n}", kinds, rounds)) for n, kinds in parts]
        stack.enter_context(_changing(psa, Random(seed), size))
        assert [child.heard() for child in children] == ["ready"] * len(children)
        for child in children:
            child.tell("begin")
        reports: list[Report] = [child.heard(PATIENCE * rounds) for child in children]
    with under(f"after a crowd on {database}, {site}"), site.world("after", now=_now) as world:
        assert psa.sync(world, mode="full").status == "succeeded"
        changes = assert_whole(world)
        _assert_nothing_is_lost(world, psa, reports)
        for report in reports:
            assert report.seen == [each.seq for each in changes[: len(report.seen)]]
    return sum((report.counts for report in reports), Counter({"changes": len(changes)}))


@contextmanager
def _changing(psa: Psa, random: Random, size: int) -> Iterator[None]:
    """Let the provider change a row whenever it has given a page."""

    def edit() -> None:
        psa.edit(random.randint(1, size), LATER, serialNumber=f"SN-{random.randint(1, size):05}", activeFlag=True)

    psa.plan(AfterCall(edit), times=None)
    yield
    psa.app.state.faults.clear()


def _assert_nothing_is_lost(world: Sandbox, psa: Psa, reports: Sequence[Report]) -> None:
    """Records say what somebody said of them last, decisions stand as they were left, the provider's rows are there."""
    stored = {
        f"{provider}:{record_id}": json.loads(payload)
        for provider, record_id, payload in world.rows("SELECT provider, record_id, payload FROM records")
    }
    for key in {key for report in reports for key in report.said}:
        last = {report.said[key] for report in reports if key in report.said}
        assert stored.get(key, {}).get("name") in last, key
    standing = {row[0]: row[1] is None for row in world.rows("SELECT id, revoked_at FROM decisions")}
    for report in reports:
        assert report.decided.items() <= standing.items()
    rows = {f"cw_manage:{row['id']}": row["serialNumber"] for row in psa.app.state.rows.all() if row["activeFlag"]}
    assert rows == {key: each["serial"] for key, each in stored.items() if key.startswith("cw_manage:")}
