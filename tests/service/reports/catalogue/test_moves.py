"""Devices whose customer changed, and what was left with the former one."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from matching.model import Record
from service.core.errors import NeedsUnboundKey
from service.reports.context import ReportRequest
from service.reports.rules import PsaLinks, ReportRules
from service.resolution.recalibration import recalibrate
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import report
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

LINKED = ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}"))


def box(key: str, company: str, number: int = 1, **fields: Any) -> Record:
    """Return a record of a box."""
    return record(key, serial=f"SN-1000{number}", hostname=f"pc-{number}", company=company, type="Laptop", **fields)


def moves(world: World, **wanted: Any) -> dict[str, Any]:
    """Return the report."""
    whole: dict[str, Any] = json.loads(report("moves", world, wanted=ReportRequest(**wanted), rules=LINKED))
    return whole


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Two customers, each with a box that an agent and a configuration list."""
    world = Sandbox(tmp_path)
    world.push(
        box("ninjaone:a", "Acme"),
        box("cw_manage:1", "Acme"),
        box("ninjaone:b", "Beta", 2),
        box("cw_manage:2", "Beta", 2),
    )
    recalibrate(world)
    return world


def test_a_move_is_listed_with_what_moved(world: Sandbox) -> None:
    """From, to, when and by what."""
    world.push(box("cw_manage:1", "Beta"), box("ninjaone:a", "Beta"))

    [row] = moves(world)["rows"]

    assert (row["hostname"], row["former_company"], row["company"], row["what"]) == ("pc-1", "Acme", "Beta", "moved")
    assert (row["records"], row["left_behind"], row["link"]) == ("cw_manage:1, ninjaone:a", None, None)
    assert row["device_id"] == world.home("cw_manage:1")


def test_what_is_left_with_the_former_customer_comes_first(world: Sandbox) -> None:
    """It is billed there; the configuration is linked to."""
    world.push(box("cw_manage:1", "Beta"))  # what the PSA says counts
    world.push(box("cw_manage:2", "Acme", 2), box("ninjaone:b", "Acme", 2))

    whole = moves(world)

    assert [(row["hostname"], row["left_behind"]) for row in whole["rows"]] == [("pc-1", "ninjaone:a"), ("pc-2", None)]
    assert (whole["rows"][0]["former_company"], whole["rows"][0]["records"]) == ("Acme", "cw_manage:1")
    assert (whole["totals"]["moved"], whole["totals"]["left_behind"]) == (2, 1)


def test_a_device_that_the_agent_alone_moved_is_billed_to_the_former_customer(world: Sandbox) -> None:
    """Its records come apart, because two customers differ; it is one row all the same, with the row to move."""
    world.push(box("ninjaone:a", "Beta"))
    assert world.home("ninjaone:a") != world.home("cw_manage:1")

    [row] = moves(world)["rows"]

    assert (row["former_company"], row["company"], row["what"]) == ("Acme", "Beta", "moved")
    assert (row["left_behind"], row["records"]) == ("cw_manage:1", "ninjaone:a")
    assert (row["link"], row["device_id"]) == ("https://psa.example/1", world.home("ninjaone:a"))


def test_boxes_of_one_customer_that_come_apart_are_no_move(world: Sandbox) -> None:
    """Whatever the reason."""
    world.push(box("ninjaone:a", "Acme", bios_guid="4C4C4544-0042-3510-8054-B4C04F4A5931"))
    world.push({**box("cw_manage:1", "Acme", bios_guid="5C4C4544-0042-3510-8054-B4C04F4A5931"), "hostname": "other"})

    whole = moves(world, all=True)

    assert (whole["rows"], whole["totals"]["gone"]) == ([], 0)


def test_a_retired_record_is_not_left_behind(world: Sandbox) -> None:
    """Nobody is billed for it."""
    world.push(box("ninjaone:a", "Acme", active=False), box("cw_manage:1", "Beta"))

    assert [row["left_behind"] for row in moves(world)["rows"]] == [None]


def test_another_spelling_is_no_move(world: Sandbox) -> None:
    """It is counted, and listed with all; so is a customer that is named for the first time, or a catch-all."""
    world.push(box("cw_manage:1", "ACME Inc."), record("ninjaone:c", serial="SN-10003"), box("ninjaone:d", "Acme", 4))
    world.push(box("ninjaone:c", "Acme", 3), box("ninjaone:d", "Catchall", 4))

    whole = moves(world)

    assert whole["rows"] == []
    assert (whole["totals"]["respelt"], whole["totals"]["unnamed"]) == (1, 2)
    assert {row["what"] for row in moves(world, all=True)["rows"]} == {"respelt", "unnamed"}


def test_two_names_of_one_customer_are_no_move(tmp_path: Path) -> None:
    """By the company map, however different they are."""
    world = Sandbox(tmp_path)
    boxes = range(100, 120)
    for provider, name in (("cw_manage", "Zebra Logistics"), ("ninjaone", "Nordwind Spedition")):
        world.take_in(*(box(f"{provider}:{n}", name, n, company_id="7") for n in boxes))
    recalibrate(world)
    world.delete("cw_manage:100")  # now the agent's name is shown

    totals = moves(world)["totals"]

    assert (totals["moved"], totals["respelt"]) == (0, 1)


def test_a_name_that_nobody_has_any_more_is_marked(world: Sandbox) -> None:
    """A customer that was renamed moves no device."""
    world.push(box("cw_manage:1", "Gamma"), box("ninjaone:a", "Gamma"))
    recalibrate(world)

    [row] = moves(world)["rows"]

    assert (row["former_company"], row["company"], row["what"]) == ("Acme", "Gamma", "renamed")


def test_it_is_narrowed_by_time_customer_type_and_provider(world: Sandbox) -> None:
    """A customer is told of what went as of what came."""
    world.push(box("cw_manage:1", "Beta"))
    later = world.now()

    assert len(moves(world, since=later - timedelta(hours=1))["rows"]) == 1
    assert moves(world, since=later)["rows"] == []
    assert [len(moves(world, company=name)["rows"]) for name in ("beta", "Beta")] == [1, 1]
    world.push(box("ninjaone:d", "Delta", 4))
    assert moves(world, company="delta")["rows"] == []
    assert len(moves(world, type="laptop", provider="ninjaone")["rows"]) == 1


def test_a_move_of_a_device_that_was_merged_is_told_of_its_successor(world: Sandbox) -> None:
    """And one of a device that is gone is only counted."""
    world.push(box("cw_manage:2", "Acme", 2), box("ninjaone:b", "Acme", 2))
    world.delete("cw_manage:2")
    world.delete("ninjaone:b")

    whole = moves(world)

    assert (whole["rows"], whole["totals"]["gone"]) == ([], 1)


def test_it_is_about_the_whole_store(world: Sandbox) -> None:
    """The feed keeps no customers of records, so a bound key is refused."""
    with pytest.raises(NeedsUnboundKey):
        moves(world.acting(None, Visibility(frozenset({Customer("cw_manage", "7")}))))


def test_it_asks_no_question_a_device(tmp_path: Path) -> None:
    """Forty moves cost as many statements as one."""
    asked = []
    for size in (1, 40):
        folder = tmp_path / str(size)
        folder.mkdir()
        world = Sandbox(folder)
        world.push(*(box(f"cw_manage:{n}", "Acme", n) for n in range(size + 1)))
        world.push(*(box(f"cw_manage:{n}", "Beta", n) for n in range(size)))
        with collected(world.store) as statements:
            assert len(moves(world)["rows"]) == size
        asked.append(len(statements))

    assert asked[0] == asked[1]
