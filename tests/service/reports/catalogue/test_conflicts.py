"""Devices whose records differ on hardware: who says what, since when, and what somebody should do."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.reports.context import ReportRequest
from service.reports.rules import PsaLinks, ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.people import decide
from tests.service.reports.fleets import NOW, record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

ONE, OTHER = "5CG1234ABC", "PF0QWERT"
RULES = ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}"))


def joined(folder: Path, *records: dict[str, Any]) -> World:
    """Return a world in which a person joined all records to one device."""
    world = world_of(folder, *records)
    sandbox = Sandbox(folder, "d", store=world.store)
    first, *others = [f"{each['provider']}:{each['id']}" for each in records]
    for other in others:
        decide(sandbox, "same", first, other)
    return world


def table(world: World, wanted: ReportRequest | None = None) -> dict[str, Any]:
    """Return the report."""
    whole: dict[str, Any] = json.loads(report("conflicts", world, wanted=wanted or ReportRequest(), rules=RULES))
    return whole


def test_two_agents_that_measure_different_values_are_looked_at(tmp_path: Path) -> None:
    """With the command for two boxes."""
    world = joined(
        tmp_path,
        record("cw_rmm", "a", serial=ONE),
        record("ninjaone", "x", serial=OTHER),
        record("edr", "e", serial=ONE),
    )

    [row] = table(world)["rows"]

    assert (row["action"], row["differs_on"]) == ("look", "serial")
    assert row["in_use"] == f"{ONE} (cw_rmm:a, edr:e); {OTHER} (ninjaone:x)"
    assert row["if_two_boxes"] == "samebox decide different cw_rmm:a ninjaone:x"
    assert (row["out_of_use"], row["link"]) == (None, None)


def test_what_people_typed_is_corrected(tmp_path: Path) -> None:
    """Where all agents agree on another value; the configuration is linked."""
    world = joined(tmp_path, record("cw_manage", "1", serial=OTHER), record("cw_rmm", "a", serial=ONE))

    [row] = table(world)["rows"]

    assert row["action"] == "correct"
    assert row["how"] == f"correct the serial in cw_manage:1: agents measure {ONE}"
    assert (row["if_two_boxes"], row["link"]) == (None, "https://psa.example/1")


def test_a_value_of_records_out_of_use_asks_for_nothing(tmp_path: Path) -> None:
    """It is counted, and listed where all are wanted."""
    world = joined(
        tmp_path,
        record("cw_rmm", "a", serial=ONE, active=False),
        record("cw_rmm", "b", serial=OTHER, hostname="acme-1"),
    )

    whole, all_ = table(world), table(world, ReportRequest(all=True))

    assert whole["rows"] == []
    assert whole["totals"] == all_["totals"] == {"conflicts": 1, "look": 0, "correct": 0, "out_of_use": 1}
    [row] = all_["rows"]
    assert (row["action"], row["in_use"], row["out_of_use"]) == ("none", f"{OTHER} (cw_rmm:b)", f"{ONE} (cw_rmm:a)")


def test_guids_are_written_as_people_write_them(tmp_path: Path) -> None:
    """Two kinds that differ are two rows."""
    guids = [f"4C4C4544-0042-3510-8054-B4C04F4A593{n}" for n in (1, 2)]
    world = joined(
        tmp_path,
        record("cw_rmm", "a", bios_guid=guids[0], serial=ONE),
        record("edr", "e", bios_guid=guids[1], serial=OTHER),
    )

    rows = table(world)["rows"]

    assert [row["differs_on"] for row in rows] == ["bios_guid", "serial"]
    assert rows[0]["in_use"] == f"{guids[0]} (cw_rmm:a); {guids[1]} (edr:e)"


def test_what_may_be_two_boxes_comes_first(tmp_path: Path) -> None:
    """Then by customer and name; a device whose records agree has no row."""
    fleet = [
        record("cw_manage", "1", serial=OTHER, company="Acme", hostname="acme-1"),
        record("cw_rmm", "a", serial=ONE, company="Acme", hostname="acme-2"),
        record("cw_rmm", "z", serial="5CG7777ABC", company="Zeta", hostname="zeta-1"),
        record("edr", "z", serial="PF0ZZZZZ", company="Zeta", hostname="zeta-2"),
        record("edr", "y", serial="PF0YYYYY"),
    ]
    world = world_of(tmp_path, *fleet)
    sandbox = Sandbox(tmp_path, "d", store=world.store)
    decide(sandbox, "same", "cw_manage:1", "cw_rmm:a")
    decide(sandbox, "same", "cw_rmm:z", "edr:z")

    assert [(row["company"], row["action"]) for row in table(world)["rows"]] == [("Zeta", "look"), ("Acme", "correct")]


@pytest.mark.parametrize(("since", "found"), [("2026-11-01T00:00:00+00:00", 1), ("2026-11-23T13:00:00+00:00", 0)])
def test_only_those_that_began_at_a_time_or_later(tmp_path: Path, since: str, found: int) -> None:
    """The time is that of the change that made them differ."""
    world = joined(tmp_path, record("cw_rmm", "a", serial=ONE), record("edr", "e", serial=OTHER))

    rows = table(world, ReportRequest(since=NOW.fromisoformat(since)))["rows"]

    assert len(rows) == found
    assert all(row["since"] < "2026-11-23T13:00:00Z" for row in rows)


def test_a_bound_key_sees_what_its_own_records_differ_on(tmp_path: Path) -> None:
    """As if there were no others, and without the time, which the feed of all has."""
    world = joined(
        tmp_path,
        record("cw_rmm", "a", serial=ONE, company_id="7"),
        record("edr", "e", serial=OTHER, company_id="7"),
        record("ninjaone", "x", serial="SN-90009", company_id="8"),
    )
    both = Visibility(frozenset({Customer("cw_rmm", "7"), Customer("edr", "7")}))
    one = Visibility(frozenset({Customer("cw_rmm", "7"), Customer("ninjaone", "9")}))

    [row] = table(world.acting(None, both))["rows"]

    assert (row["in_use"], row["since"]) == (f"{ONE} (cw_rmm:a); {OTHER} (edr:e)", None)
    assert table(world.acting(None, one), ReportRequest(all=True))["rows"] == []
