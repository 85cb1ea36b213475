"""
What one changed record takes in a store, beside a bare transaction, and what one look-up takes.

All stores are open at once and take turns, so that a busy machine is busy for the large and the small alike. A turn is
many changes: a service has one store, and a process that sleeps between any two changes until the server of another has
answered measures how cold the processor's caches are then. A push and the bare transaction after it share a connection:
SQLite empties its cache when another connection has written.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson

from matching.evidence.search import search_terms
from service.devices.lookup import lookup
from service.devices.searching import LookupKind
from service.intake.pushing import push_records
from service.store.engine import Store
from service.store.world import World

WARM_UP = 10
"""Changes, or look-ups of a kind, that are not counted: modules are loaded and statements compiled in them."""

TURN = 25
"""Changes, or look-ups, of one store before it is the next one's turn."""

SAMPLED = 20
"""Records that are read for each that is to be changed: few have a tag number."""

Raw = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """A store that holds a fleet, and some of its records."""

    database: str
    records: int
    world: World
    sample: Sequence[Raw]


@dataclass(frozen=True)
class Changes:
    """Seconds of each changed record and of each bare transaction."""

    database: str
    records: int
    pushes: Sequence[float]
    bare: Sequence[float]

    @property
    def p50(self) -> float:
        """The median of the changes."""
        return median(self.pushes)

    @property
    def p99(self) -> float:
        """The seconds that a change in a hundred exceeds."""
        return quantiles(self.pushes, n=100, method="inclusive")[-1]


@dataclass(frozen=True)
class Lookups:
    """
    Seconds of each look-up by one kind of identifier that finds one device.

    `several` is the share of the identifiers drawn at random that find more, and are not looked up: a name has more
    namesakes in a larger fleet, and how long they take to be told says nothing about how long it takes to find them.
    """

    database: str
    records: int
    kind: str
    seconds: Sequence[float]
    several: float

    @property
    def p50(self) -> float:
        """The median of the seconds."""
        return median(self.seconds)


def sample(source: Path, records: int, count: int, seed: int) -> list[Raw]:
    """Return records of a file drawn at random, enough for that many changes and look-ups."""
    drawn = set(random.Random(seed).sample(range(records), min(records, SAMPLED * count)))
    with source.open("rb") as file:
        return [orjson.loads(line) for number, line in enumerate(file) if number in drawn]


def change(places: Sequence[Filled], count: int, seed: int) -> list[Changes]:
    """Rename records at random, one a transaction, and after each change one row of the same store and no more."""
    chance = random.Random(seed)
    pushes, bare = defaultdict(list), defaultdict(list)
    for place, number in _in_turn(places, count):
        raw = {**chance.choice(place.sample), "hostname": f"renamed-{number + WARM_UP}"}
        took, touched = _push(place.world, raw), _touch(place.world.store, chance.choice(place.sample))
        if number >= 0:
            pushes[id(place)].append(took)
            bare[id(place)].append(touched)
    return [Changes(place.database, place.records, pushes[id(place)], bare[id(place)]) for place in places]


def look_up(places: Sequence[Filled], count: int, seed: int) -> Iterator[Lookups]:
    """Look up identifiers of each kind that find one device; a kind that no record of the fleet has is left out."""
    values = {id(place): _values(place, count, seed) for place in places}
    for kind in LookupKind:
        drawn = {id(place): values[id(place)].get(kind, ()) for place in places}
        known = {
            id(place): [value for value in drawn[id(place)] if len(lookup(place.world, value, kind)) == 1]
            for place in places
        }
        seconds = defaultdict(list)
        for place, number in _in_turn(places, count):
            if not (own := known[id(place)]):
                continue
            before = time.perf_counter()
            lookup(place.world, own[number % len(own)], kind)
            if number >= 0:
                seconds[id(place)].append(time.perf_counter() - before)
        for place in places:
            if id(place) in seconds:
                several = 1 - len(known[id(place)]) / len(drawn[id(place)])
                yield Lookups(place.database, place.records, kind, seconds[id(place)], several)


def _in_turn(places: Sequence[Filled], count: int) -> Iterator[tuple[Filled, int]]:
    """Yield places in turn, each with the numbers from minus the warm-up to the count; below 0 nothing is counted."""
    for first in (-WARM_UP, *range(0, count, TURN)):
        last = min(first + TURN, count) if first >= 0 else 0
        for place in places:
            yield from ((place, number) for number in range(first, last))


def _push(world: World, raw: Raw) -> float:
    before = time.perf_counter()
    [result] = push_records(world, [raw]).results
    took = time.perf_counter() - before
    if result.status != "changed":
        raise SystemExit(f"{raw['provider']}:{raw['id']} was to be changed, and is {result.status}: {result.reason}")
    return took


def _touch(store: Store, raw: Raw) -> float:
    """One row changed by its key, by the driver alone."""
    is_sqlite = store.engine.dialect.name == "sqlite"
    mark = "?" if is_sqlite else "%s"
    connection = store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        before = time.perf_counter()
        if is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(
            f"UPDATE records SET returned_at = {mark} WHERE provider = {mark} AND record_id = {mark}",
            (at, raw["provider"], raw["id"]),
        )
        connection.commit()
        took = time.perf_counter() - before
        if cursor.rowcount != 1:
            raise SystemExit(f"{raw['provider']}:{raw['id']} is not in the store")
        return took
    finally:
        connection.close()


def _values(place: Filled, count: int, seed: int) -> Mapping[str, Sequence[str]]:
    """Kind -> identifiers of records drawn at random."""
    values: dict[str, list[str]] = defaultdict(list)
    records: list[Any] = list(place.sample)
    random.Random(seed).shuffle(records)
    for record in records:
        for kind, value in sorted(search_terms(record)):
            if len(values[kind]) < count:
                values[kind].append(value)
    return values
