"""The values that sit on several boxes, with the records that hold them."""

from pathlib import Path

import pytest

from service.core.errors import NotFound
from service.stewardship.shared_values import find_shared_value, list_shared_values
from tests.service.sandbox import Sandbox, record
from tests.service.stewardship.test_correcting import mac
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with two such values, on five boxes and on three."""
    made = Sandbox(tmp_path)
    serials = ["5CG1234ABC"] * 5 + ["5CG7777ABC"] * 3
    made.take_in(*(record(f"rmm:{n}", hostname=f"pc{n}", serial=each, macs=[mac(n)]) for n, each in enumerate(serials)))
    return made


def test_those_on_the_most_records_come_first(world: Sandbox) -> None:
    """With how many hold them, and the first of these."""
    most, fewer = list_shared_values(world)

    assert (most.value, most.holders, [each.record for each in most.first]) == (
        "5CG1234ABC",
        5,
        ["rmm:0", "rmm:1", "rmm:2"],
    )
    assert most.first[0].device_id == world.home("rmm:0")
    assert (fewer.text, fewer.label, fewer.holders) == ("5CG7777ABC", "serial", 3)


def test_they_are_found_by_a_part_of_what_is_shown(world: Sandbox) -> None:
    """In any case of letters."""
    assert [each.value for each in list_shared_values(world, "777a")] == ["5CG7777ABC"]
    assert len(list_shared_values(world, "SERIAL")) == 2
    assert list_shared_values(world, "zebra") == []


def test_holders_are_read_page_by_page(world: Sandbox) -> None:
    """In order of their keys; a value that is on no list has none."""
    shared, rest = find_shared_value(world, "serial", "5CG1234ABC", 3, 100)

    assert (shared.holders, [each.record for each in rest]) == (5, ["rmm:3", "rmm:4"])
    with pytest.raises(NotFound, match="on no list"):
        find_shared_value(world, "serial", "unknown", 0, 100)
