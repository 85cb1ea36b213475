"""Devices are found by what their records can be looked up by."""

from pathlib import Path

import pytest

from matching.evidence.search import SearchTerm
from service.store.indexes import identifiers
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

SERIAL, NAME = SearchTerm("serial", "SN-10001"), SearchTerm("name", "reception")


def test_devices_come_in_the_order_of_the_terms_they_hold(tmp_path: Path) -> None:
    """The likeliest meaning of a text comes first; a device that holds several terms is found once."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", name="Reception"),
        record("a:2", serial="SN-10001"),
        record("b:2", serial="SN-10001", name="Reception"),
        record("a:3", name="Reception"),
    )
    first, second, third = world.home("a:2"), *sorted([world.home("a:1"), world.home("a:3")])

    with world.store.reading() as connection:
        assert identifiers.holders(connection, [SERIAL, NAME], 10).devices == [first, second, third]
        assert identifiers.holders(connection, [NAME], 10).devices == sorted([first, second, third])


@pytest.mark.parametrize(("most", "is_cut"), [(1, True), (2, True), (4, True), (5, False)])
def test_of_more_records_than_are_looked_at_those_of_the_first_terms_are(
    tmp_path: Path, most: int, is_cut: bool
) -> None:
    """A placeholder does not push out what the text more likely means, and that there are more is said."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"a:{n}", name="SN-10001") for n in range(3)))
    world.push(record("b:1", serial="SN-10001"), record("b:2", serial="SN-10001"))
    terms = [SERIAL, SearchTerm("name", "sn-10001")]

    with world.store.reading() as connection:
        found = identifiers.holders(connection, terms, most)
        alone = [identifiers.holders(connection, [each], most) for each in reversed(terms)]

    assert found.is_cut is is_cut
    assert [each.place for each in found.records] == [0, 0, 1, 1, 1][:most]
    assert [each.is_cut for each in alone] == [most < 3, most < 2]


def test_what_no_record_says_finds_nothing(tmp_path: Path) -> None:
    """Neither a value of another kind, nor what a record no longer says, nor no term at all."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("a:1", serial="SN-20002"))

    with world.store.reading() as connection:
        assert identifiers.holders(connection, [SERIAL, SearchTerm("name", "SN-20002")], 10).devices == []
        assert identifiers.holders(connection, [], 10).devices == []
        assert identifiers.holders(connection, [SearchTerm("serial", "SN-20002")], 10).devices == [world.home("a:1")]
