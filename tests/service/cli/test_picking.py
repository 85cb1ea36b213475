"""A device or record is named by whatever it is called; `tests/end_to_end/test_asking.py` asks on a terminal."""

from pathlib import Path

import pytest
import typer

from matching.errors import MatchingError
from matching.model import Key
from service.cli.picking import MOST_ASKED, pick_decided, pick_device, pick_records
from service.core.errors import ReviewClosed, UnknownValue, Unprocessable
from service.stewardship.reviewing import list_reviews
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a laptop of two records, and twins that share a name."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001", hostname="lt-1"),
        record("b:1", serial="SN-10001", macs=["3C-52-82-AA-BB-01"], hostname="lt-1"),
        *(record(f"twin:{n:02}", serial=f"SN-200{n:02}", name="Reception") for n in range(MOST_ASKED + 5)),
    )
    return world


def test_one_device_is_picked(world: Sandbox) -> None:
    """Nobody is asked."""
    assert {pick_device(world, text) for text in ("lt-1", "a:1", "b:1", "sn-10001", world.home("a:1"))} == {
        world.home("a:1")
    }


def test_of_several_devices_the_first_are_listed(world: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal it ends with 2, and standard output stays empty."""
    with pytest.raises(typer.Exit) as end:
        pick_device(world, "reception")
    shown = capsys.readouterr()
    first, *listed, last = shown.err.splitlines()

    assert (end.value.exit_code, shown.out) == (2, "")
    assert first == f"samebox: 'reception' names {MOST_ASKED + 5} devices; these are the first {MOST_ASKED}"
    assert len(listed) == MOST_ASKED
    assert all(line.startswith("  twin:") and line.endswith("  Reception") for line in listed)
    assert last == "samebox: type the record that begins a line, instead of that"


def test_a_name_of_nothing_is_a_mistake(world: Sandbox) -> None:
    """It is no failure of ours."""
    with pytest.raises(UnknownValue, match="no device 'lt-2'; did you mean 'lt-1'"):
        pick_device(world, "lt-2")


def test_a_pair_is_two_records(world: Sandbox) -> None:
    """Those that are named; of a device the one that says most, and that is not the other one."""
    pairs = {
        ("a:1", "b:1"): ("a:1", "b:1"),
        ("lt-1", "twin:01"): ("b:1", "twin:01"),
        ("lt-1", "lt-1"): ("b:1", "a:1"),
        ("lt-1", "b:1"): ("a:1", "b:1"),
        ("lt-1", None): ("b:1", "a:1"),
        ("a:1", None): ("a:1", "b:1"),
    }

    assert {names: tuple(map(str, pick_records(world, *names))) for names in pairs} == pairs
    for names in (("a:1", "a:1"), ("twin:01", None)):
        with pytest.raises(Unprocessable, match=f"there is one record, {Key.parse(names[0])}"):
            pick_records(world, *names)


GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]


@on_both
def test_a_review_is_about_the_first_record_of_each_side(tmp_path: Path) -> None:
    """As it is by its id; one that was answered says so."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"b:{n}", serial="SN-10001", bios_guid=guid) for n, guid in enumerate(GUIDS, 1)))
    [review] = list_reviews(world).data
    number = str(review.number)

    assert set(pick_decided(world, number, None)) == {Key("b", "1"), Key("b", "2")}
    decide(world, "same", "b:1", "b:2")
    with pytest.raises(ReviewClosed, match=f"review {number} was answered"):
        pick_decided(world, number, None)


def test_a_decision_is_about_records_or_about_what_stands_for_a_device(world: Sandbox) -> None:
    """A record may come later; a MAC has colons, and is none."""
    named = ["b:1", "x:9", "lt-1", "sn-10001", world.home("a:1"), "3C:52:82:AA:BB:01"]

    assert [str(pick_decided(world, text, "x:8")[0]) for text in named] == ["b:1", "x:9", "a:1", "a:1", "a:1", "a:1"]


def test_what_names_no_record_is_no_decision(world: Sandbox) -> None:
    """Nothing is decided about a name that is none, or that several have."""
    with pytest.raises(UnknownValue, match="no device 'lt-9'; did you mean"):
        pick_decided(world, "lt-9", "a:1")
    with pytest.raises(MatchingError, match="write provider:id"):
        pick_decided(world, "a:", "a:1")
    with pytest.raises(typer.Exit):
        pick_decided(world, "reception", "a:1")
