"""What one side lists and the other does not."""

import json
from pathlib import Path
from typing import Any

from service.reports.context import ReportRequest
from service.reports.rules import ReportRules
from tests.service.reports.fleets import record, report, world_of

BOTH = {"serial": "5CG1234ABC", "hostname": "acme-both"}
ONLY_RMM = {"serial": "5CG5678DEF", "hostname": "acme-rmm"}
ONLY_PSA = {"serial": "5CG9012GHI", "hostname": "acme-psa"}
FLEET = [
    record("cw_manage", "1", **BOTH),
    record("cw_rmm", "a", **BOTH),
    record("ninjaone", "x", **ONLY_RMM),
    record("cw_manage", "2", **ONLY_PSA),
]


def covered(tmp_path: Path, *records: dict[str, Any], rules: ReportRules | None = None) -> dict[str, Any]:
    """Return the report over some records."""
    world = world_of(tmp_path, *records)
    whole: dict[str, Any] = json.loads(
        report("coverage", world, wanted=ReportRequest(all=True), rules=rules or ReportRules())
    )
    return whole


def test_each_gap_is_named(tmp_path: Path) -> None:
    """In both: covered. Agent alone: unbilled. Configuration alone: unmanaged."""
    rows = {row["hostname"]: row for row in covered(tmp_path, *FLEET)["rows"]}

    assert {name: (row["gap"], row["missing"], row["providers"]) for name, row in rows.items()} == {
        "acme-both": (None, None, "cw_manage, cw_rmm"),
        "acme-rmm": ("unbilled", "psa", "ninjaone"),
        "acme-psa": ("unmanaged", "rmm", "cw_manage"),
    }
    assert rows["acme-rmm"]["finding"] == "managed, not billed: in use in ninjaone:x"
    assert rows["acme-psa"]["psa_records"] == "cw_manage:2"


def test_the_totals_add_up_by_company_and_type(tmp_path: Path) -> None:
    """The groups stand in the order of the rows, and sum to the whole."""
    server = record("cw_manage", "9", serial="5CG7777XYZ", type="Server", company="Beta")

    totals = covered(tmp_path, *FLEET, server)["totals"]

    assert [(group["company"], group["type"], group["devices"]) for group in totals["groups"]] == [
        ("Acme", "Laptop", 3),
        ("Beta", "Server", 1),
    ]
    for count in ("devices", "covered", "unbilled", "unmanaged"):
        assert totals[count] == sum(group[count] for group in totals["groups"])
    assert totals["devices"] == totals["covered"] + totals["unbilled"] + totals["unmanaged"] == 4


def test_a_retired_configuration_does_not_cover_an_agent(tmp_path: Path) -> None:
    """The PSA still has the record, but bills nothing for it: the device is unbilled, and the record is named."""
    retired = record("cw_manage", "7", **ONLY_RMM, status="Retired")

    row = next(row for row in covered(tmp_path, *FLEET, retired)["rows"] if row["hostname"] == "acme-rmm")

    assert row["gap"] == "unbilled"
    assert row["finding"] == "managed, not billed: in use in ninjaone:x; not in use: cw_manage:7"


def test_what_nobody_uses_is_only_counted(tmp_path: Path) -> None:
    """A device without a record in use has no row, and is not lost from the totals."""
    gone = record("cw_manage", "8", serial="5CG0000OLD", hostname="acme-old", active=False)

    whole = covered(tmp_path, *FLEET, gone)

    assert "acme-old" not in {row["hostname"] for row in whole["rows"]}
    assert whole["totals"]["out_of_use"] == 1


def test_a_feed_that_did_not_come_is_no_gap(tmp_path: Path) -> None:
    """Without a single record of the PSA nobody is told that the whole fleet is unbilled."""
    whole = covered(tmp_path, *[row for row in FLEET if row["provider"] != "cw_manage"])

    assert "was it synced?" in whole["totals"]["note"]
    assert {row["gap"] for row in whole["rows"]} == {None}
    assert {row["missing"] for row in whole["rows"]} == {"psa"}


def test_the_settings_say_who_is_the_psa(tmp_path: Path) -> None:
    """Another system may keep the bills."""
    rules = ReportRules(psa_providers=frozenset({"ninjaone"}))

    rows = {row["hostname"]: row["gap"] for row in covered(tmp_path, *FLEET, rules=rules)["rows"]}

    assert rows == {"acme-both": "unbilled", "acme-rmm": "unmanaged", "acme-psa": "unbilled"}
