"""Devices are found by what their records can be looked up by."""

from pathlib import Path

from matching.evidence.search import SearchTerm
from service.store import identifiers
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
        assert identifiers.find(connection, [SERIAL, NAME], 10) == [first, second, third]
        assert identifiers.find(connection, [SERIAL, NAME], 2) == [first, second]
        assert identifiers.find(connection, [NAME], 10) == sorted([first, second, third])


def test_what_no_record_says_finds_nothing(tmp_path: Path) -> None:
    """Neither a value of another kind, nor what a record no longer says, nor no term at all."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("a:1", serial="SN-20002"))

    with world.store.reading() as connection:
        assert identifiers.find(connection, [SERIAL, SearchTerm("name", "SN-20002")], 10) == []
        assert identifiers.find(connection, [], 10) == []
        assert identifiers.find(connection, [SearchTerm("serial", "SN-20002")], 10) == [world.home("a:1")]
