"""A use case takes its moment, policy and ids from the world it is given."""

from datetime import UTC, datetime
from pathlib import Path

from matching.policy import Policy
from tests.service.sandbox import Sandbox


def test_a_change_has_one_moment(tmp_path: Path) -> None:
    """All that one change writes bears the same time; the next change has its own."""
    world = Sandbox(tmp_path)

    with world.store.writing() as connection:
        first, second = world.change(connection), world.change(connection, {"sync": "s-1"})

    assert first.at == datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
    assert second.at == datetime(2026, 11, 1, 0, 1, tzinfo=UTC)
    assert (first.cause, second.cause) == (None, {"sync": "s-1"})


def test_a_change_goes_by_the_policy_and_ids_of_its_world(tmp_path: Path) -> None:
    """Ids go on where the change before ended."""
    world = Sandbox(tmp_path)
    strict = Policy(islands=4)

    with world.store.writing() as connection:
        assert world.changed(policy=strict).change(connection).policy is strict
        assert [world.change(connection).new_id(), world.change(connection).new_id()] == ["id-0001", "id-0002"]
