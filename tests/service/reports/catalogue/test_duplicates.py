"""Surplus records: each named once, with the one to keep and a reason that a person can check."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.reports.context import ReportRequest
from service.reports.rules import FeedRole, PsaLinks, ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import record, report, world_of
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

SERIAL = {"serial": "5CG1234ABC", "hostname": "acme-1"}


def rows(tmp_path: Path, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the report over some records."""
    found: list[dict[str, Any]] = json.loads(
        report("duplicates", world_of(tmp_path, *records), wanted=ReportRequest(all=True))
    )["rows"]
    return found


def test_a_device_listed_once_is_no_duplicate(tmp_path: Path) -> None:
    """Two boxes, a record each: nothing is surplus."""
    assert (
        rows(tmp_path, record("cw_manage", "1", serial="5CG1234ABC"), record("cw_manage", "2", serial="5CG9999XYZ"))
        == []
    )


@pytest.mark.parametrize(
    ("first", "second", "surplus", "reason"),
    [
        ({"active": False}, {}, "1", "the kept one is in use, this one is not (inactive)"),
        ({}, {"status": "Retired"}, "2", "the kept one is in use, this one is not (Retired)"),
        ({}, {"model": "EliteBook"}, "1", "the kept one has more fields filled (7 against 6)"),
        ({}, {}, "2", "the kept one is the older entry"),
    ],
    ids=["inactive", "retired", "poorer", "younger"],
)
def test_the_psa_keeps_live_before_complete_before_old(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], surplus: str, reason: str
) -> None:
    """Of two configurations of one box, the report says which one to retire and why."""
    found = rows(tmp_path, record("cw_manage", "1", **SERIAL, **first), record("cw_manage", "2", **SERIAL, **second))

    assert [(row["record_id"], row["scope"], row["action"], row["reason"]) for row in found] == [
        (surplus, "inside", "retire", reason)
    ]
    assert {found[0]["keep"], f"cw_manage:{surplus}"} == {"cw_manage:1", "cw_manage:2"}
    assert "same serial 5CG1234ABC, hostname acme-1" in found[0]["evidence"]


def test_the_kept_configuration_is_the_one_in_the_golden_record(tmp_path: Path) -> None:
    """Report and device name the same survivor."""
    found = rows(tmp_path, record("cw_manage", "10", **SERIAL), record("cw_manage", "9", **SERIAL))

    assert [row["keep"] for row in found] == ["cw_manage:9"]  # as numbers, not as text


def test_of_two_agents_the_one_that_reports_is_kept(tmp_path: Path) -> None:
    """A re-installed agent is the younger entry, and the one that is alive."""
    found = rows(
        tmp_path,
        record("cw_rmm", "1", **SERIAL, last_seen="2026-01-01T00:00:00Z", model="EliteBook"),
        record("cw_rmm", "2", **SERIAL, last_seen="2026-11-01T00:00:00Z"),
    )

    assert [(row["record_id"], row["keep"], row["reason"]) for row in found] == [
        ("1", "cw_rmm:2", "the kept one reported last")
    ]


def test_across_providers_a_device_counts_once(tmp_path: Path) -> None:
    """The PSA's record stands for the device; no row asks to retire another provider's."""
    found = rows(
        tmp_path, record("cw_rmm", "a", **SERIAL), record("cw_manage", "1", **SERIAL), record("ninjaone", "b", **SERIAL)
    )

    assert [(row["provider"], row["scope"], row["action"], row["keep"]) for row in found] == [
        ("cw_rmm", "across", "count_once", "cw_manage:1"),
        ("ninjaone", "across", "count_once", "cw_manage:1"),
    ]


def test_a_chain_of_evidence_is_told(tmp_path: Path) -> None:
    """Two configurations that share nothing are one box through an agent; the row says so."""
    mac = "3C-52-82-AA-BB-01"
    found = rows(
        tmp_path,
        record("cw_manage", "1", serial="5CG1234ABC"),
        record("cw_manage", "2", macs=[mac]),
        record("cw_rmm", "a", serial="5CG1234ABC", macs=[mac]),
    )

    [inside] = [row for row in found if row["scope"] == "inside"]
    assert "cw_manage:2 and cw_rmm:a: same MAC 3C:52:82:AA:BB:01" in inside["evidence"]
    assert "cw_rmm:a and cw_manage:1: same serial 5CG1234ABC" in inside["evidence"]


def test_records_minus_surplus_are_the_devices(tmp_path: Path) -> None:
    """The totals add up, so that an invoice can stand on them."""
    records = [record(p, f"{n}", serial=f"5CG1234AB{n}") for p in ("cw_manage", "cw_rmm", "ninjaone") for n in range(4)]
    records += [record("cw_manage", f"1{n}", serial=f"5CG1234AB{n}") for n in range(2)]

    totals = json.loads(report("duplicates", world_of(tmp_path, *records), wanted=ReportRequest(all=True)))["totals"]

    assert totals == {
        "records": 14,
        "surplus": 10,
        "devices": 4,
        "inside": 2,
        "across": 8,
        "out_of_use": 0,
        "billed_twice": 2.0,
    }


@pytest.mark.parametrize("name", ["duplicates", "coverage"])
def test_a_report_does_not_depend_on_the_order_of_arrival(tmp_path: Path, name: str) -> None:
    """The same records make the same rows, whichever came first."""
    records = [
        record(provider, f"{n}", serial=f"5CG1234AB{n}", company=f"Acme {n % 2}", hostname=f"BOX-{n % 3}")
        for provider in ("cw_manage", "cw_rmm", "edr")
        for n in range(5)
    ]
    seen = set()
    for seed in range(3):
        random.Random(seed).shuffle(records)
        whole = json.loads(report(name, world_of(tmp_path / str(seed), *records), wanted=ReportRequest(all=True)))
        seen.add(json.dumps([{**row, "device_id": ""} for row in whole["rows"]]))

    assert len(seen) == 1


def work(
    tmp_path: Path, *records: dict[str, Any], wanted: ReportRequest | None = None, rules: ReportRules | None = None
) -> list[dict[str, Any]]:
    """Return the rows that ask somebody to do something."""
    world = world_of(tmp_path, *records)
    whole = json.loads(report("duplicates", world, wanted=wanted or ReportRequest(), rules=rules or ReportRules()))
    found: list[dict[str, Any]] = whole["rows"]
    return found


def test_only_what_asks_for_something_is_a_row(tmp_path: Path) -> None:
    """Neither a record of another provider nor a configuration that is out of use; both are counted."""
    fleet = [
        record("cw_manage", "1", **SERIAL),
        record("cw_manage", "2", **SERIAL, status="Retired"),
        record("cw_manage", "3", **SERIAL),
        record("cw_rmm", "a", **SERIAL),
    ]

    whole = json.loads(report("duplicates", world_of(tmp_path, *fleet)))

    assert [row["record_id"] for row in whole["rows"]] == ["3"]
    assert {name: whole["totals"][name] for name in ("inside", "across", "out_of_use", "billed_twice")} == {
        "inside": 2,
        "across": 1,
        "out_of_use": 1,
        "billed_twice": 1.0,
    }


def test_an_agent_that_is_out_of_use_is_still_to_be_removed(tmp_path: Path) -> None:
    """An RMM bills its rows, also those of a machine that was installed anew."""
    [row] = work(tmp_path, record("cw_rmm", "1", **SERIAL, active=False), record("cw_rmm", "2", **SERIAL))

    assert (row["record_id"], row["billed_twice"]) == ("1", 0.0)


def twice(provider: str, number: int, **fields: Any) -> list[dict[str, Any]]:
    """Return two records of one box."""
    said = {"serial": f"5CG1234AB{number}", "hostname": f"acme-{number}", **fields}
    return [record(provider, f"{number}{place}", **said) for place in "12"]


def test_the_most_worth_comes_first(tmp_path: Path) -> None:
    """What is billed twice for a device in use, by weight; then for others; then agents in use; then the others."""
    seen = "2026-11-20T08:00:00Z"
    fleet = [
        *twice("ninjaone", 1, active=False),
        *twice("ninjaone", 2),
        *twice("cw_manage", 3),
        *twice("cw_manage", 4, company="Beta"),
        record("cw_rmm", "b", serial="5CG1234AB4", hostname="acme-4", company="Beta", last_seen=seen),
        *twice("cw_manage", 5, type="Server", company="Zeta"),
        record("cw_rmm", "c", serial="5CG1234AB5", hostname="acme-5", type="Server", company="Zeta", last_seen=seen),
        *twice("ninjaone", 5, company="Zeta"),
    ]

    found = work(tmp_path, *fleet, rules=ReportRules(weights={"server": 2.0}))

    assert [(row["hostname"], row["provider"], row["billed_twice"]) for row in found] == [
        ("acme-5", "cw_manage", 2.0),
        ("acme-5", "ninjaone", 0.0),
        ("acme-4", "cw_manage", 1.0),
        ("acme-3", "cw_manage", 1.0),
        ("acme-2", "ninjaone", 0.0),
        ("acme-1", "ninjaone", 0.0),
    ]


def test_the_settings_say_who_is_billed(tmp_path: Path) -> None:
    """A provider that plays the role of a PSA counts as one."""
    [row] = work(tmp_path, *twice("hudu", 1), rules=ReportRules(roles={"hudu": FeedRole.PSA}))

    assert row["billed_twice"] == 1.0


def test_both_configurations_are_linked(tmp_path: Path) -> None:
    """Where the address of the PSA is known; no agent has one."""
    rules = ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}"))

    psa, agent = work(tmp_path, *twice("cw_manage", 1), *twice("cw_rmm", 2), rules=rules)

    assert (psa["link"], psa["keep_link"]) == ("https://psa.example/12", "https://psa.example/11")
    assert (agent["link"], agent["keep_link"]) == (None, None)


def narrowed(world: World, wanted: ReportRequest) -> dict[str, Any]:
    """Return the totals under some filters, which are the same whether all rows are listed or not."""
    found = [
        json.loads(report("duplicates", world, wanted=replace(wanted, all=all_)))["totals"] for all_ in (False, True)
    ]
    assert found[0] == found[1]
    totals: dict[str, Any] = found[0]
    return totals


FILTERS = {
    "none": ReportRequest(),
    "company": ReportRequest(company="acme"),
    "type": ReportRequest(type="Server"),
    "provider": ReportRequest(provider="cw_manage"),
    "two": ReportRequest(provider="cw_rmm", type="server"),
}


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=list(FILTERS))
def test_totals_are_the_same_counted_by_the_database_and_one_by_one(tmp_path: Path, wanted: ReportRequest) -> None:
    """A key that is bound to all customers sees every device, and these are counted as they are read."""
    fleet = [
        *twice("cw_manage", 1),
        *twice("cw_rmm", 1),
        *twice("cw_manage", 2, type="Server"),
        *twice("cw_rmm", 3, type="Server", company="Beta"),
        record("ninjaone", "x", serial="5CG1234AB3", type="Server", company="Beta"),
        record("ninjaone", "y", serial="5CG9999XYZ"),
    ]
    world = world_of(tmp_path, *({**each, "company_id": each["company"]} for each in fleet))
    everyone = [Customer(p, c) for p in ("cw_manage", "cw_rmm", "ninjaone") for c in ("Acme", "Beta")]

    totals = narrowed(world, wanted)

    assert totals == narrowed(world.acting(None, Visibility(frozenset(everyone))), wanted)
    assert totals["records"] - totals["surplus"] == totals["devices"] > 0


def test_a_provider_is_shown_its_own_rows_alone(tmp_path: Path) -> None:
    """Whoever cleans the PSA has no use for another system's records."""
    wanted = ReportRequest(provider="cw_manage")

    found = work(tmp_path, *twice("cw_manage", 1), *twice("cw_rmm", 1), wanted=wanted)

    assert [row["provider"] for row in found] == ["cw_manage"]


def test_no_question_is_asked_for_a_single_device(tmp_path: Path) -> None:
    """However many there are, the database is asked as often."""
    asked = []
    for size in (2, 12):
        world = world_of(tmp_path / str(size), *(row for n in range(size) for row in twice("cw_manage", n)))
        with collected(world.store) as seen:
            report("duplicates", world)
        asked.append(len(seen))

    assert asked[0] == asked[1]
