"""Who makes a change is stored with it."""

from datetime import UTC, datetime
from pathlib import Path

from service.store.access.actors import Actor
from service.store.resolved import changes
from service.store.resolved.changes import Change, ChangeKind
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
GONE = Change("d-1", ChangeKind.RETIRED, {"successor": None, "why": "its records are gone"})


def test_a_change_names_its_actor_or_nobody(tmp_path: Path) -> None:
    """A key with its id, a user of the system without one, and none in changes of versions that did not know."""
    actors = [Actor("agent", "k-1"), Actor("root"), None]

    with Sandbox(tmp_path).store.writing() as connection:
        for actor in actors:
            changes.append(connection, [GONE], NOON, by=actor)
        assert [each.by for each in changes.after(connection, 0)] == actors


def test_what_is_done_in_somebodys_world_bears_their_name(tmp_path: Path) -> None:
    """Whatever the use case is; what others did before keeps their names."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    agent = Actor("agent", "k-1")

    with world.store.writing() as connection:
        context = world.acting(agent).change(connection, {"sync": "s-1"})
        own = world.change(connection)

    assert (context.actor, context.cause) == (agent, {"sync": "s-1"})
    assert own.actor is None
