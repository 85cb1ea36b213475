"""The version of the store counts its changes."""

from pathlib import Path

import pytest

from service.store import state
from service.store.resolved.rules import RULES
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def version(world: Sandbox) -> int:
    """Return the version."""
    with world.store.reading() as connection:
        return state.version(connection)


def test_every_change_has_a_version_of_its_own(tmp_path: Path) -> None:
    """What changes nothing has none: what was computed before is still valid."""
    world = Sandbox(tmp_path)
    versions = [version(world)]
    for name in ("one", "one", "two"):
        world.push(record("a:1", name=name))
        versions.append(version(world))

    assert versions == [0, 1, 1, 2]


def test_the_rules_of_the_indexes_are_noted(tmp_path: Path) -> None:
    """Those of this program from the first moment of a store on; others until all is made anew."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        assert state.indexed_by(connection) == RULES
        connection.exec_driver_sql("UPDATE state SET engine = 1, defaults = ''")
        assert state.indexed_by(connection) == (1, "")
        state.mark_indexed(connection)
        assert state.indexed_by(connection) == RULES


def test_a_change_that_fails_leaves_the_version(tmp_path: Path) -> None:
    """It is part of the transaction."""
    world = Sandbox(tmp_path)

    def fail() -> None:
        with world.store.writing() as connection:
            state.advance(connection)
            assert state.version(connection) == 1
            raise LookupError("out of disk")

    with pytest.raises(LookupError):
        fail()
    assert version(world) == 0
