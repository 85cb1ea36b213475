"""The indexes are made what the rows of the records say."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service.store.indexes.repair import repair
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

INDEXES = ("identifiers", "blocking_keys")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with some records."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"a:{n}", serial=f"SN-1000{n}", hostname=f"pc-{n}") for n in range(5)))
    return world


def repaired(world: Sandbox) -> dict[str, int]:
    """Repair, and return how many rows of each index were wrong or missing."""
    with world.store.writing() as connection:
        return dict(+repair(connection))


def test_indexes_that_are_right_are_left_alone(world: Sandbox) -> None:
    """Also those of an empty store."""
    before = world.everything()

    assert repaired(world) == {}
    assert world.everything() == before


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("lost", ["", " WHERE record = 1", " WHERE record > 3"], ids=["all", "first", "last"])
def test_rows_that_are_missing_are_put_in(world: Sandbox, index: str, lost: str) -> None:
    """As many as were lost, in that index alone."""
    before = world.everything()
    [(count,)] = world.rows(f"SELECT count(*) FROM {index}{lost}")
    with world.store.writing() as connection:
        connection.execute(text(f"DELETE FROM {index}{lost}"))

    assert repaired(world) == {index: count}
    assert world.everything() == before
    assert repaired(world) == {}


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("number", [0, 2, 1000], ids=["nobody before", "somebody", "nobody behind"])
def test_rows_that_no_record_has_are_taken_out(world: Sandbox, index: str, number: int) -> None:
    """Whether they name a record that says something else, or none."""
    before = world.rows(f"SELECT * FROM {index} ORDER BY 1, 2")
    with world.store.writing() as connection:
        connection.execute(text(f"INSERT INTO {index} VALUES (7, {number}), (8, {number})"))

    assert repaired(world) == {index: 2}
    assert world.rows(f"SELECT * FROM {index} ORDER BY 1, 2") == before
