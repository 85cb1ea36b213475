"""Surplus records: each named once, with the one to keep and a reason that a person can check."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from service.reports.context import ReportRequest
from tests.service.reports.fleets import record, report, world_of

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

    assert totals == {"records": 14, "surplus": 10, "devices": 4, "inside": 2, "across": 8}


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
