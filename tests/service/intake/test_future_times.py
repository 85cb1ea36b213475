"""A `last_seen` more than a day after its receipt wins nothing, at every door alike, and is kept as it was written."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matching.model import Record
from service.core.workers import WorkerPool
from service.resolution.applying import rebuild
from tests.service.reports.fleets import report
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FUTURE = "9999-12-31T23:59:59Z"

ODD = record("a:1", serial="SN-10001", model="Slate 2", last_seen=FUTURE)
HONEST = record("b:1", serial="SN-10001", model="Slate 3", last_seen="2026-10-30T08:00:00Z")
OLDER = record("c:1", serial="SN-10001", model="Slate 4", last_seen="2026-10-29T08:00:00Z")
FLEET = (ODD, HONEST, OLDER)


def at_noon(folder: Path, later: timedelta = timedelta(0)) -> Sandbox:
    """Return a world whose clock stands still."""
    folder.mkdir(exist_ok=True)
    return Sandbox(folder, now=lambda: NOON + later)


def one_by_one(world: Sandbox) -> None:
    """Push the records one at a time."""
    for each in FLEET:
        world.push(each)


def synced(world: Sandbox) -> None:
    """Sync each provider."""
    for each in FLEET:
        world.sync(each["provider"], each)


DOORS: dict[str, Callable[[Sandbox], Any]] = {
    "push": lambda world: world.push(*FLEET),
    "record by record": one_by_one,
    "import": lambda world: world.take_in(*reversed(FLEET)),
    "sync": synced,
}


def face(world: Sandbox) -> tuple[dict[str, Any], Any]:
    """Return the one device's values, and where they are from."""
    [device] = world.devices()
    return device.values, device.provenance


@pytest.mark.parametrize("door", DOORS)
def test_it_wins_nothing_and_is_kept_as_written(tmp_path: Path, door: str) -> None:
    """It is neither the device's, nor does it make its record the most recent one; its record says why."""
    world = at_noon(tmp_path)
    DOORS[door](world)
    values, provenance = face(world)
    row = world.devices()[0].records[0]

    assert (values["last_seen"], values["model"]) == (HONEST["last_seen"], "Slate 3")
    assert provenance["model"].others == [("Slate 4", "c:1"), ("Slate 2", "a:1")]
    assert (row.payload, row.seen_at) == (ODD, None)
    assert [(each.kind, each.value) for each in row.suppressed] == [("last_seen", FUTURE)]


def test_all_doors_and_a_rebuild_agree(tmp_path: Path) -> None:
    """Also one that works in several processes; nothing differs."""
    worlds = {door: at_noon(tmp_path / door) for door in DOORS}
    for door, act in DOORS.items():
        act(worlds[door])
    faces = [face(world) for world in worlds.values()]
    world = worlds["push"]
    with WorkerPool(2) as pool:
        alone, together = rebuild(world), rebuild(world, pool=pool)

    assert all(each == faces[0] for each in faces)
    assert (alone.rows.total(), together.rows.total()) == (0, 0)
    assert face(world) == faces[0]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("door", ["push", "import", "sync"])
def test_of_two_rows_with_one_key_the_honest_one_stands(tmp_path: Path, door: str, *, is_first: bool) -> None:
    """Whichever comes first in one request, file or sync."""
    odd = record("a:1", name="odd", last_seen=FUTURE)
    honest = record("a:1", name="honest", last_seen="2026-10-30T08:00:00Z")
    rows: list[Record] = [odd, honest] if is_first else [honest, odd]
    world = at_noon(tmp_path)
    acts: dict[str, Callable[[], object]] = {
        "push": lambda: world.push(*rows),
        "import": lambda: world.take_in(*rows),
        "sync": lambda: world.sync("a", *rows),
    }
    acts[door]()

    assert face(world)[0]["name"] == "honest"


def test_honest_updates_of_the_same_record_are_not_blocked(tmp_path: Path) -> None:
    """A later push replaces it, and its time counts."""
    world = at_noon(tmp_path)
    world.push(ODD)
    [answer] = world.push({**ODD, "last_seen": "2026-11-01T11:00:00Z"})

    assert answer.status == "changed"
    assert face(world)[0]["last_seen"] == "2026-11-01T11:00:00Z"
    assert answer.suppressed == ()


def test_the_answer_to_a_push_says_so(tmp_path: Path) -> None:
    """Beside the other values that are no evidence."""
    [answer] = at_noon(tmp_path).push({**ODD, "serial": "Default string"})

    assert [each.kind for each in answer.suppressed] == ["last_seen", "serial"]
    assert answer.suppressed[0].reason == "more than a day after it was received"


def test_a_row_that_comes_again_is_judged_as_when_it_first_came(tmp_path: Path) -> None:
    """A year later it says of the past what it said of the future: nothing of it is known better."""
    soon = {**ODD, "last_seen": "2026-11-08T12:00:00Z"}
    at_noon(tmp_path).push(soon, HONEST)
    later = at_noon(tmp_path, timedelta(days=365))
    before = face(later)
    [answer] = later.push(soon)
    rebuilt = rebuild(later)

    assert answer.status == "unchanged"
    assert rebuilt.rows.total() == 0
    assert face(later) == before
    assert before[0]["last_seen"] == HONEST["last_seen"]


@pytest.mark.parametrize(("hours", "is_believed"), [(24, True), (24.001, False)])
def test_a_clock_may_be_a_day_ahead(tmp_path: Path, hours: float, *, is_believed: bool) -> None:
    """Somebody's zone is left out, or his clock is a little wrong."""
    world = at_noon(tmp_path)
    moment = (NOON + timedelta(hours=hours)).isoformat()
    world.push({**ODD, "last_seen": moment}, HONEST)

    assert (face(world)[0]["last_seen"] == moment.replace("+00:00", "Z")) is is_believed


def test_of_two_agents_on_a_box_it_does_not_decide_which_is_kept(tmp_path: Path) -> None:
    """The report of duplicates keeps the one that reported last, in truth."""
    world = at_noon(tmp_path)
    world.push({**ODD, "id": "9"}, {**HONEST, "provider": "a"})
    [row] = json.loads(report("duplicates", world))["rows"]

    assert (row["record_id"], row["keep"], row["last_seen"]) == ("9", "a:1", None)
