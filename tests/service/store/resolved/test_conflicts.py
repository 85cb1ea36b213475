"""Since when the records of devices differ is known as far as the change feed goes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.store.resolved import changes, conflicts
from tests.service.people import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

START = datetime(2026, 11, 1, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def test_it_began_with_the_change_that_made_them_differ(tmp_path: Path) -> None:
    """Not with what came later, and not with an earlier conflict that ended; a device without one is absent."""
    clock = Clock()
    world = Sandbox(tmp_path, now=clock)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002"), record("c:1", serial="SN-30003"))
    clock.now += timedelta(days=1)
    first = decide(world, "same", "a:1", "b:1")
    clock.now += timedelta(days=1)
    revoke(world, first.decision.id)
    clock.now += timedelta(days=1)
    decide(world, "same", "a:1", "b:1")
    clock.now += timedelta(days=1)
    world.push(record("a:1", serial="SN-10001", hostname='"conflicts":{'))

    with world.store.reading() as connection:
        assert conflicts.since(connection) == {world.home("a:1"): START + timedelta(days=3)}


def test_one_that_began_before_the_oldest_change_is_at_least_that_old(tmp_path: Path) -> None:
    """The feed was cut; the time of the oldest change that is kept is the best that can be said."""
    clock = Clock()
    world = Sandbox(tmp_path, now=clock)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002"))
    decide(world, "same", "a:1", "b:1")
    clock.now += timedelta(days=5)
    world.push(record("c:1", serial="SN-30003"))

    with world.store.writing() as connection:
        changes.forget(connection, START + timedelta(days=1), 99)
    with world.store.reading() as connection:
        assert conflicts.since(connection) == {world.home("a:1"): START + timedelta(days=5)}


def test_a_device_that_began_like_this_has_been_so_since(tmp_path: Path) -> None:
    """No change of it says so."""
    clock = Clock()
    world = Sandbox(tmp_path, now=clock)
    decide_later = record("a:1", serial="SN-10001", hostname="acme-1")
    world.push(decide_later, record("b:1", serial="SN-20002"))
    decide(world, "same", "a:1", "b:1")
    world.delete("a:1")
    world.delete("b:1")
    clock.now += timedelta(days=1)
    world.push(decide_later, record("b:1", serial="SN-20002"))

    with world.store.reading() as connection:
        assert list(conflicts.since(connection).values()) == [START + timedelta(days=1)]
