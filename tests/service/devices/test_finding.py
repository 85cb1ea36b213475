"""A device is named by a record, its id or any identifier, and the nearest names are those of a misspelt one."""

from pathlib import Path

import pytest

from matching.model import Key
from service.devices.finding import find, listed, record_named, telling_records, unknown_device
from service.devices.searching import LookupKind
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a laptop of two records, a server, and a box that nobody names."""
    world = Sandbox(tmp_path)
    laptop = {"company": "Acme", "serial": "5CG1234ABC", "hostname": "acme-lt-1"}
    world.push(
        record("cw_manage:4711", **laptop, name="Laptop 1"),
        record("rmm_alpha:1", **laptop, macs=["3C-52-82-AA-BB-01"]),
        record("rmm_alpha:2", company="Acme", serial="VMX9KQ2", name="acme-srv-1"),
        record("rmm_alpha:3"),
    )
    return world


@pytest.mark.parametrize(
    "text", ["cw_manage:4711", "rmm_alpha:1", "4711", "5cg 1234 abc", "ACME-LT-1", "laptop 1", "3c5282aabb01"]
)
def test_whatever_a_device_is_called_finds_it(world: Sandbox, text: str) -> None:
    """One device, and the text was understood as something."""
    found = find(world, text)

    assert found.device_ids == [world.home("cw_manage:4711")]
    assert (found.total, found.is_exact) == (1, True)
    assert any(each.devices for each in found.meanings)


def test_an_id_finds_its_device_and_a_retired_one_its_successor(world: Sandbox) -> None:
    """There is nothing to understand about an id."""
    older, younger = world.home("cw_manage:4711"), world.home("rmm_alpha:2")
    decide(world, "same", "cw_manage:4711", "rmm_alpha:2")
    heir = world.home("rmm_alpha:2")

    for text in (older, younger, f" {older} "):
        assert (find(world, text).device_ids, find(world, text).meanings) == ([heir], ())
    assert find(world, older, LookupKind.SERIAL).device_ids == []


def test_a_record_is_the_record_and_nothing_else(world: Sandbox) -> None:
    """Although another device has its name as a name."""
    world.push(record("rmm_alpha:9", name="rmm_alpha:1", serial="ZZ-90009"))

    found = find(world, "rmm_alpha:1")

    assert found.device_ids == [world.home("rmm_alpha:1")]
    assert [(each.kind, each.devices) for each in found.meanings] == [(LookupKind.RECORD, 1)]


def test_a_device_is_listed_with_a_record_that_names_it(world: Sandbox) -> None:
    """The PSA's record before others; devices stand in the order in which they were asked for."""
    laptop, server, nameless = (world.home(key) for key in ("cw_manage:4711", "rmm_alpha:2", "rmm_alpha:3"))

    found = listed(world, [nameless, laptop, "none", server])

    assert [(each.id, each.values.get("name"), str(each.record)) for each in found] == [
        (nameless, None, "rmm_alpha:3"),
        (laptop, "Laptop 1", "cw_manage:4711"),
        (server, "acme-srv-1", "rmm_alpha:2"),
    ]
    assert found[1].providers == ["cw_manage", "rmm_alpha"]
    assert found[1].records == [Key("cw_manage", "4711"), Key("rmm_alpha", "1")]


def test_the_record_that_says_most_comes_first(world: Sandbox) -> None:
    """It explains more than the others do."""
    assert list(map(str, telling_records(world, world.home("cw_manage:4711")))) == ["rmm_alpha:1", "cw_manage:4711"]


def test_only_a_stored_record_is_one(world: Sandbox) -> None:
    """A MAC with colons looks like one."""
    texts = ("rmm_alpha:1", " rmm_alpha:1 ", "rmm_alpha:9", "3C:52:82:AA:BB:01", "x", ":", "a:")

    assert [str(record_named(world, text)) for text in texts] == ["rmm_alpha:1", "rmm_alpha:1", *["None"] * 5]


def test_the_nearest_names_are_told(world: Sandbox) -> None:
    """Hostnames, names and serials."""
    assert str(unknown_device(world, "acme-ltt-1")).startswith("no device 'acme-ltt-1'; did you mean 'acme-lt-1'? ")
    assert "'5cg1234abc'?" in str(unknown_device(world, "5CG1234ABD"))
