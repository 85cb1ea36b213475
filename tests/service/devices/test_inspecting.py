"""A device with what is open about it and what was decided."""

from pathlib import Path

import pytest

from service.core.errors import NotFound
from service.devices.inspecting import inspect
from tests.service.people import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world in which two boards may have been replaced."""
    world = Sandbox(tmp_path)
    for number in (3, 5):
        rows = [(side, guid[:-1] + str(number)) for side, guid in zip("ab", GUIDS, strict=True)]
        world.push(*(record(f"{side}:{number}", serial=f"SN-1000{number}", bios_guid=guid) for side, guid in rows))
    return world


def test_a_device_tells_what_is_open_about_it_and_what_was_decided(world: Sandbox) -> None:
    """On whichever side it stands; a decision settles the review, and one that is revoked is no longer told."""
    sides = [inspect(world, world.home(key)) for key in ("a:3", "b:3")]
    made = decide(world, "different", "a:3", "b:3").decision
    decided = [inspect(world, world.home(key)) for key in ("a:3", "b:3")]
    revoke(world, made.id)

    assert [[each.left.records, each.right.records] for each in sides[0].reviews] == [[["a:3"], ["b:3"]]]
    assert sides[0].reviews == sides[1].reviews
    assert [(found.reviews, found.decisions) for found in decided] == [([], [made])] * 2
    assert inspect(world, world.home("a:3")) == sides[0]


def test_decisions_come_in_order_of_id(world: Sandbox) -> None:
    """Those about any of its records, whatever the order of the pairs; those of others not."""
    first = decide(world, "different", "a:3", "b:5").decision
    decide(world, "different", "b:3", "b:5")
    second = decide(world, "different", "a:3", "a:5").decision

    assert [each.id for each in inspect(world, world.home("a:3")).decisions] == [first.id, second.id]


def test_an_id_that_nobody_has_is_not_found(world: Sandbox) -> None:
    """It is named, so that whoever misspelt it sees where."""
    with pytest.raises(NotFound, match="nobody"):
        inspect(world, "nobody")
