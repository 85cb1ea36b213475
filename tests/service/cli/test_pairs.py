"""The two records that a decision is about, by number, name or record."""

from pathlib import Path

import pytest

from matching.errors import MatchingError
from matching.model import Key
from service.cli.pairs import pair_named, record_meant
from service.core.errors import ReviewClosed, UnknownValue, Unprocessable
from service.stewardship.reviewing import list_reviews
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world in which it is asked whether two devices, called alike, are one with a new mainboard."""
    world = Sandbox(tmp_path)
    world.push(
        record("b:1", serial="SN-10001", bios_guid=GUIDS[0], hostname="nb-1"),
        record("b:2", serial="SN-10001", bios_guid=GUIDS[1], hostname="nb-1"),
        record("c:1", serial="SN-20002", hostname="nb-2"),
        record("a:1", serial="SN-20002"),
    )
    return world


@on_both
def test_a_review_is_about_the_first_record_of_each_side(world: Sandbox) -> None:
    """As it is by its id; one that was answered says so."""
    [review] = list_reviews(world).data
    number = str(review.number)

    assert set(pair_named(world, number, None)) == {Key("b", "1"), Key("b", "2")}
    decide(world, "same", "b:1", "b:2")
    with pytest.raises(ReviewClosed, match=f"review {number} was answered"):
        pair_named(world, number, None)


@on_both
def test_a_device_stands_for_the_record_by_which_it_is_shown(world: Sandbox) -> None:
    """By a name, a serial or its id; a record is the record that it says, stored or not."""
    device_id = world.home("c:1")
    first = Key("a", "1")

    assert [record_meant(world, text) for text in ("nb-2", "SN-20002", device_id)] == [first, first, first]
    assert pair_named(world, "c:1", "x:9") == (Key("c", "1"), Key("x", "9"))


@on_both
def test_what_names_no_device_or_several_is_refused(world: Sandbox) -> None:
    """With a record of each that may be meant."""
    with pytest.raises(
        Unprocessable, match=r"2 devices hold 'nb-1'; name a record of the one you mean: b:[12], b:[12]"
    ):
        record_meant(world, "nb-1")
    with pytest.raises(UnknownValue, match="no device 'nb-9'; did you mean"):
        record_meant(world, "nb-9")
    with pytest.raises(MatchingError, match="write provider:id"):
        record_meant(world, "a:")
