"""A store to be disturbed: records drawn to join, part and quarrel, and a provider that has moved on since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from starlette.applications import Starlette

from matching.model import Decision, Record
from tests.service.people import bring, decision
from tests.service.psa import Psa
from tests.service.sandbox import Sandbox, record
from tests.service.stores import copy_of

LATER = datetime(2030, 1, 1, tzinfo=UTC)
"""When rows of ConnectWise Manage were edited: after any sync."""

PROVIDERS = ("alpha", "beta", "gamma")


@dataclass(frozen=True)
class Site:
    """Where a process finds its store and its provider, and what it draws its records from."""

    folder: Path
    base_url: str
    seed: int
    size: int

    @contextmanager
    def world(
        self, name: str = "looking", hours: int = 0, now: Callable[[], datetime] | None = None
    ) -> Iterator[Sandbox]:
        """Open the store, `hours` after it was made."""
        world = Sandbox(self.folder, name, hours, now=now)
        try:
            yield world
        finally:
            world.store.engine.dispose()

    @contextmanager
    def copy(self) -> Iterator["Site"]:
        """Give the same site with a store of its own; the store must not be open."""
        with copy_of(self.folder) as folder:
            yield replace(self, folder=folder)

    @property
    def psa(self) -> Psa:
        """The provider as another process sees it."""
        return Psa(Starlette(), self.base_url)

    def made(self) -> list[Record]:
        """Return the records of three agents that the store begins with."""
        random = Random(self.seed)
        return [record(key, **said(random, self.size)) for key in self.keys(2 * self.size)]

    def coming(self) -> list[Record]:
        """Return half of them as they are now, and new ones."""
        random = Random(self.seed + 1)
        return [record(key, **said(random, self.size)) for key in self.keys(3 * self.size)[self.size :]]

    def keys(self, count: int) -> list[str]:
        """Return the keys of so many records."""
        return [f"{PROVIDERS[number % 3]}:{number // 3}" for number in range(count)]

    def decisions(self, quarter: int) -> list[Decision]:
        """Return one of four sets of decisions; no two are about the same record, so none contradicts another."""
        numbers = range(quarter, 2 * self.size // 3, 4)
        return [decision(("same", "different")[n // 4 % 2], f"alpha:{n}", f"beta:{n}") for n in numbers]


def said(random: Random, boxes: int) -> dict[str, Any]:
    """Draw what an agent says of a box: some of it is missing, of another mainboard, or of the dock of the next box."""
    box = random.randint(1, boxes)
    board, dock = random.random() < 0.1, random.random() < 0.1
    fields = {
        "serial": f"SN-{box:05}",
        "bios_guid": f"7B1D6C2E-0A11-4D4F-9E55-{box:08X}{board:04X}",
        "macs": [f"3C:52:82:00:{(box + dock) // 256:02X}:{(box + dock) % 256:02X}"],
        "hostname": f"srv-{box}",
        "last_seen": f"2026-10-{random.randint(1, 28):02}T08:00:00Z",
    }
    return {"company": "Acme", **{name: value for name, value in fields.items() if random.random() < 0.7}}


def prepare(folder: Path, psa: Psa, seed: int, size: int) -> Site:
    """Fill a new store from agents, people and the provider; then let the provider move on."""
    folder.mkdir()
    psa.fill(size)
    site = Site(folder, psa.base_url, seed, size)
    with site.world("before") as world:
        world.take_in(*site.made())
        bring(world, site.decisions(0))
        assert psa.sync(world).status == "succeeded"
    random = Random(seed)
    for number in random.sample(range(1, size + 1), size // 3):
        psa.edit(number, LATER, name=f"SRV-{random.randint(1, size)}", serialNumber=f"SN-{random.randint(1, size):05}")
    psa.edit(random.randint(1, size), LATER, activeFlag=False)
    psa.delete(*random.sample(range(1, size + 1), size // 10))
    for number in range(size + 1, size + 1 + size // 3):
        psa.edit(number, LATER)
    return site
